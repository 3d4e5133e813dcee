import type { Location } from '#shared/events/fields.ts';
import { assign, without } from '../change.ts';
import { isInpatient, isWithin, openStay } from './place.ts';
import type { AdtState, Stay } from './state.ts';

/** A correction as its message says it. Epoch ms; without `withdraws` the last event of the kind is meant. */
export interface Withdrawal {
  readonly time: number;
  readonly withdraws?: number | undefined;
  /** Where the patient is. */
  readonly location?: Location | undefined;
}

const WITHDRAWN = { 'adt.admit-cancelled': 'adt.admitted', 'adt.transfer-cancelled': 'adt.transferred', 'adt.discharge-cancelled': 'adt.discharged' } as const;

interface Ordered {
  readonly type: string;
  readonly time: number;
  readonly sequence?: number;
}

/** Notes what a cancel withdraws that has its own time and is not known yet: of two events of one moment the id decides which folds first. */
export function awaiting(before: AdtState, after: AdtState, type: keyof typeof WITHDRAWN, { time, withdraws }: Withdrawal, { sequence }: Ordered): AdtState {
  if (withdraws !== time || sequence !== undefined) return after;
  const known = [before.dischargedAt, before.dischargedAgainAt, ...before.stays.flatMap(({ from, saidAgainAt }) => [from, saidAgainAt])].includes(time);
  return known ? after : { ...after, awaited: { type: WITHDRAWN[type], at: time } };
}

/** Whether the event was withdrawn before it folded. */
export const isAwaited = ({ awaited }: AdtState, { type, time, sequence }: Ordered): boolean =>
  awaited !== undefined && sequence === undefined && awaited.at === time && awaited.type === type;

/** Stays after a correction, with the admission that they amount to. */
function corrected(adt: AdtState, stays: readonly Stay[]): AdtState {
  const first = stays.find((stay) => isInpatient(stay, adt.class));
  const next = { ...adt, stays: [...stays] };
  if (!first) return without(next, 'admittedAt');
  const { admittedAt } = adt;
  const begunThere = admittedAt !== undefined && admittedAt >= first.from && (first.to === undefined || admittedAt < first.to);
  return begunThere ? next : { ...next, admittedAt: first.from };
}

/** The place after the last event, when the patient is charted elsewhere: of how they came there nothing is known. */
function settled(adt: AdtState, location: Location | undefined, time: number): AdtState {
  const open = openStay(adt);
  if (!location || (open && isWithin(open, location))) return adt;
  if (!open && (adt.status === 'discharged' || adt.status === 'cancelled')) return adt;
  return { ...adt, stays: [...(open ? [...adt.stays.slice(0, -1), { ...open, to: time }] : adt.stays), { ...location, from: time }] };
}

const samePlace = (a: Stay, b: Stay) => a.unit === b.unit && a.bed === b.bed;

/** Whether the patient had left before stay `i` began. */
const isReturn = (stays: readonly Stay[], i: number) => i > 0 && stays[i - 1]!.to! < stays[i]!.from;
/** A new admission under the old number. */
const isReadmission = (stays: readonly Stay[], i: number) => stays[i]!.admission === true && isReturn(stays, i);

/** A report that repeated the place is withdrawn, or the first of several is, and the place held from the repetition. */
function retimed(adt: AdtState, withdraws: number): AdtState | undefined {
  const i = adt.stays.findIndex(({ from, saidAgainAt }) => saidAgainAt !== undefined && (from === withdraws || saidAgainAt === withdraws));
  const stay = adt.stays[i];
  if (!stay) return undefined;
  const once = without(stay, 'saidAgainAt');
  if (stay.saidAgainAt === withdraws) return { ...adt, stays: adt.stays.with(i, once) };
  const stays = adt.stays.with(i, { ...once, from: stay.saidAgainAt! });
  const before = stays[i - 1];
  return corrected(adt, before?.to === withdraws ? stays.with(i - 1, { ...before, to: stay.saidAgainAt! }) : stays);
}

/** Takes stay `i` out; the one before lasts on, and goes over into the one after where that is the same place. */
function taken(adt: AdtState, i: number): AdtState {
  const before = adt.stays[i - 1];
  const wrong = adt.stays[i]!;
  const after = adt.stays[i + 1];
  if (!before) return corrected(adt, adt.stays.slice(1));
  if (isReturn(adt.stays, i)) return notReturned(adt, i);
  const end = after && samePlace(before, after) && wrong.to === after.from ? after : wrong;
  const lasting = assign<Stay>({ ...without(before, 'to'), restored: true }, { to: end.to });
  return corrected(adt, [...adt.stays.slice(0, i - 1), lasting, ...adt.stays.slice(end === wrong ? i + 1 : i + 2)]);
}

/** As if the patient had never been placed. */
function neverPlaced(adt: AdtState, time: number): AdtState {
  const rest = without(adt, 'admittedAt', 'dischargedAt', 'dischargedAgainAt', 'disposition', 'pendingDischarge', 'pendingTransfer', 'leave');
  const admission = adt.stays.some((stay) => isInpatient(stay, adt.class)) ? true : undefined;
  return assign<AdtState>({ ...rest, status: 'cancelled', stays: [], cancelledAt: adt.cancelledAt ?? time }, { cancelledAdmission: admission });
}

