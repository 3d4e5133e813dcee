import type { SiteConfig } from '#shared/site.ts';
import { TREND_MS, TREND_STEP_MS } from '#shared/views/trend.ts';
import { houseOverTime } from '../store/house-over-time.ts';
import type { Db } from '../store/open.ts';
import { SampleStore } from '../store/samples.ts';
import { trendSeries } from '../views/trend-series.ts';
import { sample } from './sampler.ts';

/**
 * Computes the trend samples of the hours before `until` (epoch ms) from the log, so that a wall whose past was
 * loaded from a file shows courses from its first paint. Returns the number of points written.
 */
export function backfillTrends(db: Db, site: SiteConfig, until: number): number {
  const times: number[] = [];
  for (let time = Math.ceil((until - TREND_MS) / TREND_STEP_MS) * TREND_STEP_MS; time <= until; time += TREND_STEP_MS) times.push(time);
  const store = new SampleStore(db, site.timezone);
  let written = 0;
  for (const { house, at } of houseOverTime(db, site, times)) {
    const points = sample(house, trendSeries(house, at), at);
    store.write(points);
    written += points.length;
  }
  return written;
}
