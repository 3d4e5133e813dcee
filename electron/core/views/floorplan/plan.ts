import type { FloorPlan } from '#shared/floorplan.ts';
import type { ViewContext, ViewParams } from '../context.ts';
import { shownBy } from '../shown-by.ts';
import type { Part } from '../view.ts';

const fits = (plan: FloorPlan, { house }: ViewContext) => plan.units.filter(({ unit }) => house.site.units.some(({ id }) => id === unit)).length / plan.units.length;

/** The plan that `params.plan` names, else the one most of whose units the site has; undefined when there is none. */
export function planOf(context: ViewContext, { plan }: ViewParams): FloorPlan | undefined {
  if (plan !== undefined) return context.plans.get(plan);
  return [...context.plans.values()].reduce<FloorPlan | undefined>((best, one) => (best && fits(best, context) >= fits(one, context) ? best : one), undefined);
}

/** Item `plan`: the floor-plan document. */
export const planPart: Part = {
  prefix: 'plan',
  ids: (context, params) => (planOf(context, params) ? [''] : []),
  item: (_, context, params) => planOf(context, params)!,
  touched: shownBy(),
};
