import type { Scope } from '#shared/metrics/result.ts';
import type { KpiWindow } from '#shared/kpi-windows.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import type { House } from '../domain/house.ts';
import { siteDays } from '../metrics/days.ts';
import { HOUR, MINUTE } from '../metrics/durations.ts';
import type { MetricRequest } from '../metrics/request.ts';
import type { Moment } from './context.ts';
import { today } from './day.ts';

/**
 * Window of a number: `now` for gauges; `so-far` up to and including now, from the start of the site's day or as the
 * site says; `day` for the whole of the site's day.
 */
export type TileWindow = 'now' | 'so-far' | 'day';

/** One number of a board: which figure of which metric, over which window. */
export interface Tile {
  readonly metric: string;
  readonly scope: Scope;
  readonly figure: MetricItem['figure'];
  readonly window: TileWindow;
  /** The whole that a count of the day is a part of. */
  readonly of?: Pick<Tile, 'metric' | 'window'>;
  /** Place on the board, 0 first. The same whatever other tiles are there, so that one tile's coming changes no other. */
  readonly rank?: number;
}

/** `metric`, or `metric@key=value&...` with the scope's keys in order: what tells tiles apart. */
export function tileId({ metric, scope }: Pick<Tile, 'metric' | 'scope'>): string {
  const pairs = Object.keys(scope).sort().map((key) => `${key}=${scope[key]}`);
  return pairs.length === 0 ? metric : `${metric}@${pairs.join('&')}`;
}

/** Over how long the site has a metric look back. */
export const windowOf = (metric: string, { site }: House): KpiWindow => site.kpiWindows.metrics[metric] ?? 'day';

/** When the shift began, epoch ms: the last begin of one by now, today's or yesterday's. */
function shiftBegan(moment: Moment): number {
  const { timezone, kpiWindows } = moment.house.site;
  const days = siteDays(timezone);
  const day = today(moment);
  const begins = [days.dayOf(day.from - 1), day].flatMap((one) => kpiWindows.shifts.map((time) => days.at(one, time)));
  return Math.max(...begins.filter((begin) => begin <= moment.now));
}

/** Where the window of a number that looks back begins. To the minute, as an item is told anew when it changes. */
function began(metric: string, moment: Moment): number {
  const window = windowOf(metric, moment.house);
  if (window === 'day') return today(moment).from;
  if (window === 'shift') return shiftBegan(moment);
  return Math.floor((moment.now - parseInt(window, 10) * HOUR) / MINUTE) * MINUTE;
}

/** The question to the metric library behind a tile. Windows end before `to`, so "up to and including now" ends 1 ms later. */
export function requestOf(tile: Pick<Tile, 'metric' | 'scope' | 'window'>, moment: Moment): MetricRequest {
  const { metric, scope, window } = tile;
  const question = { metric, scope, at: moment.now };
  if (window === 'now') return question;
  if (window === 'so-far') return { ...question, from: began(metric, moment), to: moment.now + 1 };
  const { from, to } = today(moment);
  return { ...question, from, to };
}
