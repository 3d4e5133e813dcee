import type { Scope } from '#shared/metrics/result.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { unitIds } from '../domain/units/now.ts';
import type { House } from '../domain/house.ts';
import type { Moment } from './context.ts';
import { orTiles } from './or/tiles.ts';
import { AFTER_RATE } from './overview/after.ts';
import { CENSUS } from './overview/census.ts';
import { overviewTiles } from './overview/tiles.ts';
import { bedsReported } from './seen.ts';
import { requestOf, tileId, type Tile } from './tile.ts';

/** One series that boards show the course of. */
export interface TrendSeries {
  readonly metric: string;
  readonly scope: Scope;
  /** Start of the window of a day metric, epoch ms; absent for gauges. */
  readonly from?: number;
  /** Which figure of a distribution. */
  readonly figure?: Exclude<MetricItem['figure'], 'value'>;
}

const gauge = (metric: string, scope: Scope = {}): Tile => ({ metric, scope, figure: 'value', window: 'now' });

function bedTiles({ house }: Moment): Tile[] {
  if (!bedsReported(house)) return [];
  return [AFTER_RATE, gauge(CENSUS), ...unitIds(house).map((unit) => gauge('beds.occupancy_rate', { unit }))];
}

/** The series to sample each minute so that every trend on a board has its points; `now` is epoch ms of the site's clock. */
export function trendSeries(house: House, now: number): readonly TrendSeries[] {
  const moment: Moment = { house, now };
  // The number of cases of the whole day has no course within it.
  const tiles = [...overviewTiles(moment), ...orTiles(moment), ...bedTiles(moment)].filter(({ window }) => window !== 'day');
  const distinct = new Map(tiles.map((tile) => [tileId(tile), tile]));
  return [...distinct.values()].map((tile) => {
    const { from } = requestOf(tile, moment);
    return { metric: tile.metric, scope: tile.scope, ...(from === undefined ? {} : { from }), ...(tile.figure === 'value' ? {} : { figure: tile.figure }) };
  });
}
