import { isDistribution, type Scope } from '#shared/metrics/result.ts';
import type { House } from '../domain/house.ts';
import { evaluate } from '../metrics/evaluate.ts';
import type { SamplePoint } from '../store/writer-protocol.ts';
import { seriesName } from './trends.ts';

/** One series that walls show the course of. */
export interface Series {
  readonly metric: string;
  readonly scope: Scope;
  /** Start of the window of a day metric, epoch ms; absent for gauges. */
  readonly from?: number;
  /** Which figure of a distribution. */
  readonly figure?: 'p50' | 'p90' | 'mean' | 'max' | 'within';
}

/** Values of series at one moment of the site's clock, as points to keep. */
export function sample(house: House, series: Iterable<Series>, at: number): SamplePoint[] {
  const points: SamplePoint[] = [];
  for (const { metric, scope, from, figure } of series) {
    const result = evaluate(house, { metric, scope, at, ...(from === undefined ? {} : { from, to: at }) });
    points.push([seriesName(metric, scope), at, isDistribution(result) ? result[figure ?? 'p50'] : result.value]);
  }
  return points;
}
