import type { EventOf } from '#shared/events/define.ts';
import type { Location } from '#shared/events/fields.ts';
import { adtEvents } from '#shared/events/types/adt.ts';
import { areaOf } from '../area.ts';
import { assign, msOr, without } from '../change.ts';
import { admitCancelled, awaiting, dischargeCancelled, isAwaited, transferCancelled, type Withdrawal } from './corrections.ts';
import { isInpatient, isWithin, openStay } from './place.ts';
import type { AdtState, Stay } from './state.ts';

type AdtEvent = EventOf<typeof adtEvents>;
type Of<T extends AdtEvent['type']> = Extract<AdtEvent, { type: T }>;

const inHouse = (adt: AdtState) => adt.status === 'active' || adt.status === 'on-leave';

/** The place itself counts as constructed when the envelope marks the location or a part of it. */
const placeIsConstructed = (event: { constructed?: string }) =>
  event.constructed?.split(',').some((field) => /^(location(\.|$)|bed$)/.test(field.trim())) ?? false;

/** Puts the patient in a place from now on. The same place again is no move: senders repeat themselves. */
function placed(adt: AdtState, location: Location, event: Of<'adt.admitted' | 'adt.transferred'>): AdtState {
  const { time } = event;
  const open = openStay(adt);
  const status = adt.status === 'on-leave' ? 'on-leave' : 'active';
  const here: AdtState = { ...without(adt, 'dischargedAt', 'dischargedAgainAt', 'disposition', 'cancelledAt', 'cancelledAdmission', 'readmissionCancelled'), status };
  if (open && isWithin(open, location)) {
    const again = time > open.from ? time : undefined;
    const known = assign<Stay>(without(open, 'restored'), { unitKind: location.unitKind, room: location.room, saidAgainAt: open.saidAgainAt ?? again });
    return { ...here, stays: adt.stays.with(-1, known) };
  }
  const before = open ? [...adt.stays.slice(0, -1), { ...open, to: time }] : adt.stays;
  const stay = assign<Stay>({ ...location, from: time }, {
    constructed: placeIsConstructed(event) ? true : undefined,
    admission: event.type === 'adt.admitted' ? true : undefined,
  });
  const moved = { ...here, stays: [...before, stay] };
  return adt.admittedAt === undefined && isInpatient(stay, adt.class) ? { ...moved, admittedAt: time } : moved;
}

function admitted(adt: AdtState, event: Of<'adt.admitted'>): AdtState {
  const { class: patientClass, service, expectedDischargeAt, location } = event.data;
  const known = assign(adt, { class: patientClass, service, expectedDischargeAt: msOr(expectedDischargeAt) });
  const there = placed(known, location, event);
  // An emergency stay that becomes an admission in the same bed (A06) is admitted now, not when it began.
  return there.admittedAt === undefined && isInpatient(location, there.class) ? { ...there, admittedAt: event.time } : there;
}

function transferred(adt: AdtState, event: Of<'adt.transferred'>): AdtState {
  const { location } = event.data;
  const pending = adt.pendingTransfer;
  const from = openStay(adt)?.unit;
  const fulfilled = pending && (location.unit === pending.to.unit || location.unit !== from);
  return placed(fulfilled ? without(adt, 'pendingTransfer') : adt, location, event);
}

function discharged(adt: AdtState, { data, time }: Of<'adt.discharged'>): AdtState {
  const open = openStay(adt);
  const stays = open ? [...adt.stays.slice(0, -1), { ...open, to: time }] : adt.stays;
  const gone: AdtState = { ...without(adt, 'pendingDischarge', 'pendingTransfer', 'leave'), status: 'discharged', stays };
  const first = adt.dischargedAt ?? time;
  return assign(gone, { dischargedAt: first, dischargedAgainAt: adt.dischargedAgainAt ?? (first < time ? time : undefined), disposition: data.disposition });
}

function dischargePending(adt: AdtState, { data, time }: Of<'adt.discharge-pending'>): AdtState {
  const before = adt.pendingDischarge;
  const expectedAt = msOr(data.expectedAt) ?? before?.expectedAt;
  return { ...adt, pendingDischarge: { decidedAt: before?.decidedAt ?? time, ...(expectedAt === undefined ? {} : { expectedAt }) } };
}

