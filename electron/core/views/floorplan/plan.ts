import type { FloorPlan } from '#shared/floorplan.ts';
import type { ViewContext, ViewParams } from '../context.ts';
import { shownBy } from '../shown-by.ts';
import type { Part } from '../view.ts';

/** The plan that `params.plan` names, else the only or first one; undefined when there is none. */
export const planOf = ({ plans }: ViewContext, { plan }: ViewParams): FloorPlan | undefined => (plan === undefined ? plans.values().next().value : plans.get(plan));

/** Item `plan`: the floor-plan document. */
export const planPart: Part = {
  prefix: 'plan',
  ids: (context, params) => (planOf(context, params) ? [''] : []),
  item: (_, context, params) => planOf(context, params)!,
  touched: shownBy(),
};
