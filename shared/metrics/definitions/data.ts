import type { MetricDefinition } from '../definition.ts';

const common = { kind: 'gauge', scopes: ['source'], direction: 'high', source: 'Vigil' } as const;

export const dataMetrics: readonly MetricDefinition[] = [
  {
    ...common,
    id: 'data.age_seconds',
    title: 'Data age',
    unit: 's',
    formula: 'Now - time of the newest event of the source; of several instances that of the worst. The site sets its limits by the agreed refresh time.',
    inputs: ['source.heartbeat@time', 'source.registered.instance', 'source.registered.intervalSeconds', 'site.sourceIntervalSeconds'],
  },
  {
    ...common,
    id: 'data.lag_seconds',
    title: 'Data lag',
    unit: 's',
    formula: 'Receive time - event time of the newest event of the source; of several instances that of the worst.',
    inputs: ['source.heartbeat@time', 'source.registered.instance'],
  },
  {
    ...common,
    id: 'data.dead_letters',
    title: 'Dead letters',
    unit: 'messages',
    formula: 'Messages of the source that were refused and are kept with their reason.',
    inputs: ['source.registered.instance'],
  },
  {
    ...common,
    id: 'data.waiting',
    title: 'Waiting events',
    unit: 'events',
    formula: 'Events of the source that are kept and do not count yet: in quarantine until somebody accepts their source, or ahead of the clock until it has caught up.',
    inputs: ['source.registered.instance'],
  },
];
