import type { MetricDefinition } from '../definition.ts';

const byPriority = {
  'priority=STAT': { warn: 60, crit: 90 },
  'priority=ROUTINE': { warn: 240, crit: 480 },
} as const;
const count = { kind: 'gauge', unit: 'orders', scopes: ['priority', 'test'], direction: 'none', source: 'Vigil' } as const;
const order = ['lab.order-created@time', 'lab.order-created.priority', 'lab.order-created.test', 'lab.result-reported@time', 'lab.order-cancelled@time'] as const;

export const labMetrics: readonly MetricDefinition[] = [
  {
    ...count,
    id: 'lab.pending',
    title: 'Lab orders pending',
    short: 'Lab pending',
    detail: 'no result yet',
    formula: 'Orders created, without a final result and not cancelled. Unknown while no order is reported.',
    inputs: order,
  },
  {
    ...count,
    id: 'lab.overdue',
    title: 'Lab results overdue',
    formula: 'Pending orders whose specimen was collected longer ago than the turnaround target of their priority. Orders of a priority without target are not judged.',
    inputs: [...order, 'lab.specimen-collected@time', 'site.thresholds'],
  },
  {
    id: 'lab.turnaround',
    title: 'Lab turnaround (collected to reported)',
    short: 'Lab',
    detail: 'collected to reported',
    kind: 'distribution',
    unit: 'min',
    scopes: ['priority', 'test'],
    formula: 'Specimen collected (charted) to result reported, one sample a result. Share within target only where all samples have one target.',
    inputs: [
      'lab.specimen-collected@time', 'lab.result-reported@time', 'lab.result-reported.priority', 'lab.result-reported.test',
    ],
    source: 'Hawkins 2007 (90 % of STAT within 60 min)',
    direction: 'high',
    byScope: byPriority,
  },
  {
    id: 'lab.order_turnaround',
    title: 'Lab turnaround (ordered to reported)',
    short: 'Lab',
    detail: 'ordered to reported',
    kind: 'distribution',
    unit: 'min',
    scopes: ['priority', 'test'],
    formula: 'Order created to result reported, one sample a result.',
    inputs: ['lab.order-created@time', 'lab.result-reported@time', 'lab.result-reported.priority', 'lab.result-reported.test'],
    source: 'CAP Q-Probes QT15',
    direction: 'none',
  },
];
