import { describe, it } from 'vitest';
import { at, given, happened } from './given.ts';

const said = (clock: string, type: string, more: object = {}) => happened(clock, `or.${type}`, { case: 'C1', ...more }, { source: 'or' });
const booked = (clock: string, start: string, more: object = {}) =>
  said(clock, 'case-scheduled', { room: '3', scheduledStart: `2026-01-10T${start}:00Z`, scheduledMinutes: 120, ...more });
const plan = { room: '3', scheduledStart: at('08:00'), scheduledMinutes: 120 };

describe('operating room case', () => {
  it('goes from booking to wheels out', () => {
    given(booked('06:00', '08:00', { service: 'Ortho', addOn: true }), said('08:10', 'patient-in-room'), said('08:30', 'case-started'), said('10:00', 'case-completed'))
      .when(said('10:20', 'patient-out-of-room', { destination: 'pacu' }))
      .then({
        ...plan, service: 'Ortho', addOn: true, inRoomAt: at('08:10'), startedAt: at('08:30'), completedAt: at('10:00'), outOfRoomAt: at('10:20'), destination: 'pacu',
      });
  });
  it('a new booking replaces the old one and its delay', () => {
    given(booked('06:00', '07:00'), said('06:30', 'case-delayed', { expectedStart: '2026-01-10T07:30:00Z', reason: 'set' })).when(booked('06:40', '08:00')).then(plan);
  });
  it('a booking written after wheels in does not change what lateness is measured against', () => {
    given(booked('06:00', '08:00'), said('08:20', 'patient-in-room', { room: '4' }))
      .when(booked('08:25', '08:20', { scheduledMinutes: 90 }))
      .then({ ...plan, room: '4', scheduledMinutes: 90, inRoomAt: at('08:20') });
  });
  it('a first booking counts also when it is dated after an early start', () => {
    given(said('07:50', 'patient-in-room')).when(booked('08:00', '08:00')).then({ ...plan, inRoomAt: at('07:50') });
  });
  it('an announced delay stands beside the plan', () => {
    given(booked('06:00', '08:00'))
      .when(said('07:30', 'case-delayed', { expectedStart: '2026-01-10T09:00:00Z', reason: 'instrument set' }))
      .then({ ...plan, expectedStart: at('09:00'), delayReason: 'instrument set' });
  });
  it('a repeated wheels-out is the later one, a repeated wheels-in the first', () => {
    given(booked('06:00', '08:00'), said('08:10', 'patient-in-room'), said('08:12', 'patient-in-room'), said('10:00', 'patient-out-of-room'))
      .when(said('10:20', 'patient-out-of-room'))
      .then({ ...plan, inRoomAt: at('08:10'), outOfRoomAt: at('10:20') });
  });
  it('cancelled gives its bed back, and is on again when the patient comes in', () => {
    const hold = { unitKind: 'icu', unit: 'MICU', requestedAt: at('06:10') };
    const before = [booked('06:00', '08:00'), said('06:10', 'bed-hold-requested', { unitKind: 'icu', unit: 'MICU' })];
    const cancelled = said('07:00', 'case-cancelled', { reason: 'no bed' });
    given(...before).when(cancelled).then({ ...plan, hold: { ...hold, releasedAt: at('07:00') }, cancelledAt: at('07:00'), cancelReason: 'no bed' });
    given(...before, cancelled).when(said('08:30', 'patient-in-room')).then({ ...plan, hold: { ...hold, releasedAt: at('07:00') }, inRoomAt: at('08:30') });
  });
  it('a hold is released by its kind, and a later one is new', () => {
    const requested = (clock: string) => said(clock, 'bed-hold-requested', { unitKind: 'icu' });
    given(requested('06:00')).when(said('07:00', 'bed-hold-released', { unitKind: 'ward' })).then({ hold: { unitKind: 'icu', requestedAt: at('06:00') } });
    given(requested('06:00'), said('07:00', 'bed-hold-released')).when(requested('08:00')).then({ hold: { unitKind: 'icu', requestedAt: at('08:00') } });
  });
});

describe('operating room', () => {
  it('keeps since when it is closed', () => {
    const closed = (clock: string) => happened(clock, 'or.room-status-changed', { room: '14', status: 'closed', reason: 'no anaesthetist', expectedUntil: '2026-01-10T12:00:00Z' }, { source: 'or' });
    given(closed('07:00')).when(closed('08:00')).then({ status: 'closed', since: at('07:00'), reason: 'no anaesthetist', expectedUntil: at('12:00') });
  });
});
