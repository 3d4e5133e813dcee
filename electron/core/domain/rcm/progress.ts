import type { DenialStatus, PreauthRequest, PreauthState } from './state.ts';

const CLOSED_CLAIM: ReadonlySet<string> = new Set(['billed', 'accepted', 'paid', 'deleted', 'invoice-cancelled']);
const CLOSED_DENIAL: ReadonlySet<DenialStatus> = new Set(['overturned', 'written-off']);

/** Whether a claim with this step behind it has nothing left to do but to wait for the money, or nothing at all. */
export const isClaimClosed = (status: string): boolean => CLOSED_CLAIM.has(status);

/** Whether the status is the last word on a denial. */
export const isDenialClosed = (status: DenialStatus): boolean => CLOSED_DENIAL.has(status);

/** Whether a request waits for the payer at a time (epoch ms). Requests whose beginning nobody told wait for nobody. */
export const isPendingAt = ({ requestedAt, decidedAt, withdrawnAt }: PreauthRequest, at: number): boolean =>
  requestedAt !== undefined && requestedAt <= at && !(decidedAt !== undefined && decidedAt <= at) && !(withdrawnAt !== undefined && withdrawnAt <= at);

/** Whether the last request of an authorisation is neither decided nor withdrawn. */
export function isAwaitingDecision({ requests }: PreauthState): boolean {
  const last = requests.at(-1);
  return last !== undefined && last.decidedAt === undefined && last.withdrawnAt === undefined;
}
