import type { Moment } from '../context.ts';
import { isPositive } from '../kpi.ts';
import { orBegin, orEnd, orSchedule, orStay, orWheelsIn } from '../seen.ts';
import type { Tile } from '../tile.ts';

const tile = (rank: number, metric: string, window: Tile['window'], figure: Tile['figure'] = 'value'): Tile => ({ metric, scope: {}, figure, window, rank });

/** The tiles of the OR board, today's so far; cancellations and overlaps only when there are any, the cases scheduled alone only until one is done. */
export function orTiles(moment: Moment): readonly Tile[] {
  const { house } = moment;
  const scheduled = orSchedule(house);
  const began = orBegin(house);
  const timed = scheduled && orWheelsIn(house);
  const ended = orEnd(house);
  const rare = scheduled || began ? [tile(7, 'or.cases_cancelled', 'so-far'), tile(8, 'or.overlaps', 'so-far')] : [];
  return [
    ...(timed ? [tile(0, 'or.first_case_on_time_rate', 'so-far')] : []),
    ...(began ? [tile(1, 'or.utilisation', 'so-far')] : []),
    ...(orStay(house) ? [tile(2, 'or.turnover', 'so-far', 'p50')] : []),
    ...(ended ? [{ ...tile(3, 'or.cases_completed', 'so-far'), ...(scheduled ? { of: { metric: 'or.cases_scheduled', window: 'day' } as const } : {}) }] : []),
    ...(scheduled && !ended ? [tile(4, 'or.cases_scheduled', 'day')] : []),
    ...(scheduled ? [tile(5, 'or.rooms_after_prime_time', 'now')] : []),
    ...(timed ? [tile(6, 'or.case_delay', 'so-far', 'p50')] : []),
    ...rare.filter((one) => isPositive(one, moment)),
  ];
}
