import type { EncounterState } from '../states.ts';
import { isInpatient } from '../adt/place.ts';
import type { EdState } from './state.ts';

/** Start of an emergency visit, epoch ms: arrival, or the first sign of the patient where the history starts later. */
export const edSince = (ed: EdState | undefined): number | undefined =>
  ed?.arrivedAt ?? ed?.triagedAt ?? ed?.roomedAt ?? ed?.providerAt ?? ed?.admissionDecidedAt;

/**
 * When the patient left the emergency department, epoch ms; undefined while there. Departure as reported, else what
 * proves it: a placement in an inpatient unit or a discharge after the arrival.
 */
export function leftEdAt({ ed, adt }: EncounterState): number | undefined {
  if (ed?.departedAt !== undefined) return ed.departedAt;
  if (ed?.leftWithoutBeingSeenAt !== undefined) return ed.leftWithoutBeingSeenAt;
  const since = edSince(ed);
  if (since === undefined || !adt) return undefined;
  const placed = adt.stays.find((stay) => stay.from >= since && stay.unit !== ed?.unit && isInpatient(stay, undefined));
  if (placed) return placed.from;
  return adt.dischargedAt !== undefined && adt.dischargedAt >= since ? adt.dischargedAt : undefined;
}

/** Whether the patient is in the emergency department now. */
export const isInEd = (encounter: EncounterState): boolean => edSince(encounter.ed) !== undefined && leftEdAt(encounter) === undefined;

/** Since when the patient waits there for an inpatient bed, epoch ms; undefined if they do not. */
export const boardingSince = (encounter: EncounterState): number | undefined =>
  isInEd(encounter) ? encounter.ed?.admissionDecidedAt : undefined;
