import type { MetricDefinition } from '../definition.ts';

const scopes = ['pharmacy', 'priority'] as const;
const inputs = ['pharmacy.order-queued@time', 'pharmacy.order-queued.pharmacy', 'pharmacy.order-queued.priority', 'pharmacy.dispensed@time'] as const;

export const pharmacyMetrics: readonly MetricDefinition[] = [
  {
    id: 'pharmacy.backlog',
    title: 'Pharmacy backlog',
    kind: 'gauge',
    unit: 'orders',
    scopes,
    formula: 'Orders queued, not dispensed and not cancelled. Unknown while no order is reported.',
    inputs: [...inputs, 'pharmacy.order-cancelled@time'],
    source: 'Vigil',
    direction: 'none',
  },
  {
    id: 'pharmacy.turnaround',
    title: 'Pharmacy turnaround (queued to dispensed)',
    short: 'Pharmacy',
    detail: 'queued to dispensed',
    kind: 'distribution',
    unit: 'min',
    scopes,
    formula: 'Order queued to dispensed, one sample each time it was queued.',
    inputs,
    source: 'Common practice',
    direction: 'high',
    byScope: { 'priority=STAT': { warn: 30, crit: 60 } },
    commonPractice: true,
  },
];
