import { unitIds, unitNow, type UnitNow } from '../domain/units/now.ts';
import { isInpatientKind } from '../metrics/places.ts';
import { once, type Moment } from './context.ts';

const all = ({ house, now }: Moment): ReadonlyMap<string, UnitNow> => new Map(unitIds(house).map((unit) => [unit, unitNow(house, unit, now)]));

/** Every unit of the site as it is now, the site's order first. */
export const units = (moment: Moment): ReadonlyMap<string, UnitNow> => once(moment, all);

/** Wards, intensive care and step-down units: the beds of the hospital. */
export const inpatientUnits = (moment: Moment): readonly UnitNow[] => [...units(moment).values()].filter(({ kind }) => isInpatientKind(kind ?? undefined));

/** What the site calls a unit. */
export const nameOf = ({ house }: Moment, unit: string): string => house.site.units.find(({ id }) => id === unit)?.name ?? unit;

/** Someone decided on a movement into or out of the unit that has not happened. */
export const hasDecisions = (unit: UnitNow): boolean =>
  unit.pendingDischarges + unit.pendingTransfersOut + unit.pendingTransfersIn + unit.assignedAdmissions > 0;
