import type { Location, UnitKind } from '#shared/events/fields.ts';
import type { AdtState, Stay } from './state.ts';

/** Kinds of unit that treat people who are not admitted; being there does not make an inpatient. */
const OUTPATIENT: ReadonlySet<UnitKind> = new Set(['ed', 'lab', 'imaging', 'pharmacy', 'clinic']);

/** Whether a placement counts as inpatient; a unit of unknown kind does, an emergency or outpatient class does not. */
export function isInpatient(place: Location, patientClass: AdtState['class']): boolean {
  return patientClass !== 'emergency' && patientClass !== 'outpatient' && !(place.unitKind && OUTPATIENT.has(place.unitKind));
}

/** Whether `named` may be the place itself: many messages name the unit alone, and leave out bed or room. */
export const isWithin = (place: Location, named: Location): boolean =>
  place.unit === named.unit && (named.bed === undefined || named.bed === place.bed);

/** Where the patient was at `t` (epoch ms), if it is known. */
export const stayAt = (adt: AdtState | undefined, t: number): Stay | undefined =>
  adt?.stays.findLast((stay) => stay.from <= t && (stay.to === undefined || stay.to > t));

/** The stay that goes on, if any: only the last one can. */
export function openStay(adt: AdtState | undefined): Stay | undefined {
  const last = adt?.stays[adt.stays.length - 1];
  return last && last.to === undefined ? last : undefined;
}
