import type { WipItem } from '#shared/views/boards.ts';
import { STAGES, wipState } from '#shared/wip.ts';
import { definitionOf, evaluate } from '../metrics/evaluate.ts';
import type { Moment } from './context.ts';
import { figureOf } from './metric-item.ts';

/** Every stage that the site limits, with how many are in it at `now`. */
export function wipNow({ house, now }: Moment): WipItem[] {
  return house.site.wipLimits.map(({ stage, unit, limit }) => {
    const { metric } = STAGES[stage];
    const count = figureOf(evaluate(house, { metric, scope: unit === undefined ? {} : { unit }, at: now }), 'value');
    return { stage, ...(unit === undefined ? {} : { unit }), title: definitionOf(metric).title, count, limit, state: count === null ? null : wipState(count, limit) };
  });
}
