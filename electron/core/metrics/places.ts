import { survivingRecord } from '../domain/adt/surviving-record.ts';
import type { Scope } from '#shared/metrics/result.ts';
import type { UnitKind } from '#shared/events/fields.ts';
import type { AdtState, Stay } from '../domain/adt/state.ts';
import type { House } from '../domain/house.ts';
import { kindOfUnit } from '../domain/units/kind.ts';
import { perVersion } from './per-version.ts';

const INPATIENT: ReadonlySet<string> = new Set<UnitKind>(['ward', 'icu', 'step_down']);
const OUTPATIENT: ReadonlySet<string> = new Set(['emergency', 'outpatient', 'day-case']);

/** Kind of the place of a stay. The event's own word comes first: one department may hold both ward and intensive care beds. */
export const kindOfStay = (house: House, stay: Stay): UnitKind | undefined => stay.unitKind ?? kindOfUnit(house, stay.unit);

/** Units whose beds count as beds of the hospital. An unknown kind is taken for a ward: emergency and operating areas are configured. */
export const isInpatientKind = (kind: string | undefined): boolean => kind === undefined || INPATIENT.has(kind);

/** The stays in wards, intensive care and step-down units, in order. */
export function inpatientStays(house: House, adt: AdtState): readonly Stay[] {
  return adt.stays.filter((stay) => {
    const kind = kindOfStay(house, stay);
    return kind === undefined ? !OUTPATIENT.has(adt.class ?? '') : INPATIENT.has(kind);
  });
}

/** Whether a stay lies in the units that the scope narrows to. */
export const stayInScope = (house: House, stay: Stay | undefined, scope: Scope): boolean =>
  (scope.unit === undefined || stay?.unit === scope.unit) &&
  (scope.unit_kind === undefined || (stay !== undefined && kindOfStay(house, stay) === scope.unit_kind));

const mergedRecords = perVersion((house) => {
  const bySurvivor = new Map<string, string[]>();
  for (const record of house.all('patient').keys()) {
    const survivor = survivingRecord(house, record);
    bySurvivor.set(survivor, [...(bySurvivor.get(survivor) ?? []), record]);
  }
  return bySurvivor;
}, 'patient');

/** Every record of a person, given the one that lives on. */
export function recordsOf(house: House, survivor: string): readonly string[] {
  const merged = mergedRecords(house).get(survivor);
  return merged ? [survivor, ...merged] : [survivor];
}
