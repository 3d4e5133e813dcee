import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import type { ViewContext } from './context.ts';
import { metricItem } from './metric-item.ts';
import type { Tile } from './tile.ts';

export type Department = 'ed' | 'lab' | 'imaging' | 'rcm';
export type PresentMetric = Omit<MetricItem, 'short' | 'trend' | 'change' | 'rank'>;

/** Every metric of a department: gauges of now, all else of the window that the site has for it, and of durations the middle and the long. */
function tilesOf(department: Department): Tile[] {
  const own = [...metricDefinitions.values()].filter(({ id }) => id.startsWith(`${department}.`));
  return own.flatMap(({ id, kind }): Tile[] => {
    const tile = { metric: id, scope: {}, window: kind === 'gauge' ? 'now' : 'so-far' } as const;
    return kind === 'distribution' ? [{ ...tile, figure: 'p50' }, { ...tile, figure: 'p90' }] : [{ ...tile, figure: 'value' }];
  });
}

/** The figures of a department at `context.now`, for the whole of it; an unknown one is null with its reason. */
export function departmentNow(department: Department, context: ViewContext): PresentMetric[] {
  // Samples are of one figure of a metric: beside another they would be a wrong course.
  const without = { ...context, trend: () => [] };
  return tilesOf(department).map((tile) => {
    const { trend: _, change: __, short: ___, ...item } = metricItem(tile, without);
    return item;
  });
}
