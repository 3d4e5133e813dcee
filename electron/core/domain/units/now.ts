import type { UnitKind } from '#shared/events/fields.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import type { BedStatusName } from '#shared/views/bed-item.ts';
import { bedNow, isTakenBy, isVentilated, type BedNow } from '../beds/now.ts';
import type { House } from '../house.ts';
import { isStepDownReady } from '../icu/transfers.ts';
import { decisionsOf, type Decisions } from './decisions.ts';

/** One unit as it is now. Counts of beds or patients; null where it is not known. */
export interface UnitNow extends Decisions {
  unit: string;
  kind: UnitKind | null;
  beds: readonly BedNow[];
  /** Staffed beds as last reported, else the number of configured beds. */
  staffed: number | null;
  staffedFrom: 'reported' | 'configured' | null;
  /** Beds with a patient, and patients of the unit who have no bed label, as far as no bed is taken that could be theirs. */
  occupied: number;
  /** Unoccupied, clean, not reserved, and not more than the staffed places that are left. */
  available: number;
  dirty: number;
  cleaning: number;
  blocked: number;
  /** Free and clean, kept for a patient. */
  reserved: number;
  unknown: number;
  /** Emergency patients who are not in a treatment space. */
  waiting: number;
  ventilated: number;
  stepDownReady: number;
  /** Sum and number of the acuity scores (1-4) of the unit's patients. */
  acuity: { sum: number; count: number };
}

interface Patients {
  bedless: number;
  waiting: number;
  ventilated: number;
  stepDownReady: number;
  acuity: { sum: number; count: number };
  /** How many of the unit's patients were placed in it as which kind of unit. */
  kinds: Map<UnitKind, number>;
}

const nobody = (): Patients => ({ bedless: 0, waiting: 0, ventilated: 0, stepDownReady: 0, acuity: { sum: 0, count: 0 }, kinds: new Map() });
const kept = new WeakMap<House, { version: number; byUnit: ReadonlyMap<string, Patients> }>();

/** What the patients of each unit add up to; read once a change for all units. */
function patientsByUnit(house: House): ReadonlyMap<string, Patients> {
  const known = kept.get(house);
  if (known?.version === house.version) return known.byUnit;
  const byUnit = new Map<string, Patients>();
  for (const [id, where] of house.present()) {
    const encounter = house.get('encounter', id)!;
    const patients = byUnit.get(where.unit) ?? nobody();
    byUnit.set(where.unit, patients);
    if (where.unitKind !== undefined) patients.kinds.set(where.unitKind, (patients.kinds.get(where.unitKind) ?? 0) + 1);
    if (where.waiting) patients.waiting++;
    else if (where.bed === undefined) patients.bedless++;
    // Of who left a bed before the chart says so nothing in the unit is told any more.
    if (where.bed !== undefined && !isTakenBy(house, bedKey({ unit: where.unit, bed: where.bed }), id)) continue;
    if (isVentilated(encounter)) patients.ventilated++;
    if (isStepDownReady(encounter)) patients.stepDownReady++;
    const acuity = encounter.icu?.acuity ?? encounter.adt?.acuity;
    if (acuity === undefined) continue;
    patients.acuity.sum += acuity;
    patients.acuity.count++;
  }
  kept.set(house, { version: house.version, byUnit });
  return byUnit;
}

/** The kind that most placements name; by name where they are even, so that no order of arrival decides. */
function commonKind({ kinds }: Patients): UnitKind | undefined {
  return [...kinds].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/** Every unit of the site: configured ones in their order, then those that events spoke of, by name. */
export function unitIds(house: House): string[] {
  const configured = house.site.units.map((unit) => unit.id);
  const seen = new Set([...house.all('unit').keys(), ...house.unitsWithBeds(), ...patientsByUnit(house).keys()]);
  for (const id of configured) seen.delete(id);
  return [...configured, ...[...seen].sort()];
}

const joined = new WeakMap<House, { version: number; at: number; byUnit: Map<string, UnitNow> }>();

/**
 * The unit now, joined from its beds, patients, staffing report and decided movements. `at` is epoch ms.
 * Kept for the moment until the next change, as every number of the hospital asks for every unit.
 */
export function unitNow(house: House, unit: string, at: number): UnitNow {
  let moment = joined.get(house);
  if (moment?.version !== house.version || moment.at !== at) joined.set(house, (moment = { version: house.version, at, byUnit: new Map() }));
  let now = moment.byUnit.get(unit);
  if (!now) moment.byUnit.set(unit, (now = join(house, unit, at)));
  return now;
}

function join(house: House, unit: string, at: number): UnitNow {
  const configured = house.site.units.find((one) => one.id === unit);
  const reported = house.get('unit', unit);
  const patients = patientsByUnit(house).get(unit) ?? nobody();
  const beds: BedNow[] = [];
  const count: Record<BedStatusName, number> = { occupied: 0, available: 0, dirty: 0, cleaning: 0, blocked: 0, assigned: 0, unknown: 0 };
  for (const bed of house.bedsOfUnit(unit)) {
    const now = bedNow(house, bedKey({ unit, bed }), at);
    beds.push(now);
    count[now.status]++;
  }
  const staffed = reported?.staffedBeds ?? (configured?.beds.length || null);
  const uncharted = beds.flatMap(({ status, since, encounter }) => (status === 'occupied' && encounter === undefined ? [since!] : [])).sort((a, b) => a - b);
  const occupied = count.occupied + Math.max(0, patients.bedless - uncharted.length);
  const left = staffed === null ? Infinity : Math.max(0, staffed - occupied - count.assigned);
  return {
    unit,
    kind: configured?.kind ?? reported?.kind ?? commonKind(patients) ?? null,
    beds,
    staffed,
    staffedFrom: reported?.staffedBeds !== undefined ? 'reported' : staffed === null ? null : 'configured',
    occupied,
    available: Math.min(count.available, left),
    dirty: count.dirty,
    cleaning: count.cleaning,
    blocked: count.blocked,
    reserved: count.assigned,
    unknown: count.unknown,
    waiting: patients.waiting,
    ventilated: patients.ventilated,
    stepDownReady: patients.stepDownReady,
    acuity: { ...patients.acuity },
    ...decisionsOf(house, unit, uncharted.slice(patients.bedless)),
  };
}
