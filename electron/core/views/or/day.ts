import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { OrDayItem } from '#shared/views/boards.ts';
import { siteDays } from '../../metrics/days.ts';
import { definitionOf, evaluate } from '../../metrics/evaluate.ts';
import type { ViewContext } from '../context.ts';
import { today } from '../day.ts';
import { figureOf } from '../metric-item.ts';
import { shownBy } from '../shown-by.ts';
import { feedsOf } from '../sources.ts';
import { requestOf } from '../tile.ts';
import type { Part } from '../view.ts';
import { hasOperatingRooms, rooms } from './cases.ts';

/** A room of which nobody knows what its status means is not taken for an open one. */
const NOT_OPEN: ReadonlySet<string | undefined> = new Set(['closed', 'unknown']);
const CASES = { metric: 'or.cases_scheduled', scope: {}, window: 'day' } as const;

function dayItem(moment: ViewContext): OrDayItem {
  const { house } = moment;
  const day = today(moment);
  const days = siteDays(house.site.timezone);
  const { primeTime, expectedTurnoverMinutes } = house.site.or;
  const all = [...rooms(moment)];
  return {
    from: day.from,
    to: day.to,
    primeFrom: days.at(day, primeTime.from),
    primeTo: days.at(day, primeTime.to),
    roomsOpen: all.filter((room) => !NOT_OPEN.has(house.get('or-room', room)?.status)).length,
    roomsTotal: all.length,
    cases: figureOf(evaluate(house, requestOf(CASES, moment)), 'value') ?? 0,
    turnoverLimitMinutes: thresholdsFor(definitionOf('or.turnover'), {}, house.site).warn ?? expectedTurnoverMinutes,
    feeds: feedsOf(definitionOf(CASES.metric), moment),
  };
}

/** Item `day`: bounds of the site's day and of prime time, and how many rooms and cases it has. */
export const dayPart: Part = {
  prefix: 'day',
  ids: (context) => (hasOperatingRooms(context) ? [''] : []),
  item: (_, context) => dayItem(context),
  touched: shownBy('or-case', 'or-room'),
};
