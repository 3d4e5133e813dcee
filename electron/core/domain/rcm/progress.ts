import type { PreauthRequest, PreauthState } from './state.ts';

/** Whether a request waits for the payer at a time (epoch ms). Requests whose beginning nobody told wait for nobody. */
export const isPendingAt = ({ requestedAt, decidedAt, withdrawnAt }: PreauthRequest, at: number): boolean =>
  requestedAt !== undefined && requestedAt <= at && !(decidedAt !== undefined && decidedAt <= at) && !(withdrawnAt !== undefined && withdrawnAt <= at);

/** Whether the last request of an authorisation is neither decided nor withdrawn. */
export function isAwaitingDecision({ requests }: PreauthState): boolean {
  const last = requests.at(-1);
  return last !== undefined && last.decidedAt === undefined && last.withdrawnAt === undefined;
}
