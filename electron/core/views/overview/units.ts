import { severity, thresholdsFor } from '#shared/metrics/severity.ts';
import type { UnitPressureItem } from '#shared/views/boards.ts';
import type { UnitNow } from '../../domain/units/now.ts';
import { definitionOf, evaluate } from '../../metrics/evaluate.ts';
import { bedsAfterDecisions } from '../../metrics/formulas/ratios.ts';
import { once, type ViewContext } from '../context.ts';
import { today } from '../day.ts';
import { figureOf } from '../metric-item.ts';
import { bedsReported } from '../seen.ts';
import { touchedBy } from '../touched.ts';
import { feedsOf } from '../sources.ts';
import { sampleAt } from '../trend.ts';
import { hasDecisions, inpatientUnits, nameOf } from '../units.ts';
import type { Part } from '../view.ts';

const HOUR = 3_600_000;
/** As far back as trends go. */
const PAST_HOURS = 8;
const METRIC = 'beds.occupancy_rate';

type StaffedUnit = UnitNow & { readonly staffed: number };

/** Something was told of the unit; a unit without staffed beds has no pressure to speak of. */
const isTold = (context: ViewContext, unit: UnitNow): unit is StaffedUnit =>
  unit.staffed !== null && (unit.occupied > 0 || unit.beds.some(({ status }) => status !== 'unknown') || context.house.get('unit', unit.unit) !== undefined);

const rows = (context: ViewContext): ReadonlyMap<string, StaffedUnit> =>
  new Map(bedsReported(context.house) ? inpatientUnits(context).filter((unit) => isTold(context, unit)).map((unit) => [unit.unit, unit]) : []);

/** The last whole hours of the site's day, oldest first; the site's hours, as some zones are off by 30 or 45 min. */
function pastHours(context: ViewContext): number[] {
  const { from } = today(context);
  const last = from + Math.floor((context.now - from) / HOUR) * HOUR;
  return Array.from({ length: PAST_HOURS }, (_, i) => last - (PAST_HOURS - 1 - i) * HOUR);
}

function rowItem(unit: StaffedUnit, context: ViewContext): UnitPressureItem {
  const { house, now } = context;
  const scope = { unit: unit.unit };
  const definition = definitionOf(METRIC);
  const rate = figureOf(evaluate(house, { metric: METRIC, scope, at: now }), 'value');
  const { warn, crit } = thresholdsFor(definition, scope, house.site);
  const trend = context.trend(METRIC, scope);
  return {
    unit: unit.unit,
    name: nameOf(context, unit.unit),
    kind: unit.kind ?? 'ward',
    staffed: unit.staffed,
    occupied: unit.occupied,
    rate,
    severity: severity(definition, scope, rate, house.site),
    past: pastHours(context).map((hour) => [hour, sampleAt(trend, hour)] as const),
    afterDelta: hasDecisions(unit) ? bedsAfterDecisions(unit) - unit.occupied : null,
    warn: warn ?? 1,
    crit: crit ?? 1,
    at: now,
    feeds: feedsOf(definition, context),
  };
}

/** Items `unit:<id>`: how full each inpatient unit is, was and will be. */
export const unitPressurePart: Part = {
  prefix: 'unit:',
  calm: true,
  ids: (context) => once(context, rows).keys(),
  item: (id, context) => rowItem(once(context, rows).get(id)!, context),
  touched: (changes, context) => touchedBy(changes, context.house).units,
};
