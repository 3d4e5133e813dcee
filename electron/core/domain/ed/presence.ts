import type { EncounterState } from '../states.ts';
import { isInpatient, stayAt } from '../adt/place.ts';
import type { EdState } from './state.ts';

/** Start of an emergency visit, epoch ms: arrival, or the first sign of the patient where the history starts later. */
export const edSince = (ed: EdState | undefined): number | undefined =>
  ed?.arrivedAt ?? ed?.triagedAt ?? ed?.roomedAt ?? ed?.providerAt ?? ed?.admissionDecidedAt;

const newestOf = (...times: readonly (number | undefined)[]): number => Math.max(-Infinity, ...times.filter((time) => time !== undefined));

/**
 * Whether the visit never happened: its registration was cancelled (HL7 A11 takes back A04 as well), and nothing was
 * done for the patient since. Where an admission out of the department was cancelled, the visit goes on.
 */
export function isVoidVisit({ ed, adt }: EncounterState): boolean {
  if (!ed || adt?.status !== 'cancelled' || adt.cancelledAdmission) return false;
  const { arrivedAt, triagedAt, roomedAt, providerAt, admissionDecidedAt, departedAt, leftWithoutBeingSeenAt } = ed;
  return newestOf(arrivedAt, triagedAt, roomedAt, providerAt, admissionDecidedAt, departedAt, leftWithoutBeingSeenAt) <= adt.cancelledAt!;
}

/**
 * When the emergency department says that the patient left, epoch ms. A discharge out of the department that was
 * withdrawn (HL7 A13) takes a departure before it along.
 */
export function departedEdAt({ ed, adt }: EncounterState): number | undefined {
  const reopened = adt?.reopenedAt;
  if (ed?.departedAt === undefined || reopened === undefined || ed.departedAt > reopened) return ed?.departedAt;
  const stay = stayAt(adt, reopened);
  if (stay && stay.unitKind !== 'ed' && stay.unit !== ed.unit) return ed.departedAt;
  return ed.departedAgainAt !== undefined && ed.departedAgainAt > reopened ? ed.departedAgainAt : undefined;
}

/**
 * When the patient left the emergency department, epoch ms; undefined while there. Departure as reported, else what
 * proves it: a placement in an inpatient unit or a discharge after the arrival.
 */
export function leftEdAt(encounter: EncounterState): number | undefined {
  const { ed, adt } = encounter;
  const departed = departedEdAt(encounter);
  if (departed !== undefined) return departed;
  if (ed?.leftWithoutBeingSeenAt !== undefined) return ed.leftWithoutBeingSeenAt;
  const since = edSince(ed);
  if (since === undefined || !adt) return undefined;
  const placed = adt.stays.find((stay) => stay.from >= since && stay.unit !== ed?.unit && isInpatient(stay, undefined));
  if (placed) return placed.from;
  return adt.dischargedAt !== undefined && adt.dischargedAt >= since ? adt.dischargedAt : undefined;
}

/** Whether the patient is in the emergency department now. */
export const isInEd = (encounter: EncounterState): boolean => edSince(encounter.ed) !== undefined && leftEdAt(encounter) === undefined && !isVoidVisit(encounter);

/** Since when the patient waits there for an inpatient bed, epoch ms; undefined if they do not. */
export const boardingSince = (encounter: EncounterState): number | undefined =>
  isInEd(encounter) ? encounter.ed?.admissionDecidedAt : undefined;
