import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { CensusItem } from '#shared/views/boards.ts';
import { definitionOf, evaluate } from '../../metrics/evaluate.ts';
import type { Moment, ViewContext } from '../context.ts';
import { figureOf } from '../metric-item.ts';
import { bedsReported } from '../seen.ts';
import { shownBy } from '../shown-by.ts';
import { feedsOf } from '../sources.ts';
import { changeOf, thinned } from '../trend.ts';
import type { Part } from '../view.ts';

const MINUTE = 60_000;
export const CENSUS = 'beds.occupied';

const beds = (metric: string, { house, now }: Moment) => figureOf(evaluate(house, { metric, scope: {}, at: now }), 'value');

function censusItem(context: ViewContext): CensusItem {
  // The moving end stands at the minute, so that the item changes with the census and not with each frame.
  const minute = Math.floor(context.now / MINUTE) * MINUTE;
  const past = thinned(context.trend(CENSUS, {}), context.now).filter(([at]) => at < minute);
  const staffed = beds('beds.staffed', context)!;
  const occupied = beds(CENSUS, context)!;
  const share = thresholdsFor(definitionOf('beds.occupancy_rate'), {}, context.house.site).normal[1];
  return {
    staffed,
    target: share === null ? null : Math.floor(share * staffed),
    change: changeOf(occupied, context.trend(CENSUS, {}), context.now),
    points: [...past, [minute, occupied]],
    at: context.now,
    feeds: feedsOf(definitionOf(CENSUS), context),
  };
}

/** Item `census`: occupied beds of the hospital over the last hours. */
export const censusPart: Part = {
  prefix: 'census',
  calm: true,
  ids: (context) => (bedsReported(context.house) && beds('beds.staffed', context) !== null && beds(CENSUS, context) !== null ? [''] : []),
  item: (_, context) => censusItem(context),
  touched: shownBy('encounter', 'bed', 'unit'),
};
