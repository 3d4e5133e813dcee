import type { FloorPlan } from '#shared/floorplan.ts';
import { once, type ViewContext, type ViewParams } from '../context.ts';
import { shownBy } from '../shown-by.ts';
import type { Part } from '../view.ts';

/** How much of the plan and of the site's units on it are the same beds, 0 to 1. */
function fits({ units }: FloorPlan, { house }: ViewContext): number {
  let same = 0;
  let all = 0;
  for (const { unit, beds } of units) {
    const known = house.site.units.find(({ id }) => id === unit)?.beds ?? [];
    const shared = beds.filter(({ bed }) => known.includes(bed)).length;
    same += shared;
    all += known.length + beds.length - shared;
  }
  return all === 0 ? 0 : same / all;
}

/** The plans that come with Vigil, and those of the site in their place or beside them. */
function plansOf({ plans, house }: ViewContext): ReadonlyMap<string, FloorPlan> {
  const own = house.site.floorplans;
  return own.length === 0 ? plans : new Map([...plans, ...own.map((plan) => [plan.id, plan] as const)]);
}

/** The plan that `params.plan` names, else the one that fits the site's beds best; undefined when there is none. */
export function planOf(context: ViewContext, { plan }: ViewParams): FloorPlan | undefined {
  return plan === undefined ? once(context, bestPlan) : once(context, plansOf).get(plan);
}

function bestPlan(context: ViewContext): FloorPlan | undefined {
  return [...once(context, plansOf).values()].reduce<FloorPlan | undefined>((best, one) => (best && fits(best, context) >= fits(one, context) ? best : one), undefined);
}

/** Item `plan`: the floor-plan document. */
export const planPart: Part = {
  prefix: 'plan',
  ids: (context, params) => (planOf(context, params) ? [''] : []),
  item: (_, context, params) => planOf(context, params)!,
  touched: shownBy(),
};
