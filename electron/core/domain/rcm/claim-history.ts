import type { House } from '../house.ts';
import { isClaimClosed, isDenialClosed } from './progress.ts';
import type { ClaimState, DenialState, DenialStatus } from './state.ts';

/** A claim with all that is known of it: its own steps, and those of its denials. */
export interface ClaimHistory {
  readonly payer?: string | undefined;
  readonly specialty?: string | undefined;
  readonly openedAt?: number | undefined;
  /** In order; of one moment the denial first, as a remittance that pays in part and denies in part denies. */
  readonly steps: ClaimState['steps'];
  /** The claim's own steps, without those of its denials. */
  readonly own: ClaimState['steps'];
  readonly denials: readonly DenialState['steps'][];
}

/** What a step of a denial is to its claim. An appeal or an upheld denial is no other denial. */
const AS_STEP: Readonly<Record<DenialStatus, string>> = {
  received: 'denied', appealed: 'appealed', upheld: 'denial-upheld', overturned: 'denial-overturned', 'written-off': 'written-off',
};

function joined(house: House, id: string, claim: ClaimState | undefined): ClaimHistory {
  const steps: ClaimState['steps'] = [];
  const denials: DenialState['steps'][] = [];
  let payer = claim?.payer;
  for (const denial of house.denialsOfClaim(id)) {
    const { steps: own, payer: of } = house.get('denial', denial)!;
    for (const { status, at } of own) steps.push({ status: AS_STEP[status], at });
    denials.push(own);
    payer ??= of;
  }
  if (claim) steps.push(...claim.steps);
  return { payer, specialty: claim?.specialty, openedAt: claim?.openedAt, steps: steps.sort((a, b) => a.at - b.at), own: claim?.steps ?? [], denials };
}

const isFrom = ({ steps }: { readonly steps: ClaimState['steps'] }, from: number) => (steps.at(-1)?.at ?? -Infinity) >= from;

/**
 * Claims that were open at `since` (epoch ms) or later, or, without `open`, those to which something happened from then
 * on; by themselves or by a denial. A remittance advice (X12 835) may deny a claim of which nobody else says so, or
 * which nobody else speaks of.
 */
export function* claimsSince(house: House, since: number, { open }: { readonly open: boolean }): Generator<ClaimHistory> {
  const denied = new Set<string>();
  for (const denial of house.since('denial', since)) if (open || isFrom(denial, since)) denied.add(denial.claim);
  for (const [id, claim] of house.entriesSince('claim', since)) {
    if (house.denialsOfClaim(id).size === 0) {
      if (open || isFrom(claim, since)) yield { ...claim, own: claim.steps, denials: [] };
    } else if (denied.delete(id) || open || isFrom(claim, since)) yield joined(house, id, claim);
  }
  for (const id of denied) yield joined(house, id, house.get('claim', id));
}

/**
 * Whether something is left to do about a claim at a time (epoch ms). Each of its denials keeps it open until it is
 * overturned or written off, or the claim itself is closed after it; else the newest step decides, the claim's own or a
 * denial's. Where the history begins later, the first step that was seen opens it.
 */
export function isOpenAt({ own, denials }: Pick<ClaimHistory, 'own' | 'denials'>, at: number): boolean {
  const step = own.findLast((one) => one.status !== 'changed' && one.at <= at);
  const closedAt = step && isClaimClosed(step.status) ? step.at : -Infinity;
  const last = denials.flatMap((steps) => steps.findLast((one) => one.at <= at) ?? []);
  if (last.some((one) => !isDenialClosed(one.status) && one.at >= closedAt)) return true;
  const begun = own[0] !== undefined && own[0].at <= at;
  return begun && closedAt === -Infinity && last.every((one) => step !== undefined && one.at < step.at);
}
