import type { Location } from '#shared/events/fields.ts';
import { without } from '../change.ts';
import { isWithin, openStay } from './place.ts';
import type { AdtState, Stay } from './state.ts';

/** HL7 A11: as if the patient had never been placed. */
export function admitCancelled(adt: AdtState): AdtState {
  const rest = without(adt, 'admittedAt', 'dischargedAt', 'disposition', 'pendingDischarge', 'pendingTransfer');
  return { ...rest, status: 'cancelled', stays: [] };
}

/**
 * HL7 A12: the last move never happened, so the placement before it lasted on. A location in the message is where
 * the patient is; where it contradicts the placement before, it holds from the time of the move that was withdrawn.
 */
export function transferCancelled(adt: AdtState, location: Location | undefined): AdtState {
  const wrong = adt.stays.at(-1);
  if (!wrong) return adt;
  const before = adt.stays.at(-2);
  const until = wrong.to === undefined ? {} : { to: wrong.to };
  const kept = adt.stays.slice(0, before ? -2 : -1);
  if (!before) return location ? { ...adt, stays: [{ ...location, from: wrong.from, ...until }] } : adt;
  if (!location || isWithin(before, location)) return { ...adt, stays: [...kept, { ...without(before, 'to'), ...until }] };
  return { ...adt, stays: [...kept, before, { ...location, from: wrong.from, ...until }] };
}

/**
 * HL7 A13: the last stay goes on. Where the message names another place, the patient is there from now. A decided
 * discharge is not restored: what was withdrawn has to be decided again.
 */
export function dischargeCancelled(adt: AdtState, location: Location | undefined, time: number): AdtState {
  if (adt.status === 'cancelled' || openStay(adt)) return adt;
  const rest: AdtState = { ...without(adt, 'dischargedAt', 'disposition'), status: 'active' };
  const last = adt.stays.at(-1);
  if (!last) return location ? { ...rest, stays: [{ ...location, from: time }] } : rest;
  const kept: Stay[] = adt.stays.slice(0, -1);
  if (!location || isWithin(last, location)) return { ...rest, stays: [...kept, without(last, 'to')] };
  return { ...rest, stays: [...kept, { ...last, to: time }, { ...location, from: time }] };
}
