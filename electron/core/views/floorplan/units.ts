import type { FloorPlan } from '#shared/floorplan.ts';
import type { PodItem, UnitCardItem } from '#shared/views/boards.ts';
import { unitNow, type UnitNow } from '../../domain/units/now.ts';
import { bedMetrics } from '../../metrics/bed-metrics.ts';
import { definitionOf, evaluate } from '../../metrics/evaluate.ts';
import { once, type ViewContext, type ViewParams } from '../context.ts';
import { figureOf, metricItem } from '../metric-item.ts';
import { feedsOf } from '../sources.ts';
import { touchedBy } from '../touched.ts';
import { nameOf } from '../units.ts';
import type { Part } from '../view.ts';
import { wipNow } from '../wip.ts';
import { loadOf, type Nurses } from './load.ts';
import { planOf } from './plan.ts';

const NURSE = 'RN';

function nursesOf({ house }: ViewContext, unit: string): Nurses | undefined {
  const state = house.get('unit', unit);
  const present = state?.staff?.[NURSE];
  const planned = state?.plannedStaff?.[NURSE];
  return present === undefined ? undefined : { present, ...(planned === undefined ? {} : { planned }) };
}

/** The beds of each pod that the plan draws for the unit. */
function podsOf(zones: FloorPlan['units'][number]['zones'], { beds }: UnitNow): PodItem[] {
  return zones.map(({ id, title, beds: labels }) => {
    const own = beds.filter(({ bed }) => labels.includes(bed));
    return { id, title, beds: labels.length, occupied: own.filter(({ status }) => status === 'occupied').length, leaving: own.filter((bed) => bed.leaving || bed.moving).length };
  });
}

function bedFeeds(kind: string | null, context: ViewContext): UnitCardItem['bedFeeds'] {
  const feeds = (metrics: readonly string[]) => [...new Set(metrics.flatMap((metric) => feedsOf(definitionOf(metric), context)))];
  const { occupied, other } = bedMetrics(kind);
  return { occupied: feeds(occupied), other: feeds(other) };
}

export function cardItem(unit: string, context: ViewContext, params: ViewParams): UnitCardItem {
  const { house, now } = context;
  const state = unitNow(house, unit, now);
  const scope = { unit };
  const beds = (metric: string) => figureOf(evaluate(house, { metric, scope, at: now }), 'value');
  const occupancy = metricItem({ metric: 'beds.occupancy_rate', scope, figure: 'value', window: 'now' }, context);
  const nurses = nursesOf(context, unit);
  const wip = once(context, wipNow).filter((limited) => limited.unit === unit);
  return {
    unit,
    name: nameOf(context, unit),
    kind: state.kind ?? 'ward',
    occupancy,
    occupied: state.occupied,
    staffed: state.staffed ?? state.beds.length,
    available: beds('beds.available'),
    dirty: beds('beds.dirty'),
    blocked: beds('beds.blocked'),
    leaving: state.pendingDischarges + state.pendingTransfersOut,
    incoming: state.pendingTransfersIn + state.assignedAdmissions,
    ...(nurses ? { nurses } : {}),
    ...(state.ventilated > 0 ? { ventilated: state.ventilated } : {}),
    ...(wip.length > 0 ? { wip } : {}),
    ...(state.stepDownReady > 0 ? { stepDownReady: state.stepDownReady } : {}),
    load: loadOf(state, nurses, occupancy, house.site),
    pods: podsOf(planOf(context, params)?.units.find((one) => one.unit === unit)?.zones ?? [], state),
    bedFeeds: bedFeeds(state.kind, context),
    at: now,
    feeds: occupancy.feeds,
  };
}

/** Items `unit:<id>`: the card and the load zone of each unit that the plan draws. */
export const unitCardPart: Part = {
  prefix: 'unit:',
  calm: true,
  ids: (context, params) => (planOf(context, params)?.units ?? []).map(({ unit }) => unit),
  item: cardItem,
  touched: (changes, context) => touchedBy(changes, context.house).units,
};
