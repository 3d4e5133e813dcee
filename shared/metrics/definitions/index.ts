import type { MetricDefinition } from '../definition.ts';
import { bedMetrics } from './beds.ts';
import { censusMetrics } from './census.ts';
import { dataMetrics } from './data.ts';
import { edMetrics } from './ed.ts';
import { icuMetrics } from './icu.ts';
import { imagingMetrics } from './imaging.ts';
import { labMetrics } from './lab.ts';
import { orMetrics } from './or.ts';
import { pharmacyMetrics } from './pharmacy.ts';
import { rcmMetrics } from './rcm.ts';
import { unitMetrics } from './unit.ts';

/** The metric library by id. Boards, rules, API and questions name metrics from here and compute none themselves. */
export const metricDefinitions: ReadonlyMap<string, MetricDefinition> = new Map(
  [
    ...bedMetrics, ...unitMetrics, ...censusMetrics, ...edMetrics, ...icuMetrics, ...orMetrics, ...labMetrics, ...imagingMetrics, ...pharmacyMetrics,
    ...rcmMetrics, ...dataMetrics,
  ].map((definition) => [definition.id, definition]),
);
