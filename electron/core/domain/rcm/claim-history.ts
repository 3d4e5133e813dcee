import type { House } from '../house.ts';
import type { ClaimState, DenialState, DenialStatus } from './state.ts';

/** A claim with all that is known of it: its own steps, and those of its denials. */
export interface ClaimHistory {
  readonly payer?: string | undefined;
  readonly specialty?: string | undefined;
  readonly openedAt?: number | undefined;
  /** In order; of one moment the denial first, as a remittance that pays in part and denies in part denies. */
  readonly steps: ClaimState['steps'];
}

/** What a step of a denial is to its claim. An appeal or an upheld denial is no other denial. */
const AS_STEP: Readonly<Record<DenialStatus, string>> = {
  received: 'denied', appealed: 'appealed', upheld: 'denial-upheld', overturned: 'denial-overturned', 'written-off': 'written-off',
};

function joined(claim: ClaimState | undefined, denials: readonly DenialState[]): ClaimHistory {
  const denied = denials.flatMap(({ steps }) => steps.map(({ status, at }) => ({ status: AS_STEP[status], at })));
  const steps = [...denied, ...(claim?.steps ?? [])].sort((a, b) => a.at - b.at);
  return { payer: claim?.payer ?? denials.find(({ payer }) => payer !== undefined)?.payer, specialty: claim?.specialty, openedAt: claim?.openedAt, steps };
}

const denialsOf = (house: House, claim: string): DenialState[] => [...house.denialsOfClaim(claim)].map((id) => house.get('denial', id)!);

/**
 * Claims that were not over before `since` (epoch ms), by themselves or by a denial. A remittance advice (X12 835)
 * may deny a claim of which nobody else says so, or which nobody else speaks of.
 */
export function* claimsSince(house: House, since: number): Generator<ClaimHistory> {
  for (const [id, claim] of house.since('claim', since)) {
    const denials = house.denialsOfClaim(id);
    yield denials.size === 0 ? claim : joined(claim, denialsOf(house, id));
  }
  const others = new Set<string>();
  for (const [, { claim }] of house.since('denial', since)) others.add(claim);
  if (others.size === 0) return;
  for (const [id] of house.since('claim', since)) others.delete(id);
  for (const id of others) yield joined(house.get('claim', id), denialsOf(house, id));
}
