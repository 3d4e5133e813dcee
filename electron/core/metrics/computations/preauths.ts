import { isPendingAt } from '../../domain/rcm/progress.ts';
import type { PreauthState } from '../../domain/rcm/state.ts';
import { known, unknown, type Context, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations, HOUR } from '../durations.ts';

const inScope = ({ scope }: Context, { payer }: PreauthState) => (scope.payer ?? payer) === payer;

const pending: ValueOf = (c) => {
  const isRequest = (preauth: PreauthState) => inScope(c, preauth) && preauth.requests.some(({ requestedAt }) => requestedAt !== undefined);
  if (!c.house.some('preauth', `requested ${c.scope.payer}`, isRequest)) return unknown('no prior authorisation request has been reported for the scope');
  let count = 0;
  for (const preauth of c.house.since('preauth', c.at)) {
    if (inScope(c, preauth) && preauth.requests.some((request) => isPendingAt(request, c.at))) count += 1;
  }
  return known(count);
};

const turnaroundHours: SamplesOf = (c) => {
  const durations = new Durations(c, HOUR);
  for (const preauth of c.house.since('preauth', c.from)) {
    if (!inScope(c, preauth)) continue;
    for (const { requestedAt, decidedAt } of preauth.requests) durations.add(requestedAt, decidedAt);
  }
  return durations.done();
};

export const preauthValues = { 'rcm.preauth_pending': pending } satisfies Record<string, ValueOf>;
export const preauthSamples = { 'rcm.preauth_turnaround_hours': turnaroundHours } satisfies Record<string, SamplesOf>;
