import { KEPT_DAYS } from '../../domain/beds/history.ts';
import { unitIds, unitNow, type UnitNow } from '../../domain/units/now.ts';
import type { EncounterState } from '../../domain/states.ts';
import { known, share, unknown, type Context, type SamplesOf, type ValueOf } from '../context.ts';
import { Durations, HOUR } from '../durations.ts';
import { bedsAfterDecisions } from '../formulas/ratios.ts';
import { kindOfUnit } from '../../domain/units/kind.ts';
import { isInpatientKind } from '../places.ts';

type BedCount = 'available' | 'dirty' | 'blocked' | 'reserved';

const kindMatches = ({ scope }: Context, kind: string | null | undefined) => {
  if (scope.unit_kind !== undefined) return kind === scope.unit_kind;
  return scope.unit !== undefined || isInpatientKind(kind ?? undefined);
};

/** The units that the scope names, else the wards, intensive care and step-down units; text when there are none. */
function unitsOf(c: Context): UnitNow[] | string {
  const { house, scope, at } = c;
  const units = unitIds(house)
    .filter((id) => (scope.unit ?? id) === id)
    .map((id) => unitNow(house, id, at))
    .filter(({ kind }) => kindMatches(c, kind));
  if (units.length > 0) return units;
  if (scope.unit !== undefined) return `unit ${scope.unit} is not known`;
  return scope.unit_kind === undefined ? 'no inpatient unit is known' : `no unit of kind ${scope.unit_kind} is known`;
}

const overUnits =
  (answer: (units: UnitNow[], c: Context) => ReturnType<ValueOf>): ValueOf =>
  (c) => {
    const units = unitsOf(c);
    return typeof units === 'string' ? unknown(units) : answer(units, c);
  };

const sum = (units: readonly UnitNow[], of: (unit: UnitNow) => number) => units.reduce((total, unit) => total + of(unit), 0);

/** Beds in a state that only housekeeping or a bed system can tell; unknown while none of them has told any. */
const told = (key: BedCount): ValueOf =>
  overUnits((units) => {
    const beds = units.flatMap((unit) => unit.beds);
    if (beds.length === 0) return unknown('no bed of the scope is known');
    const silent = beds.some(({ status }) => status === 'unknown') && beds.every(({ status }) => status === 'unknown' || status === 'occupied');
    return silent ? unknown('nobody has told the state of the free beds') : known(sum(units, (unit) => unit[key]));
  });

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

/**
 * Patients of the units with an attribute; unknown while no event of the type has been seen, as nobody then reports it,
 * and as soon as one unit with patients does not, since the rest would pass for the whole.
 */
export const headcount = (key: 'ventilated' | 'stepDownReady', reported: (encounter: EncounterState, unit: string) => boolean, type: string): ValueOf =>
  overUnits((units, c) => {
    const silent = units.filter(({ unit }) => !c.house.some('encounter', `${type} of ${unit}`, (encounter) => reported(encounter, unit)));
    const blind = silent.length === units.length ? silent : silent.filter(({ occupied }) => occupied > 0);
    if (blind.length > 0) return unknown(`no ${type} event has been reported of ${blind.map(({ unit }) => unit).join(', ')}`);
    return known(sum(units, (unit) => unit[key]));
  });

export const bedGauges = {
  'beds.staffed': overUnits(staffedOf),
  'beds.occupied': overUnits((units) => known(sum(units, ({ occupied }) => occupied))),
  'beds.available': told('available'),
  'beds.dirty': told('dirty'),
  'beds.blocked': told('blocked'),
  'beds.reserved': told('reserved'),
  'beds.unknown': overUnits((units) => known(sum(units, ({ unknown: unsaid }) => unsaid))),
  'beds.occupancy_rate': perStaffed(({ occupied }) => occupied),
  'beds.occupancy_after_decisions': perStaffed(bedsAfterDecisions),
} satisfies Record<string, ValueOf>;

const bedMatches = (c: Context, unit: string) => (c.scope.unit ?? unit) === unit && kindMatches(c, kindOfUnit(c.house, unit));

/** Why a bed's past does not reach back to the beginning of the window, where it does not. Without a beginning what is known is asked for. */
function forgotten(c: Context): string | undefined {
  if (c.from === -Infinity) return undefined;
  for (const { unit, forgottenUntil } of c.house.all('bed').values()) {
    if (forgottenUntil !== undefined && forgottenUntil >= c.from && bedMatches(c, unit)) return `the past of beds is kept for ${KEPT_DAYS} days; the window begins before`;
  }
  return undefined;
}

const blockedHours: ValueOf = (c) => {
  const { house, scope } = c;
  const lost = forgotten(c);
  if (lost !== undefined) return unknown(lost);
  const end = Math.min(c.to, c.at);
  const hours = (from: number, to: number) => Math.max(0, Math.min(to, end) - Math.max(from, c.from)) / HOUR;
  let seen = false;
  let total = 0;
  for (const bed of house.all('bed').values()) {
    if (!bedMatches(c, bed.unit)) continue;
    seen = true;
    const open = bed.blocked && { reason: bed.blocked.reason, from: bed.blocked.since, to: end };
    for (const block of open ? [...bed.blocks, open] : bed.blocks) {
      if ((scope.reason ?? block.reason) === block.reason) total += hours(block.from, block.to);
    }
  }
  return seen ? known(total) : unknown('no bed events of the scope have been reported');
};

const acuityIndex: ValueOf = overUnits((units) => {
  const scored = sum(units, ({ acuity }) => acuity.count);
  return share(sum(units, ({ acuity }) => acuity.sum), scored, 'no acuity of a patient in the scope is known');
});

const cleanTurnaround: SamplesOf = (c) => {
  const lost = forgotten(c);
  if (lost !== undefined) return { samples: [], excluded: 0, reason: lost };
  const durations = new Durations(c);
  for (const [key, bed] of c.house.all('bed')) {
    if (!bedMatches(c, bed.unit)) continue;
    let before = -Infinity;
    for (const { from, to, requested } of bed.cleanings) {
      if (to < c.from) {
        before = to;
        continue;
      }
      const sign = from < to ? from : undefined;
      durations.add(requested ? from : (c.house.lastVacated(key, before, to) ?? sign), to);
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
