import type { Scope } from '#shared/metrics/result.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import type { MetricRequest } from '../metrics/request.ts';
import type { Moment } from './context.ts';
import { today } from './day.ts';

/**
 * Window of a number: `now` for gauges; `so-far` from the start of the site's day up to and including now;
 * `day` for the whole of the site's day.
 */
export type TileWindow = 'now' | 'so-far' | 'day';

/** One number of a board: which figure of which metric, over which window. */
export interface Tile {
  readonly metric: string;
  readonly scope: Scope;
  readonly figure: MetricItem['figure'];
  readonly window: TileWindow;
  /** The whole that a count is a part of. */
  readonly of?: Pick<Tile, 'metric' | 'window'>;
  /** Place on the board, 0 first. The same whatever other tiles are there, so that one tile's coming changes no other. */
  readonly rank?: number;
}

/** `metric`, or `metric@key=value&...` with the scope's keys in order: what tells tiles apart. */
export function tileId({ metric, scope }: Pick<Tile, 'metric' | 'scope'>): string {
  const pairs = Object.keys(scope).sort().map((key) => `${key}=${scope[key]}`);
  return pairs.length === 0 ? metric : `${metric}@${pairs.join('&')}`;
}

/** The question to the metric library behind a tile. Windows end before `to`, so "up to and including now" ends 1 ms later. */
export function requestOf(tile: Pick<Tile, 'metric' | 'scope' | 'window'>, moment: Moment): MetricRequest {
  const { metric, scope, window } = tile;
  const question = { metric, scope, at: moment.now };
  if (window === 'now') return question;
  const day = today(moment);
  return { ...question, from: day.from, to: window === 'day' ? day.to : moment.now + 1 };
}
