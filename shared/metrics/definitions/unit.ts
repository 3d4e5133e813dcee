import type { MetricDefinition } from '../definition.ts';

export const unitMetrics: readonly MetricDefinition[] = [
  {
    id: 'unit.performance_score',
    title: 'Performance score',
    kind: 'rate',
    unit: '%',
    scopes: ['unit'],
    formula:
      'Weighted share of the unit\'s metrics within normal over the window, by the weights that the site sets: of a distribution the share of samples '
      + 'within target, of any other metric 1 in its normal range and 0 outside. Metrics that are unknown do not count; the parts are part of the answer.',
    inputs: ['site.performanceWeights', 'site.thresholds'],
    source: 'Vigil',
    direction: 'low',
    scale: [0, 1],
  },
];
