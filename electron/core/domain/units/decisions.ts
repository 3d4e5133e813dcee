import type { UnitKind } from '#shared/events/fields.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import { bedNow, isTakenBy } from '../beds/now.ts';
import { isInEd } from '../ed/presence.ts';
import type { House } from '../house.ts';
import { icuTransfers, isStepDownReady } from '../icu/transfers.ts';
import type { EncounterState } from '../states.ts';
import type { Whereabouts } from '../whereabouts.ts';
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

const NO_DECISIONS: Readonly<Decisions> = { pendingDischarges: 0, pendingTransfersOut: 0, pendingTransfersIn: 0, assignedAdmissions: 0, holds: 0 };

/** A patient who is to come, and for whom no bed is kept that would tell whether they have. Epoch ms. */
interface Arrival {
  readonly as: 'pendingTransfersIn' | 'assignedAdmissions';
  readonly decidedAt: number;
}

interface AllDecisions {
  readonly byUnit: ReadonlyMap<string, Decisions>;
  /** Not part of the counts above. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
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

/**
 * Decided movements of a unit. Each patient is counted once, however many systems say it and in whatever order: nobody
 * leaves who does not count as lying there, and nobody is to come for whom a bed was taken since it was decided.
 * `uncharted`: since when beds are taken by nobody whom a record names, epoch ms, oldest first.
 */
export function decisionsOf(house: House, unit: string, uncharted: readonly number[]): Decisions {
  const { byUnit, arrivals } = decided(house);
  const counts = { ...(byUnit.get(unit) ?? NO_DECISIONS) };
  const taken = [...uncharted];
  for (const { as, decidedAt } of arrivals.get(unit)?.toSorted((a, b) => b.decidedAt - a.decidedAt || (a.as < b.as ? -1 : 1)) ?? []) {
    if ((taken.at(-1) ?? -Infinity) >= decidedAt) taken.pop();
    else counts[as]++;
  }
  return counts;
}

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
  const arrivals = new Map<string, Arrival[]>();
  for (const [id, where] of house.present()) {
    const { unit } = where;
    const encounter = house.get('encounter', id)!;
    if (encounter.adt?.pendingDischarge) {
      if (takesPlace(house, id, where)) of(unit).pendingDischarges++;
      continue;
    }
    const decision = destination(encounter);
    const kept = reserved.get(id);
    const to = decision?.unit ?? kept;
    const leaves = to === undefined ? encounter.adt?.pendingTransfer || isStepDownReady(encounter) : to !== unit;
    if (leaves && takesPlace(house, id, where)) of(unit).pendingTransfersOut++;
    if (to === undefined || to === unit) continue;
    comingTo.set(id, to);
    const as = isInEd(encounter) ? 'assignedAdmissions' : 'pendingTransfersIn';
    if (decision === undefined || kept === to) of(to)[as]++;
    else arrivals.set(to, [...(arrivals.get(to) ?? []), { as, decidedAt: decision.decidedAt }]);
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
  return { byUnit, arrivals, holdsByKind: byKind };
}

/** Whether the patient counts as occupying their unit, so that it has one less when they go. */
const takesPlace = (house: House, encounter: string, { unit, bed, waiting }: Whereabouts): boolean =>
  bed === undefined ? !waiting : isTakenBy(house, bedKey({ unit, bed }), encounter);

/** Unit that was decided for the patient, and when; the administrative decision before the one of a department. */
function destination(encounter: EncounterState): { readonly unit: string; readonly decidedAt: number } | undefined {
  const { adt, icu, ed } = encounter;
  const decided = (unit: string | undefined, decidedAt = Infinity) => (unit === undefined ? undefined : { unit, decidedAt });
  if (adt?.pendingTransfer) return decided(adt.pendingTransfer.to.unit, adt.pendingTransfer.decidedAt);
  if (isStepDownReady(encounter)) return decided(icu?.transferTo?.unit, icuTransfers(encounter).at(-1)?.orderedAt);
  return isInEd(encounter) ? decided(ed?.toUnit, ed?.admissionDecidedAt ?? ed?.bedRequestedAt) : undefined;
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
