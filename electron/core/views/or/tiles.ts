import type { Moment } from '../context.ts';
import { isPositive } from '../kpi.ts';
import { orEnd, orSchedule, orStay, orWheelsIn } from '../seen.ts';
import type { Tile } from '../tile.ts';

const tile = (metric: string, window: Tile['window'], figure: Tile['figure'] = 'value'): Tile => ({ metric, scope: {}, figure, window });

/** The tiles of the OR board, today's so far; cancellations and overlaps only when there are any. */
export function orTiles(moment: Moment): readonly Tile[] {
  const { house } = moment;
  const scheduled = orSchedule(house);
  const began = orWheelsIn(house);
  const rare = scheduled || began ? [tile('or.cases_cancelled', 'so-far'), tile('or.overlaps', 'so-far')] : [];
  return [
    ...(scheduled && began ? [tile('or.first_case_on_time_rate', 'so-far')] : []),
    ...(began ? [tile('or.utilisation', 'so-far')] : []),
    ...(orStay(house) ? [tile('or.turnover', 'so-far', 'p50')] : []),
    ...(orEnd(house) ? [tile('or.cases_completed', 'so-far')] : []),
    ...(scheduled ? [tile('or.cases_scheduled', 'day')] : []),
    ...(scheduled && began ? [tile('or.case_delay', 'so-far', 'p50')] : []),
    ...rare.filter((one) => isPositive(one, moment)),
  ];
}
