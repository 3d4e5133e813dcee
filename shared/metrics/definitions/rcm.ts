import type { MetricDefinition } from '../definition.ts';

const claim = ['rcm.claim-status-changed.status', 'rcm.claim-status-changed@time', 'rcm.claim-status-changed.payer'] as const;
const decisions = [...claim, 'rcm.denial-status-changed.status', 'rcm.denial-status-changed.claim', 'rcm.denial-status-changed@time', 'rcm.denial-status-changed.payer'] as const;
const revenue = (of: 'gross' | 'net') => [`rcm.revenue-reported.${of}Revenue`, 'rcm.revenue-reported.day', 'rcm.revenue-reported.payer', 'site.timezone'];
const average = 'Revenue is the mean of the reported days of the last 90; a payer that a day told by payers does not name had none on it';
/** Age groups of receivables, days since discharge. */
export const AR_BUCKETS = ['0-30', '31-60', '61-90', '91-120', '120+'] as const;
const preauth = ['rcm.preauth-status-changed.status', 'rcm.preauth-status-changed@time', 'rcm.preauth-status-changed.payer'] as const;
const scopes = ['payer', 'specialty'] as const;
const count = { kind: 'count', unit: 'claims', scopes, direction: 'none', inputs: claim, source: 'HFMA MAP Keys' } as const;

export const rcmMetrics: readonly MetricDefinition[] = [
  {
    id: 'rcm.preauth_pending',
    title: 'Authorisations pending',
    kind: 'gauge',
    unit: 'requests',
    scopes: ['payer'],
    formula: 'Prior authorisations requested and not decided or withdrawn. One whose decision the payer takes back is pending again. Unknown while no request is reported.',
    inputs: preauth,
    source: 'CMS-0057-F',
    direction: 'none',
  },
  {
    id: 'rcm.preauth_turnaround_hours',
    title: 'Authorisation turnaround',
    kind: 'distribution',
    unit: 'h',
    scopes: ['payer'],
    formula: 'Prior authorisation requested to first decided (approved or denied), one sample a request.',
    inputs: preauth,
    source: 'CMS-0057-F (72 h urgent, 7 days standard)',
    direction: 'high',
    warn: 72,
    crit: 168,
  },
  {
    ...count,
    id: 'rcm.claims_open',
    title: 'Claims open',
    kind: 'gauge',
    formula:
      'Claims whose last step is not billed, accepted, paid, deleted or invoice cancelled (a mere change is no step), from the first step that was seen. '
      + 'Each denial opens its claim again until it is overturned or written off, or the claim is paid after it.',
    inputs: decisions,
  },
  { ...count, id: 'rcm.claims_submitted', title: 'Claims submitted', formula: 'Claims billed at least once in the window, each counted once.' },
  {
    ...count,
    id: 'rcm.claims_denied',
    title: 'Claims denied',
    formula: 'Claims denied at least once in the window, each counted once, also when the denial was overturned. Unknown while no payment and no denial is reported.',
    inputs: decisions,
  },
  {
    id: 'rcm.initial_denial_rate',
    title: 'Initial denial rate',
    kind: 'rate',
    unit: '%',
    scopes,
    formula: 'Claims denied at their first decision / claims first decided (paid or denied) in the window. An overturned denial was one.',
    inputs: [...decisions, 'rcm.claim-status-changed.specialty'],
    source: 'HFMA MAP Keys',
    direction: 'high',
    warn: 0.05,
    crit: 0.1,
    scale: [0, 0.2],
  },
  {
    id: 'rcm.clean_claim_rate',
    title: 'Clean claim rate',
    kind: 'rate',
    unit: '%',
    scopes,
    formula:
      'Claims billed without a rejection or rework / claims first billed in the window. Rejection or rework: rejected, coding incomplete or in error, '
      + 'reopened, invoice cancelled, or billed again.',
    inputs: claim,
    source: 'HFMA MAP Keys',
    direction: 'low',
    warn: 0.95,
    crit: 0.9,
    scale: [0, 1],
  },
  {
    id: 'rcm.claim_cycle_days',
    title: 'Claim cycle',
    kind: 'distribution',
    unit: 'd',
    scopes,
    formula: 'Claim opened to first billed.',
    inputs: [...claim, 'rcm.claim-status-changed.specialty'],
    source: 'Vigil',
    direction: 'none',
  },
  {
    id: 'rcm.dnfb_days',
    title: 'Discharged, not final billed',
    kind: 'gauge',
    unit: 'd',
    scopes: [],
    formula: `Discharged-not-final-billed gross / average daily gross revenue. ${average}. Unknown while either is not reported, or the first not by every payer.`,
    inputs: ['rcm.ar-balance-reported.dischargedNotFinalBilledGross', ...revenue('gross')],
    source: 'HFMA MAP Keys',
    direction: 'high',
    warn: 5,
    crit: 7,
  },
  {
    id: 'rcm.ar_days',
    title: 'Days in accounts receivable',
    kind: 'gauge',
    unit: 'd',
    scopes: ['payer'],
    formula: `Net accounts receivable / average daily net patient service revenue, of one payer both of it. ${average}. A payer that the reports have left out since is not counted. Unknown while either is not reported.`,
    inputs: ['rcm.ar-balance-reported.buckets', 'rcm.ar-balance-reported.payer', ...revenue('net')],
    source: 'HFMA MAP Keys',
    direction: 'high',
    warn: 50,
    crit: 60,
  },
  {
    id: 'rcm.ar_aging',
    title: 'Accounts receivable by age',
    kind: 'gauge',
    unit: 'money',
    scopes: ['payer', 'bucket'],
    formula: 'Net accounts receivable of the age bucket (0-30, 31-60, 61-90, 91-120, over 120 days since discharge); all buckets without one. A payer that the reports have left out since is not counted.',
    inputs: ['rcm.ar-balance-reported.buckets', 'rcm.ar-balance-reported.payer'],
    source: 'HFMA MAP Keys',
    direction: 'none',
  },
];
