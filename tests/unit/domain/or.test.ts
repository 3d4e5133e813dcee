import { describe, expect, it } from 'vitest';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { at, folded, given, happened } from './given.ts';

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

describe('corrections of a case', () => {
  const before = [booked('06:00', '08:00'), said('08:10', 'patient-in-room')];
  const base = { ...plan, inRoomAt: at('08:10') };
  const cancelled = (clock: string, more: object = {}) => said(clock, 'case-cancelled', more);
  const open = (...events: Parameters<typeof folded>[0]) => isOpen('or-case', folded(events));

  it('booked again under its number it is on, with the new plan, unless it was cancelled after that', () => {
    given(booked('06:00', '08:00'), cancelled('07:00', { reason: 'no bed' })).when(booked('07:30', '11:00', { room: '4' })).then({ ...plan, room: '4', scheduledStart: at('11:00') });
    given(booked('06:00', '08:00'), cancelled('07:00'), cancelled('07:10')).when(booked('07:05', '11:00')).then({ ...plan, scheduledStart: at('11:00'), cancelledAt: at('07:10') });
  });
  it('a cancellation without its booking, or twice, is one cancellation', () => {
    given(cancelled('07:00')).when(cancelled('07:10', { reason: 'no bed' })).then({ cancelledAt: at('07:00'), cancelReason: 'no bed' });
    given(cancelled('07:00')).when(booked('06:00', '08:00')).then({ ...plan, cancelledAt: at('07:00') });
  });
  it('cancelled in the room it ends with wheels out, and is in the room until then', () => {
    given(...before, cancelled('08:20', { reason: 'unfit' }))
      .when(said('08:40', 'patient-out-of-room'))
      .then({ ...base, cancelledAt: at('08:20'), cancelReason: 'unfit', outOfRoomAt: at('08:40') });
    expect(open(...before, cancelled('08:20'))).toBe(true);
    expect(open(...before, cancelled('08:20'), said('08:40', 'patient-out-of-room'))).toBe(false);
  });
  it('a cancellation after the procedure began takes nothing back, whichever is known first', () => {
    const started = said('08:30', 'case-started');
    given(...before, started).when(cancelled('09:00')).then({ ...base, startedAt: at('08:30') });
    given(...before, cancelled('08:20')).when(started).then({ ...base, startedAt: at('08:30') });
    given(...before, cancelled('08:20')).when(said('10:00', 'case-completed')).then({ ...base, completedAt: at('10:00') });
  });
  it('a patient who comes back into the room was not out for good', () => {
    const ended = [...before, said('08:30', 'case-started'), said('10:00', 'case-completed'), said('10:20', 'patient-out-of-room', { destination: 'pacu' })];
    given(...ended).when(said('10:40', 'patient-in-room')).then({ ...base, startedAt: at('08:30') });
    given(...ended, said('10:40', 'patient-in-room'))
      .when(said('11:30', 'patient-out-of-room', { destination: 'icu' }))
      .then({ ...base, startedAt: at('08:30'), outOfRoomAt: at('11:30'), destination: 'icu' });
    expect(open(...ended, said('10:40', 'patient-in-room'))).toBe(true);
  });
  it('a case that is started again was not completed', () => {
    given(...before, said('08:30', 'case-started'), said('10:00', 'case-completed')).when(said('10:10', 'case-started')).then({ ...base, startedAt: at('08:30') });
  });
  it('one wheels-in after wheels-out is an error of the record, and stays visible as one', () => {
    given(booked('06:00', '08:00'), said('08:00', 'patient-out-of-room')).when(said('08:10', 'patient-in-room')).then({ ...base, outOfRoomAt: at('08:00') });
  });
});

describe('operating room', () => {
  it('keeps since when it is closed', () => {
    const closed = (clock: string) => happened(clock, 'or.room-status-changed', { room: '14', status: 'closed', reason: 'no anaesthetist', expectedUntil: '2026-01-10T12:00:00Z' }, { source: 'or' });
    given(closed('07:00')).when(closed('08:00')).then({ status: 'closed', since: at('07:00'), reason: 'no anaesthetist', expectedUntil: at('12:00') });
  });
});