/** Back to the discharge before stay `i`, with which the patient would have come back. */
function notReturned(adt: AdtState, i: number): AdtState {
  const stays = adt.stays.slice(0, i);
  const last = { ...stays.at(-1)!, restored: true } as const;
  const rest = without(adt, 'pendingDischarge', 'pendingTransfer', 'leave', 'dischargedAgainAt', 'disposition');
  return corrected({ ...rest, status: 'discharged', dischargedAt: last.to! }, [...stays.slice(0, -1), last]);
}

/**
 * HL7 A11. A named admission is taken out where another one stands (the same patient admitted again with the right
 * time or bed); else the patient was never placed, or not since the discharge before.
 */
export function admitCancelled(adt: AdtState, { time, withdraws }: Withdrawal): AdtState {
  const { stays } = adt;
  if (withdraws === undefined) {
    if (adt.readmissionCancelled) return adt;
    const again = stays.findLastIndex((_, i) => isReadmission(stays, i));
    return again > 0 ? { ...notReturned(adt, again), readmissionCancelled: true } : neverPlaced(adt, time);
  }
  const same = retimed(adt, withdraws);
  if (same) return same;
  const i = stays.findIndex(({ from }) => from === withdraws);
  // An admission that is not known (any more): it was withdrawn before, unless the history begins after it.
  if (i < 0) return stays.length === 0 || (withdraws < stays[0]!.from && !stays[0]!.admission) ? neverPlaced(adt, time) : adt;
  if (i > 0 && !isReadmission(stays, i)) return taken(adt, i);
  const next = stays.findIndex(({ admission }, k) => k > i && admission);
  if (next > 0) return corrected(adt, [...stays.slice(0, i), ...stays.slice(next)]);
  return i > 0 ? { ...notReturned(adt, i), readmissionCancelled: true } : neverPlaced(adt, time);
}

/**
 * HL7 A12: the move never happened, so the placement before it lasted on. A location in the message is where the
 * patient is; where it contradicts the placement before, it holds from the time of the move that was withdrawn.
 * Without a move that could be meant only the location counts.
 */
export function transferCancelled(adt: AdtState, withdrawal: Withdrawal): AdtState {
  const { time, withdraws, location } = withdrawal;
  const { stays } = adt;
  if (withdraws !== undefined) {
    const same = retimed(adt, withdraws);
    if (same) return settled(same, location, time);
    const i = stays.findIndex(({ from }) => from === withdraws);
    return i > 0 && !isReadmission(stays, i) ? relocated(taken(adt, i), location, withdrawal) : settled(adt, location, time);
  }
  const last = stays.at(-1);
  const before = stays.at(-2);
  const atLast = last && location && isWithin(last, location) && !(before && isWithin(before, location));
  if (!last || !before || atLast || last.restored || isReadmission(stays, stays.length - 1)) return settled(adt, location, time);
  return relocated(taken(adt, stays.length - 1), location, { ...withdrawal, withdraws: last.from });
}

/** After a withdrawn move: where the message says another place than the one before, the patient went there instead. */
function relocated(adt: AdtState, location: Location | undefined, { withdraws }: Withdrawal): AdtState {
  const last = adt.stays.at(-1);
  if (!location || !last || isWithin(last, location)) return adt;
  const since = Math.max(withdraws!, last.from);
  return corrected(adt, [...adt.stays.slice(0, -1), { ...without(last, 'restored'), to: since }, assign<Stay>({ ...location, from: since }, { to: last.to })]);
}

/**
 * HL7 A13: the last stay goes on. Where the message names another place, the patient is there from now. A decided
 * discharge is not restored: what was withdrawn has to be decided again. A discharge that was reported again with
 * another time stands with that one when only the first is withdrawn.
 */
export function dischargeCancelled(adt: AdtState, { time, withdraws, location }: Withdrawal): AdtState {
  if (adt.status === 'cancelled') return adt;
  if (adt.status !== 'discharged') return settled(adt, location, time);
  const { dischargedAt, dischargedAgainAt } = adt;
  const last = adt.stays.at(-1);
  if (withdraws !== undefined && dischargedAgainAt !== undefined) {
    const once = without(adt, 'dischargedAgainAt');
    if (withdraws === dischargedAgainAt) return once;
    if (withdraws === dischargedAt) {
      const stays = last?.to === dischargedAt ? adt.stays.with(-1, { ...last, to: dischargedAgainAt }) : adt.stays;
      return { ...once, dischargedAt: dischargedAgainAt, stays };
    }
  }
  if (withdraws !== undefined && withdraws !== dischargedAt) return adt;
  const open: AdtState = { ...without(adt, 'dischargedAt', 'dischargedAgainAt', 'disposition'), status: 'active', reopenedAt: time };
  if (!last) return location ? { ...open, stays: [{ ...location, from: time }] } : open;
  if (!location || isWithin(last, location)) return { ...open, stays: adt.stays.with(-1, without(last, 'to')) };
  return { ...open, stays: [...adt.stays.slice(0, -1), { ...last, to: time }, { ...location, from: time }] };
}
