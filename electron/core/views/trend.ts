import { CHANGE_MS, POINT_HOLDS_MS, TREND_MS, TREND_STEP_MS } from '#shared/views/trend.ts';
import type { Trend } from './context.ts';

/**
 * The samples of the last 8 h at whole 5 minutes, and the newest one; [epoch ms, value]. That draws a line of 300 px and
 * keeps an item small enough to send with every frame.
 */
export function thinned(trend: Trend, now: number): Trend {
  const last = trend.at(-1);
  return trend.filter((point) => point[0] > now - TREND_MS && point[0] <= now && (point[0] % TREND_STEP_MS === 0 || point === last));
}

/** The newest sample at or up to 10 min before `t` (epoch ms); null when there is none. */
export function sampleAt(trend: Trend, t: number): number | null {
  const point = trend.findLast(([at]) => at <= t);
  return point !== undefined && t - point[0] <= POINT_HOLDS_MS ? point[1] : null;
}

/** Value minus the sample at the start of the last quarter of the window, 2 h ago; null when either is not known. */
export function changeOf(value: number | null, trend: Trend, now: number): number | null {
  const before = sampleAt(trend, now - CHANGE_MS);
  return value === null || before === null ? null : value - before;
}
