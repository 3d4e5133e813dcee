import { claimsSince, isOpenAt, type ClaimHistory } from '../../domain/rcm/claim-history.ts';
import { inWindow, known, share, unknown, type Context, type SamplesOf, type ValueOf } from '../context.ts';
import { DAY, Durations } from '../durations.ts';

const REWORK: ReadonlySet<string> = new Set(['rejected', 'coding-incomplete', 'coding-error', 'reopened', 'invoice-cancelled']);
const DECISION: ReadonlySet<string> = new Set(['paid', 'denied']);
const BILLED: ReadonlySet<string> = new Set(['billed']);
const NO_DECISION = 'no payment and no denial has been reported for the scope';

type Told = Pick<ClaimHistory, 'payer' | 'specialty'>;
const inScope = ({ scope }: Context, { payer, specialty }: Told) => (scope.payer ?? payer) === payer && (scope.specialty ?? specialty) === specialty;

const named = ({ scope }: Context, question: string) => `${question} ${scope.payer}/${scope.specialty}`;

const isReported = (c: Context) => c.house.some('claim', named(c, 'claim'), (claim) => inScope(c, claim)) || isDenialReported(c);

/** A denial names no specialty: one of the payer shows that denials are reported. */
const isDenialReported = (c: Context) => c.house.some('denial', named(c, 'denial'), ({ payer }) => (c.scope.payer ?? payer) === payer);

const isDecisionReported = (c: Context) =>
  isDenialReported(c) || c.house.some('claim', named(c, 'decided'), (claim) => inScope(c, claim) && firstStep(claim, DECISION) !== undefined);

/** Claims of the scope to which something happened in the window (`from`), or that may be open at the moment (`at`). */
function* claims(c: Context, since: 'from' | 'at'): Generator<ClaimHistory> {
  for (const claim of claimsSince(c.house, c[since], { open: since === 'at' })) if (inScope(c, claim)) yield claim;
}

/** Counts claims of the scope; unknown when none was ever reported. */
const counted =
  (since: 'from' | 'at', counts: (c: Context, claim: ClaimHistory) => boolean): ValueOf =>
  (c) => {
    if (!isReported(c)) return unknown('no claim of the scope has been reported');
    let count = 0;
    for (const claim of claims(c, since)) if (counts(c, claim)) count += 1;
    return known(count);
  };

const firstStep = ({ steps }: Pick<ClaimHistory, 'steps'>, statuses: ReadonlySet<string>) => steps.find(({ status }) => statuses.has(status));
const hasStep = (c: Context, { steps }: ClaimHistory, which: string) => steps.some(({ status, at }) => status === which && inWindow(c, at));

const open = counted('at', (c, claim) => isOpenAt(claim, c.at));

const denied = counted('from', (c, claim) => hasStep(c, claim, 'denied'));

const initialDenialRate: ValueOf = (c) => {
  if (!isDecisionReported(c)) return unknown(isReported(c) ? NO_DECISION : 'no claim of the scope has been reported');
  let decided = 0;
  let deniedAtOnce = 0;
  for (const claim of claims(c, 'from')) {
    const first = firstStep(claim, DECISION);
    if (!inWindow(c, first?.at)) continue;
    decided += 1;
    if (first!.status === 'denied') deniedAtOnce += 1;
  }
  return share(deniedAtOnce, decided, 'no claim was first decided in the window');
};

const cleanClaimRate: ValueOf = (c) => {
  let billed = 0;
  let clean = 0;
  for (const claim of claims(c, 'from')) {
    if (!inWindow(c, firstStep(claim, BILLED)?.at)) continue;
    billed += 1;
    if (!firstStep(claim, REWORK) && claim.steps.filter(({ status }) => status === 'billed').length === 1) clean += 1;
  }
  return share(clean, billed, isReported(c) ? 'no claim was first billed in the window' : 'no claim of the scope has been reported');
};

const cycleDays: SamplesOf = (c) => {
  const durations = new Durations(c, DAY);
  for (const claim of claims(c, 'from')) durations.add(claim.openedAt, firstStep(claim, BILLED)?.at);
  return durations.done();
};

export const claimValues = {
  'rcm.claims_open': open,
  'rcm.claims_submitted': counted('from', (c, claim) => hasStep(c, claim, 'billed')),
  'rcm.claims_denied': (c) => (isReported(c) && !isDecisionReported(c) ? unknown(NO_DECISION) : denied(c)),
  'rcm.initial_denial_rate': initialDenialRate,
  'rcm.clean_claim_rate': cleanClaimRate,
} satisfies Record<string, ValueOf>;

export const claimSamples = { 'rcm.claim_cycle_days': cycleDays } satisfies Record<string, SamplesOf>;
