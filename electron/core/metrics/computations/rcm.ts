import type { ClaimState } from '../../domain/rcm/state.ts';
import { hasHappened, inWindow, known, share, unknown, type Context, type SamplesOf, type ValueOf } from '../context.ts';
import { DAY, Durations } from '../durations.ts';

const CLOSED: ReadonlySet<string> = new Set(['billed', 'accepted', 'paid', 'deleted', 'invoice-cancelled']);
const REWORK: ReadonlySet<string> = new Set(['rejected', 'coding-incomplete', 'coding-error', 'reopened', 'invoice-cancelled']);
const DECISION: ReadonlySet<string> = new Set(['paid', 'denied']);
const NO_DECISION = 'no payment and no denial has been reported for the scope';

function claims({ house, scope }: Context): ClaimState[] {
  return [...house.all('claim').values()].filter(
    (claim) => (scope.payer ?? claim.payer) === claim.payer && (scope.specialty ?? claim.specialty) === claim.specialty,
  );
}

/** Answers from the claims of the scope; unknown when there are none. */
const from =
  (answer: (c: Context, all: ClaimState[]) => ReturnType<ValueOf>): ValueOf =>
  (c) => {
    const all = claims(c);
    return all.length === 0 ? unknown('no claim of the scope has been reported') : answer(c, all);
  };

const firstStep = (claim: ClaimState, statuses: ReadonlySet<string>) => claim.steps.find(({ status }) => statuses.has(status));
const BILLED: ReadonlySet<string> = new Set(['billed']);

const open = from((c, all) =>
  known(
    all.filter(({ openedAt, steps }) => {
      const last = steps.findLast(({ status, at }) => status !== 'changed' && at <= c.at);
      return hasHappened(c, openedAt) && !CLOSED.has(last?.status ?? '');
    }).length,
  ),
);

const submitted = from((c, all) =>
  known(all.filter((claim) => claim.steps.some(({ status, at }) => status === 'billed' && inWindow(c, at))).length),
);

const decides = (claim: ClaimState) => firstStep(claim, DECISION) !== undefined;

const denied = from((c, all) =>
  all.some(decides)
    ? known(all.filter((claim) => claim.steps.some(({ status, at }) => status === 'denied' && inWindow(c, at))).length)
    : unknown(NO_DECISION),
);

const initialDenialRate = from((c, all) => {
  const first = all.flatMap((claim) => firstStep(claim, DECISION) ?? []).filter(({ at }) => inWindow(c, at));
  return share(first.filter(({ status }) => status === 'denied').length, first.length, all.some(decides) ? 'no claim was first decided in the window' : NO_DECISION);
});

const cleanClaimRate = from((c, all) => {
  const billed = all.filter((claim) => inWindow(c, firstStep(claim, BILLED)?.at));
  const clean = billed.filter((claim) => !firstStep(claim, REWORK) && claim.steps.filter(({ status }) => status === 'billed').length === 1);
  return share(clean.length, billed.length, 'no claim was first billed in the window');
});

const cycleDays: SamplesOf = (c) => {
  const durations = new Durations(c, DAY);
  for (const claim of claims(c)) durations.add(claim.openedAt, firstStep(claim, BILLED)?.at);
  return durations.done();
};

export const rcmValues = {
  'rcm.claims_open': open,
  'rcm.claims_submitted': submitted,
  'rcm.claims_denied': denied,
  'rcm.initial_denial_rate': initialDenialRate,
  'rcm.clean_claim_rate': cleanClaimRate,
} satisfies Record<string, ValueOf>;

export const rcmSamples = { 'rcm.claim_cycle_days': cycleDays } satisfies Record<string, SamplesOf>;
