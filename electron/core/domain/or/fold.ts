import type { EventOf } from '#shared/events/define.ts';
import { isRoomStatus, orEvents } from '#shared/events/types/or.ts';
import type { SiteConfig } from '#shared/site.ts';
import { areaOf } from '../area.ts';
import { assign, ms, msOr, without } from '../change.ts';
import type { OrCaseState, OrRoomState } from './state.ts';

type OrEvent = EventOf<typeof orEvents>;
type Of<T extends OrEvent['type']> = Extract<OrEvent, { type: T }>;

function scheduled(state: OrCaseState, { data }: Of<'or.case-scheduled'>): OrCaseState {
  const { encounter, service, procedure, addOn, scheduledMinutes, room } = data;
  const booked = assign(without(state, 'cancelledAt', 'cancelReason'), { encounter, service, procedure, addOn, scheduledMinutes });
  // Lateness is measured against the plan that stood when the patient came in, not against a booking written afterwards.
  if (state.inRoomAt !== undefined && state.scheduledStart !== undefined) return booked;
  const start = { scheduledStart: ms(data.scheduledStart) };
  if (state.inRoomAt !== undefined) return { ...booked, room: state.room ?? room, ...start };
  return { ...without(booked, 'expectedStart', 'delayReason'), room, ...start };
}

function cancelled(state: OrCaseState, { data, time }: Of<'or.case-cancelled'>): OrCaseState {
  // A case whose procedure began took place, whatever the booking system tidies up afterwards.
  if (state.startedAt !== undefined || state.completedAt !== undefined) return state;
  return assign(releaseHold(state, time), { cancelledAt: state.cancelledAt ?? time, cancelReason: data.reason });
}

/** What is done for a patient shows that the case was not cancelled after all. */
const on = (state: OrCaseState) => without(state, 'cancelledAt', 'cancelReason');

/** A patient who comes in again was not out for good, or went out too early. */
function inRoom(state: OrCaseState, { data, time }: Of<'or.patient-in-room'>): OrCaseState {
  const back = state.inRoomAt !== undefined && state.outOfRoomAt !== undefined;
  const here = back ? without(state, 'outOfRoomAt', 'completedAt', 'destination') : state;
  return assign(here, { room: data.room, inRoomAt: state.inRoomAt ?? time });
}

/** A case that is started again was not completed. */
function started(state: OrCaseState, { data, time }: Of<'or.case-started'>): OrCaseState {
  const open = state.startedAt === undefined ? state : without(state, 'completedAt');
  return assign(open, { room: data.room, startedAt: state.startedAt ?? time });
}

function holdRequested(state: OrCaseState, { data, time }: Of<'or.bed-hold-requested'>): OrCaseState {
  const open = state.hold && state.hold.releasedAt === undefined ? state.hold : undefined;
  const hold = { unitKind: data.unitKind, requestedAt: open?.requestedAt ?? time };
  return { ...state, hold: assign<NonNullable<OrCaseState['hold']>>(hold, { unit: data.unit, neededAt: msOr(data.neededAt) }) };
}

function releaseHold(state: OrCaseState, time: number): OrCaseState {
  if (!state.hold || state.hold.releasedAt !== undefined) return state;
  return { ...state, hold: { ...state.hold, releasedAt: time } };
}

function foldCase(state: OrCaseState = {}, event: OrEvent): OrCaseState {
  const { time } = event;
  switch (event.type) {
    case 'or.case-scheduled':
      return scheduled(state, event);
    case 'or.case-delayed':
      return assign(without(state, 'delayReason'), { room: event.data.room, expectedStart: ms(event.data.expectedStart), delayReason: event.data.reason });
    case 'or.patient-in-room':
      return inRoom(on(state), event);
    case 'or.case-started':
      return started(on(state), event);
    case 'or.case-completed':
      return assign(on(state), { room: event.data.room, completedAt: time });
    case 'or.patient-out-of-room':
      return assign(state, { room: event.data.room, outOfRoomAt: time, destination: event.data.destination });
    case 'or.case-cancelled':
      return cancelled(state, event);
    case 'or.bed-hold-requested':
      return holdRequested(state, event);
    case 'or.bed-hold-released': {
      const { unitKind } = event.data;
      return unitKind === undefined || unitKind === state.hold?.unitKind ? releaseHold(state, time) : state;
    }
    default:
      return state;
  }
}

function foldRoom(state: OrRoomState | undefined, event: OrEvent): OrRoomState {
  const { data, time } = event as Of<'or.room-status-changed'>;
  const said = isRoomStatus(data.status) ? { status: data.status } : { status: 'unknown' as const, word: data.status };
  const since = state?.status === said.status && state.word === said.word ? state.since : time;
  return assign<OrRoomState>({ ...said, since }, { reason: data.reason, expectedUntil: msOr(data.expectedUntil) });
}

/** The room as a site understands it that knows what its own words mean. */
export const understoodRoom = (room: OrRoomState, words: SiteConfig['statuses']['room']): OrRoomState =>
  room.word === undefined ? room : { ...room, status: words[room.word]?.base ?? 'unknown' };

/**
 * Operating room cases. Repeated reports: the first wheels-in and start count, and the last completion and wheels-out,
 * since an earlier end was premature.
 */
export const orCases = areaOf({ kind: 'or-case', events: orEvents }, foldCase);

/** Operating rooms: open, closed, reserved for emergencies or being cleaned. */
export const orRooms = areaOf({ kind: 'or-room', events: orEvents }, foldRoom);
