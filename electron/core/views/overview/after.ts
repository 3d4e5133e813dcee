import type { AfterDecisionsItem } from '#shared/views/boards.ts';
import { holdsByKind } from '../../domain/units/decisions.ts';
import type { UnitNow } from '../../domain/units/now.ts';
import { bedsAfterDecisions } from '../../metrics/formulas/ratios.ts';
import type { ViewContext } from '../context.ts';
import { metricItem } from '../metric-item.ts';
import { bedsReported } from '../seen.ts';
import type { Tile } from '../tile.ts';
import { hasDecisions, inpatientUnits } from '../units.ts';
import type { Part } from '../view.ts';
import { shownBy } from '../shown-by.ts';

export const AFTER_RATE: Tile = { metric: 'beds.occupancy_after_decisions', scope: {}, figure: 'value', window: 'now' };

const sum = (units: readonly UnitNow[], of: (unit: UnitNow) => number) => units.reduce((total, unit) => total + of(unit), 0);

/** Beds that operating rooms want kept: no movement that was decided, and no part of the sum. */
const holds = ({ house }: ViewContext): AfterDecisionsItem['holds'] => [...holdsByKind(house)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, beds]) => ({ kind, beds }));

/** There are decided movements or holds, and staffed beds to hold them against. */
const isTold = (context: ViewContext): boolean =>
  bedsReported(context.house) && (inpatientUnits(context).some(hasDecisions) || holdsByKind(context.house).size > 0) && inpatientUnits(context).some(({ staffed }) => staffed !== null);

function afterItem(context: ViewContext): AfterDecisionsItem {
  const units = inpatientUnits(context);
  const steps = [
    { label: 'Disch', delta: -sum(units, (u) => u.pendingDischarges) },
    { label: 'Out', delta: -sum(units, (u) => u.pendingTransfersOut) },
    { label: 'In', delta: sum(units, (u) => u.pendingTransfersIn) },
    { label: 'Admits', delta: sum(units, (u) => u.assignedAdmissions) },
  ];
  return {
    now: sum(units, ({ occupied }) => occupied),
    staffed: sum(units, ({ staffed }) => staffed ?? 0),
    steps: steps.filter(({ delta }) => delta !== 0),
    after: sum(units, bedsAfterDecisions),
    holds: holds(context),
    rate: metricItem(AFTER_RATE, context),
  };
}

/** Item `after`: occupied beds of the hospital now, through each decided movement, to after. */
export const afterPart: Part = {
  prefix: 'after',
  calm: true,
  ids: (context) => (isTold(context) ? [''] : []),
  item: (_, context) => afterItem(context),
  touched: shownBy('encounter', 'bed', 'unit', 'or-case'),
};
