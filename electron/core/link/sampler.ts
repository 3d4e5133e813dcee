import { isDistribution } from '#shared/metrics/result.ts';
import type { House } from '../domain/house.ts';
import { evaluate } from '../metrics/evaluate.ts';
import { seriesName } from '../metrics/series-name.ts';
import type { SamplePoint } from '../store/writer-protocol.ts';
import type { ViewContext } from '../views/context.ts';
import { trendSeries, type TrendSeries } from '../views/trend-series.ts';
import { lostFeeds } from './lost-feeds.ts';

/** Values of series at one moment of the site's clock, as points to keep. */
export function sample(house: House, series: Iterable<TrendSeries>, at: number): SamplePoint[] {
  const points: SamplePoint[] = [];
  for (const { metric, scope, from, figure } of series) {
    const result = evaluate(house, { metric, scope, at, ...(from === undefined ? {} : { from, to: at + 1 }) });
    points.push([seriesName(metric, scope), at, isDistribution(result) ? result[figure ?? 'p50'] : result.value]);
  }
  return points;
}

/** Points of every trend on a board, at `at` (epoch ms). What rests on a lost feed is unknown: boards show no value of it then, and its course breaks. */
export function samplePresent(context: ViewContext, at: number): SamplePoint[] {
  const lost = lostFeeds(context);
  const [heard, unheard]: [TrendSeries[], TrendSeries[]] = [[], []];
  for (const series of trendSeries(context.house, at)) (lost(series.metric).length > 0 ? unheard : heard).push(series);
  return [...sample(context.house, heard, at), ...unheard.map(({ metric, scope }): SamplePoint => [seriesName(metric, scope), at, null])];
}
