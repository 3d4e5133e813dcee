import { unitIds, unitNow, type UnitNow } from '../../domain/units/now.ts';
import type { EncounterState } from '../../domain/states.ts';
import { hasHappened, known, unknown, type Context, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations, HOUR } from '../durations.ts';
import { isInpatientKind, kindOfUnit, stayAt, stayInScope } from '../places.ts';

type Count = 'occupied' | 'available' | 'dirty' | 'blocked' | 'reserved';

const inUnits = ({ house, scope }: Context, unit: string) => {
  if (scope.unit !== undefined && scope.unit !== unit) return false;
  const kind = kindOfUnit(house, unit);
  if (scope.unit_kind !== undefined) return kind === scope.unit_kind;
  return scope.unit !== undefined || isInpatientKind(kind);
};

/** The units that the scope names, else the wards, intensive care and step-down units; text when there are none. */
function unitsOf(c: Context): UnitNow[] | string {
  const units = [...unitIds(c.house)].filter((id) => inUnits(c, id));
  if (units.length > 0) return units.map((id) => unitNow(c.house, id, c.at));
  if (c.scope.unit !== undefined) return `unit ${c.scope.unit} is not known`;
  return c.scope.unit_kind === undefined ? 'no inpatient unit is known' : `no unit of kind ${c.scope.unit_kind} is known`;
}

const overUnits =
  (answer: (units: UnitNow[], c: Context) => ReturnType<ValueOf>): ValueOf =>
  (c) => {
    const units = unitsOf(c);
    return typeof units === 'string' ? unknown(units) : answer(units, c);
  };

const sum = (units: readonly UnitNow[], of: (unit: UnitNow) => number) => units.reduce((total, unit) => total + of(unit), 0);
const counted = (key: Count): ValueOf => overUnits((units) => known(sum(units, (unit) => unit[key])));

/** Sum of staffed beds; unknown as soon as one unit's are, since the rest would pass for the whole. */
function staffedOf(units: readonly UnitNow[]): ReturnType<ValueOf> {
  const blind = units.filter(({ staffed }) => staffed === null).map(({ unit }) => unit);
  return blind.length > 0 ? unknown(`staffed beds are not known of ${blind.join(', ')}`) : known(sum(units, ({ staffed }) => staffed!));
}

const perStaffed = (beds: (unit: UnitNow) => number): ValueOf =>
  overUnits((units) => {
    const staffed = staffedOf(units);
    if (staffed.value === null) return staffed;
    return staffed.value === 0 ? unknown('no bed is staffed') : known(sum(units, beds) / staffed.value);
  });

const afterDecisions = (u: UnitNow) => u.occupied - u.pendingDischarges - u.pendingTransfersOut + u.pendingTransfersIn + u.assignedAdmissions;

/** Patients of the units with an attribute; unknown while no event of the type has been seen, as nobody then reports it. */
export const headcount = (key: 'ventilated' | 'stepDownReady', reported: (encounter: EncounterState) => boolean, type: string): ValueOf =>
  overUnits((units, c) => {
    for (const encounter of c.house.all('encounter').values()) if (reported(encounter)) return known(sum(units, (unit) => unit[key]));
    return unknown(`no ${type} event has been reported`);
  });

export const bedGauges = {
  'beds.staffed': overUnits(staffedOf),
  'beds.occupied': counted('occupied'),
  'beds.available': counted('available'),
  'beds.dirty': counted('dirty'),
  'beds.blocked': counted('blocked'),
  'beds.reserved': counted('reserved'),
  'beds.occupancy_rate': perStaffed(({ occupied }) => occupied),
  'beds.occupancy_after_decisions': perStaffed(afterDecisions),
} satisfies Record<string, ValueOf>;

const blockedHours: ValueOf = (c) => {
  const { house, scope } = c;
  const end = Math.min(c.to, c.at);
  const hours = (from: number, to: number) => Math.max(0, Math.min(to, end) - Math.max(from, c.from)) / HOUR;
  let seen = false;
  let total = 0;
  for (const bed of house.all('bed').values()) {
    if (!inUnits(c, bed.unit)) continue;
    seen = true;
    const open = bed.blocked && { reason: bed.blocked.reason, from: bed.blocked.since, to: end };
    for (const block of open ? [...bed.blocks, open] : bed.blocks) {
      if ((scope.reason ?? block.reason) === block.reason) total += hours(block.from, block.to);
    }
  }
  return seen ? known(total) : unknown('no bed events of the scope have been reported');
};

const acuityIndex: ValueOf = (c) => {
  const scores: number[] = [];
  for (const { adt, icu } of c.house.all('encounter').values()) {
    const stay = stayAt(adt, c.at);
    const acuity = icu?.admittedAt !== undefined && !hasHappened(c, icu.dischargedAt) ? (icu.acuity ?? adt?.acuity) : adt?.acuity;
    if (stay && acuity !== undefined && inUnits(c, stay.unit) && stayInScope(c.house, stay, c.scope)) scores.push(acuity);
  }
  return scores.length > 0 ? known(scores.reduce((a, b) => a + b, 0) / scores.length) : unknown('no acuity of a patient in the scope is known');
};

/** When the bed was last vacated between two moments, epoch ms. */
function vacatedBetween({ house }: Context, key: string, after: number, until: number): number | undefined {
  let last: number | undefined;
  for (const id of house.encountersOfBed(key)) {
    for (const { unit, bed, to } of house.get('encounter', id)?.adt?.stays ?? []) {
      if (`${unit}/${bed}` === key && to !== undefined && to >= after && to <= until && to > (last ?? -Infinity)) last = to;
    }
  }
  return last;
}

const cleanTurnaround: SamplesOf = (c) => {
  const durations = new Durations(c);
  for (const [key, { unit, cleanings }] of c.house.all('bed')) {
    if (!inUnits(c, unit)) continue;
    let before = -Infinity;
    for (const { from, to, requested } of cleanings) {
      const sign = from < to ? from : undefined;
      durations.add(requested ? from : (vacatedBetween(c, key, before, to) ?? sign), to);
      before = to;
    }
  }
  return durations.done();
};

export const bedValues = {
  ...bedGauges,
  'beds.blocked_hours': blockedHours,
  'unit.acuity_index': acuityIndex,
} satisfies Record<string, ValueOf>;

export const bedSamples = { 'beds.clean_turnaround': cleanTurnaround } satisfies Record<string, SamplesOf>;
