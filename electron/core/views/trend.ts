import type { Trend } from './context.ts';

const MINUTE = 60_000;
export const TREND_WINDOW = 8 * 60 * MINUTE;
/** A sample every 5 min draws an 8 h line of 300 px and keeps an item small enough to send with every frame. */
const STEP = 5 * MINUTE;
/** How old a sample may be to stand for a moment. */
const TOLERANCE = 10 * MINUTE;

/** The samples of the last 8 h at whole 5 minutes, and the newest one; [epoch ms, value]. */
export function thinned(trend: Trend, now: number): Trend {
  const last = trend.at(-1);
  return trend.filter((point) => point[0] > now - TREND_WINDOW && point[0] <= now && (point[0] % STEP === 0 || point === last));
}

/** The newest sample at or up to 10 min before `t` (epoch ms); null when there is none. */
export function sampleAt(trend: Trend, t: number): number | null {
  const point = trend.findLast(([at]) => at <= t);
  return point !== undefined && t - point[0] <= TOLERANCE ? point[1] : null;
}

/** Value minus the sample at the start of the last quarter of the window, 2 h ago; null when either is not known. */
export function changeOf(value: number | null, trend: Trend, now: number): number | null {
  const before = sampleAt(trend, now - TREND_WINDOW / 4);
  return value === null || before === null ? null : value - before;
}
