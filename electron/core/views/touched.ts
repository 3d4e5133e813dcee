import type { House } from '../domain/house.ts';
import type { EncounterState } from '../domain/states.ts';
import { whereabouts } from '../domain/whereabouts.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import type { Change } from './context.ts';

/** Beds (`unit/bed`) and units that look or count differently after changes. */
export interface Touched {
  readonly beds: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

/** Every place that an encounter has to do with: where it is and was, and where it is to go. */
function* places({ adt, ed, icu }: EncounterState): Generator<{ unit?: string | undefined; bed?: string | undefined }> {
  yield* adt?.stays ?? [];
  if (adt?.pendingTransfer) yield { unit: adt.pendingTransfer.to.unit };
  if (icu) yield { unit: icu.unit, bed: icu.bed };
  if (icu?.transferTo) yield { unit: icu.transferTo.unit };
  if (ed) yield { unit: ed.unit, bed: ed.space };
  if (ed?.toUnit !== undefined) yield { unit: ed.toUnit };
}

/** Beds in which more than one lie by the records: whether these contradict each other changes with every merge. */
function* sharedBeds(house: House): Generator<string> {
  for (const { unit, bed } of house.present().values()) {
    if (bed !== undefined && house.encountersInBed(bedKey({ unit, bed })).size > 1) yield bedKey({ unit, bed });
  }
}

/**
 * What to look at again after changes: a bed shows who lies in it and for whom it is kept, a unit counts its beds,
 * its patients and who is to come or go.
 */
export function touchedBy(changes: readonly Change[], house: House): Touched {
  const beds = new Set<string>();
  const units = new Set<string>();
  const encounters = new Set<string>();
  const place = (state: EncounterState | undefined) => {
    if (!state) return;
    const here = whereabouts(state, house.soleEd);
    for (const { unit, bed } of here ? [here, ...places(state)] : places(state)) {
      if (unit === undefined) continue;
      units.add(unit);
      if (bed !== undefined) beds.add(bedKey({ unit, bed }));
    }
  };
  for (const change of changes) {
    if (change.kind === 'unit') units.add(change.id);
    if (change.kind === 'patient') for (const bed of sharedBeds(house)) beds.add(bed);
    if (change.kind === 'encounter') {
      encounters.add(change.id);
      place(change.before);
      place(change.after);
    }
    if (change.kind !== 'bed') continue;
    beds.add(change.id);
    for (const state of [change.before, change.after]) {
      if (state) units.add(state.unit);
      if (state?.reserved?.encounter !== undefined) encounters.add(state.reserved.encounter);
    }
  }
  // Whoever comes into a bed that is kept for another changes where that other one is to go.
  for (const key of beds) {
    const keptFor = house.get('bed', key)?.reserved?.encounter;
    if (keptFor !== undefined) encounters.add(keptFor);
  }
  if (encounters.size === 0) return { beds, units };
  for (const id of encounters) place(house.get('encounter', id));
  for (const [key, { unit, reserved }] of house.all('bed')) {
    if (reserved?.encounter === undefined || !encounters.has(reserved.encounter)) continue;
    beds.add(key);
    units.add(unit);
  }
  return { beds, units };
}