function transferPending(adt: AdtState, { data, time }: Of<'adt.transfer-pending'>): AdtState {
  const before = adt.pendingTransfer?.to.unit === data.to.unit ? adt.pendingTransfer : undefined;
  const expectedAt = msOr(data.expectedAt) ?? before?.expectedAt;
  return { ...adt, pendingTransfer: { to: data.to, decidedAt: before?.decidedAt ?? time, ...(expectedAt === undefined ? {} : { expectedAt }) } };
}

function leaveStarted(adt: AdtState, { data, time }: Of<'adt.leave-started'>): AdtState {
  if (!inHouse(adt)) return adt;
  const leave = assign<NonNullable<AdtState['leave']>>({ since: adt.leave?.since ?? time }, { expectedReturnAt: msOr(data.expectedReturnAt) ?? adt.leave?.expectedReturnAt });
  return { ...adt, status: 'on-leave', leave };
}

function pendingCancelled(adt: AdtState, { data, time }: Of<'adt.pending-cancelled'>): AdtState {
  if (data.pending === 'discharge') return without(adt, 'pendingDischarge');
  return { ...without(adt, 'pendingTransfer'), transferWithdrawnAt: time };
}

type Cancel = Of<'adt.admit-cancelled' | 'adt.transfer-cancelled' | 'adt.discharge-cancelled'>;

function cancelled(adt: AdtState, event: Cancel, correct: (adt: AdtState, withdrawal: Withdrawal) => AdtState): AdtState {
  const { data, time } = event;
  const withdrawal = { time, withdraws: msOr(data.withdraws), ...('location' in data ? { location: data.location } : {}) };
  return awaiting(adt, correct(adt, withdrawal), event.type, withdrawal, event);
}

function updated(adt: AdtState, { data }: Of<'adt.updated'>): AdtState {
  const lifted = data.isolation === null ? without(adt, 'isolation') : adt;
  const open = data.expectedDischargeAt === null ? without(lifted, 'expectedDischargeAt') : lifted;
  return assign(open, {
    acuity: data.acuity,
    isolation: data.isolation ?? undefined,
    service: data.service,
    expectedDischargeAt: msOr(data.expectedDischargeAt),
  });
}

function fold(state: AdtState | undefined, event: AdtEvent): AdtState {
  const moment: AdtState = state ?? { status: 'active', stays: [] };
  const before = moment.awaited && moment.awaited.at < event.time ? without(moment, 'awaited') : moment;
  const adt = event.type === 'adt.merged' ? before : assign(before, { patient: event.data.patient?.id });
  if (isAwaited(adt, event)) return adt;
  switch (event.type) {
    case 'adt.admitted':
      return admitted(adt, event);
    case 'adt.transferred':
      return transferred(adt, event);
    case 'adt.discharged':
      return adt.status === 'cancelled' ? adt : discharged(adt, event);
    case 'adt.leave-started':
      return leaveStarted(adt, event);
    case 'adt.leave-ended':
      return adt.status === 'on-leave' ? { ...without(adt, 'leave'), status: 'active' } : adt;
    case 'adt.discharge-pending':
      return inHouse(adt) ? dischargePending(adt, event) : adt;
    case 'adt.transfer-pending':
      return inHouse(adt) ? transferPending(adt, event) : adt;
    case 'adt.pending-cancelled':
      return pendingCancelled(adt, event);
    case 'adt.admit-cancelled':
      return cancelled(adt, event, admitCancelled);
    case 'adt.transfer-cancelled':
      return cancelled(adt, event, transferCancelled);
    case 'adt.discharge-cancelled':
      return cancelled(adt, event, dischargeCancelled);
    case 'adt.updated':
      return updated(adt, event);
    case 'adt.merged':
      return adt;
  }
}

/**
 * The administrative way of an encounter. An admission after a discharge reopens the stay, because a sender that
 * skips A13 corrects itself that way.
 */
export const adt = areaOf({ kind: 'encounter', slice: 'adt', events: adtEvents }, fold);

function foldPatient(_: { mergedInto?: string } | undefined, event: AdtEvent): { mergedInto?: string } {
  return { mergedInto: (event as Of<'adt.merged'>).data.into.id };
}

/** Persons: which record lives on in which other. */
export const patients = areaOf({ kind: 'patient', events: adtEvents }, foldPatient);
