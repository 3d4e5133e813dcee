import type { UnitKind } from '#shared/events/fields.ts';
import { bedNow } from '../beds/now.ts';
import { isInEd } from '../ed/presence.ts';
import type { House } from '../house.ts';
import { isStepDownReady } from '../icu/transfers.ts';
import type { EncounterState } from '../states.ts';
import { openHolds } from './holds.ts';

/** Movements of one unit that are decided but have not happened. Counts of patients. */
export interface Decisions {
  pendingDischarges: number;
  pendingTransfersOut: number;
  pendingTransfersIn: number;
  /** Patients from outside the inpatient units: admitted in the emergency department, or with a bed reserved. */
  assignedAdmissions: number;
  /** Beds of the unit to be kept for patients of the operating rooms who are not counted above. */
  holds: number;
}

export const NO_DECISIONS: Readonly<Decisions> = { pendingDischarges: 0, pendingTransfersOut: 0, pendingTransfersIn: 0, assignedAdmissions: 0, holds: 0 };

interface AllDecisions {
  readonly byUnit: ReadonlyMap<string, Decisions>;
  /** Every open hold by the kind of unit asked for; most name no unit. */
  readonly holdsByKind: ReadonlyMap<UnitKind, number>;
}

const kept = new WeakMap<House, { version: number; all: AllDecisions }>();

function decided(house: House): AllDecisions {
  const known = kept.get(house);
  if (known?.version === house.version) return known.all;
  const all = read(house);
  kept.set(house, { version: house.version, all });
  return all;
}

/** Decided movements of every unit that has any. Each patient is counted once a unit, however many systems say it. */
export const decisionsOf = (house: House): ReadonlyMap<string, Decisions> => decided(house).byUnit;

/** Beds to be kept for patients of the operating rooms, by the kind of unit asked for. */
export const holdsByKind = (house: House): ReadonlyMap<UnitKind, number> => decided(house).holdsByKind;

function read(house: House): AllDecisions {
  const byUnit = new Map<string, Decisions>();
  const of = (unit: string): Decisions => {
    const found = byUnit.get(unit);
    if (found) return found;
    const fresh = { ...NO_DECISIONS };
    byUnit.set(unit, fresh);
    return fresh;
  };
  const reserved = reservedUnits(house, (unit) => of(unit).assignedAdmissions++);
  const comingTo = new Map<string, string>();
  for (const [id, { unit }] of house.present()) {
    const encounter = house.get('encounter', id)!;
    if (encounter.adt?.pendingDischarge) {
      of(unit).pendingDischarges++;
      continue;
    }
    const to = destination(encounter) ?? reserved.get(id);
    const leaves = to === undefined ? encounter.adt?.pendingTransfer || isStepDownReady(encounter) : to !== unit;
    if (leaves) of(unit).pendingTransfersOut++;
    if (to === undefined || to === unit) continue;
    comingTo.set(id, to);
    if (isInEd(encounter)) of(to).assignedAdmissions++;
    else of(to).pendingTransfersIn++;
  }
  for (const [id, unit] of reserved) {
    if (house.present().has(id)) continue;
    comingTo.set(id, unit);
    of(unit).assignedAdmissions++;
  }
  const byKind = new Map<UnitKind, number>();
  for (const { unit, unitKind } of openHolds(house, comingTo)) {
    byKind.set(unitKind, (byKind.get(unitKind) ?? 0) + 1);
    if (unit !== undefined) of(unit).holds++;
  }
  return { byUnit, holdsByKind: byKind };
}

/** Unit that was decided for the patient; the administrative decision before the one of a department. */
function destination(encounter: EncounterState): string | undefined {
  const { adt, icu, ed } = encounter;
  if (adt?.pendingTransfer) return adt.pendingTransfer.to.unit;
  if (isStepDownReady(encounter)) return icu?.transferTo?.unit;
  return isInEd(encounter) ? ed?.toUnit : undefined;
}

/**
 * Unit of the bed that is kept for each encounter, the newest reservation if there are several; reservations that
 * name nobody are handed to `anonymous`.
 */
function reservedUnits(house: House, anonymous: (unit: string) => void): ReadonlyMap<string, string> {
  const newest = new Map<string, { key: string; unit: string; since: number }>();
  for (const [key, bed] of house.all('bed')) {
    if (!bed.reserved) continue;
    const { incoming } = bedNow(house, key, bed.reserved.since);
    if (!incoming) continue;
    const { encounter, since } = incoming;
    const known = encounter === undefined ? undefined : newest.get(encounter);
    if (encounter === undefined) anonymous(bed.unit);
    else if (!known || since > known.since || (since === known.since && key > known.key)) newest.set(encounter, { key, unit: bed.unit, since });
  }
  return new Map([...newest].map(([encounter, { unit }]) => [encounter, unit]));
}
