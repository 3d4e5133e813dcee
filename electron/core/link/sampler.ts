import { isDistribution } from '#shared/metrics/result.ts';
import type { House } from '../domain/house.ts';
import { evaluate } from '../metrics/evaluate.ts';
import { seriesName } from '../metrics/series-name.ts';
import type { SamplePoint } from '../store/writer-protocol.ts';
import type { TrendSeries } from '../views/trend-series.ts';

/** Values of series at one moment of the site's clock, as points to keep. */
export function sample(house: House, series: Iterable<TrendSeries>, at: number): SamplePoint[] {
  const points: SamplePoint[] = [];
  for (const { metric, scope, from, figure } of series) {
    const result = evaluate(house, { metric, scope, at, ...(from === undefined ? {} : { from, to: at + 1 }) });
    points.push([seriesName(metric, scope), at, isDistribution(result) ? result[figure ?? 'p50'] : result.value]);
  }
  return points;
}
