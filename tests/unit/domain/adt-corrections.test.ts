import { describe, expect, it } from 'vitest';
import type { EncounterState } from '../../../electron/core/domain/states.ts';
import { at, folded, happened } from './given.ts';

const encounter = 'V1';
const bed12 = { unit: '4E', unitKind: 'ward', bed: '12' } as const;
const bed14 = { ...bed12, bed: '14' };
const icu3 = { unit: 'MICU', unitKind: 'icu', bed: '3' } as const;
const ed = { unit: 'ED', unitKind: 'ed' } as const;
const time = (clock: string) => new Date(at(clock)).toISOString();

const said = (clock: string, type: string, more: object = {}) => happened(clock, `adt.${type}`, { encounter, ...more });
const admitted = (clock: string, location: object = bed12, more: object = {}) => said(clock, 'admitted', { patient: { id: 'P1' }, location, ...more });
const moved = (clock: string, location: object = icu3) => said(clock, 'transferred', { location });
const discharged = (clock: string) => said(clock, 'discharged');
/** A cancel event; `of` is the clock time of what it withdraws. */
const cancelled = (clock: string, what: 'admit' | 'transfer' | 'discharge', { of, ...more }: { of?: string; location?: object } = {}) =>
  said(clock, `${what}-cancelled`, { ...(of === undefined ? {} : { withdraws: time(of) }), ...more });

const clock = (t: number | undefined) => (t === undefined ? '' : new Date(t).toISOString().slice(11, 16));
type Events = Parameters<typeof folded>[0];

/** The way of the patient in short: `4E/12 08:00-10:00, MICU/3 10:00-`, then status and when admitted and discharged. */
function way(...events: Events): string {
  const { status, admittedAt, dischargedAt, stays } = (folded(events) as Required<EncounterState>).adt;
  const places = stays.map(({ unit, bed, from, to }) => `${unit}${bed === undefined ? '' : `/${bed}`} ${clock(from)}-${clock(to)}`);
  const times = [admittedAt === undefined ? [] : `in ${clock(admittedAt)}`, dischargedAt === undefined ? [] : `out ${clock(dischargedAt)}`].flat();
  return [...places, status, ...times].join(', ');
}

describe('an admission that never happened (A11)', () => {
  it('leaves nothing, however often it is said', () => {
    expect(way(admitted('08:00'), cancelled('08:30', 'admit'))).toBe('cancelled');
    expect(way(admitted('08:00'), moved('09:00'), discharged('10:00'), cancelled('10:30', 'admit'), cancelled('10:40', 'admit'))).toBe('cancelled');
  });
  it('is known before the admission is, and does not cancel a later one', () => {
    expect(way(cancelled('08:30', 'admit'))).toBe('cancelled');
    expect(way(cancelled('08:30', 'admit', { of: '08:00' }), admitted('09:00'))).toBe('4E/12 09:00-, active, in 09:00');
    expect(way(admitted('08:00'), cancelled('08:30', 'admit', { of: '08:00' }), admitted('09:00'), cancelled('09:10', 'admit', { of: '08:00' }))).toBe('4E/12 09:00-, active, in 09:00');
  });
  it('of a second stay gives back the first one with its discharge', () => {
    const first = [admitted('08:00'), discharged('10:00'), admitted('11:00', bed14), moved('11:30')];
    expect(way(...first, cancelled('12:00', 'admit'))).toBe('4E/12 08:00-10:00, discharged, in 08:00, out 10:00');
    expect(way(...first, cancelled('12:00', 'admit'), cancelled('12:10', 'admit'))).toBe('4E/12 08:00-10:00, discharged, in 08:00, out 10:00');
    expect(way(...first, cancelled('12:00', 'admit', { of: '11:00' }))).toBe('4E/12 08:00-10:00, discharged, in 08:00, out 10:00');
  });
  it.each([
    ['earlier', '07:00', '4E/12 07:00-, active, in 07:00'],
    ['later, before the correction', '08:20', '4E/12 08:20-, active, in 08:20'],
    ['later, after the correction', '09:00', '4E/12 09:00-, active, in 09:00'],
  ])('and is reported again with the right time, %s', (_, right, expected) => {
    expect(way(admitted('08:00'), cancelled('08:30', 'admit', { of: '08:00' }), admitted(right))).toBe(expected);
  });
  it.each([
    ['earlier', '07:00', '4E/14 07:00-, active, in 07:00'],
    ['later', '08:20', '4E/14 08:20-, active, in 08:20'],
  ])('and is reported again with the right bed, %s', (_, right, expected) => {
    expect(way(admitted('08:00'), cancelled('08:30', 'admit', { of: '08:00' }), admitted(right, bed14))).toBe(expected);
  });
});

describe('a move that never happened (A12)', () => {
  it('is forgotten, whether the move or the correction is known first', () => {
    expect(way(admitted('08:00'), moved('09:00'), cancelled('09:10', 'transfer', { of: '09:00' }))).toBe('4E/12 08:00-, active, in 08:00');
    expect(way(admitted('08:00'), cancelled('09:10', 'transfer', { of: '09:00', location: bed12 }))).toBe('4E/12 08:00-, active, in 08:00');
  });
  it('said twice is one correction, unless each names its move', () => {
    const two = [admitted('07:00', ed), moved('08:00', bed12), moved('09:00')];
    expect(way(...two, cancelled('09:10', 'transfer'), cancelled('09:20', 'transfer'))).toBe('ED 07:00-08:00, 4E/12 08:00-, active, in 08:00');
    expect(way(...two, cancelled('09:10', 'transfer', { location: bed12 }), cancelled('09:20', 'transfer', { location: bed12 }))).toBe('ED 07:00-08:00, 4E/12 08:00-, active, in 08:00');
    expect(way(...two, cancelled('09:10', 'transfer', { of: '09:00' }), cancelled('09:20', 'transfer', { of: '08:00' }))).toBe('ED 07:00-, active');
  });
  it('was no admission either, when it was the first one to a ward', () => {
    expect(way(admitted('07:00', ed, { class: 'inpatient' }), moved('08:00', bed12), cancelled('08:10', 'transfer'))).toBe('ED 07:00-, active');
  });
  it('between two others joins what it parted', () => {
    const there = [admitted('08:00'), moved('09:00'), moved('10:00', bed12)];
    expect(way(...there, cancelled('10:10', 'transfer', { of: '09:00' }))).toBe('4E/12 08:00-, active, in 08:00');
    expect(way(...there, moved('11:00', bed14), cancelled('11:10', 'transfer', { of: '10:00' }))).toBe('4E/12 08:00-09:00, MICU/3 09:00-11:00, 4E/14 11:00-, active, in 08:00');
  });
  it('within a unit, whose correction names the unit alone, gives back the bed', () => {
    expect(way(admitted('08:00'), moved('09:00', bed14), cancelled('09:10', 'transfer', { location: { unit: '4E' } }))).toBe('4E/12 08:00-, active, in 08:00');
  });
  it('and was never seen leaves the patient where the correction says', () => {
    const before = [admitted('07:00', ed), moved('08:00', bed12)];
    expect(way(...before, cancelled('09:10', 'transfer', { location: bed12 }))).toBe('ED 07:00-08:00, 4E/12 08:00-, active, in 08:00');
    expect(way(...before, cancelled('09:10', 'transfer', { of: '09:00', location: bed14 }))).toBe('ED 07:00-08:00, 4E/12 08:00-09:10, 4E/14 09:10-, active, in 08:00');
    expect(way(cancelled('09:10', 'transfer', { location: bed12 }))).toBe('4E/12 09:10-, active');
  });
  it('brings back the discharge before it, when it was the move of somebody who had gone', () => {
    expect(way(admitted('08:00'), discharged('10:00'), moved('11:00'), cancelled('11:10', 'transfer'))).toBe('4E/12 08:00-10:00, discharged, in 08:00, out 10:00');
  });
  it.each([
    ['earlier', '08:40', '4E/12 08:00-08:40, MICU/3 08:40-, active, in 08:00'],
    ['later, before the correction', '09:05', '4E/12 08:00-09:05, MICU/3 09:05-, active, in 08:00'],
    ['later, after the correction', '09:30', '4E/12 08:00-09:30, MICU/3 09:30-, active, in 08:00'],
  ])('and is reported again with the right time, %s', (_, right, expected) => {
    expect(way(admitted('08:00'), moved('09:00'), cancelled('09:10', 'transfer', { of: '09:00' }), moved(right))).toBe(expected);
  });
});

describe('a discharge that never happened (A13)', () => {
  it('is forgotten, whether the discharge or the correction is known first', () => {
    expect(way(admitted('08:00'), discharged('10:00'), cancelled('10:30', 'discharge', { of: '10:00' }))).toBe('4E/12 08:00-, active, in 08:00');
    expect(way(admitted('08:00'), cancelled('10:30', 'discharge', { of: '10:00' }))).toBe('4E/12 08:00-, active, in 08:00');
    expect(way(cancelled('10:30', 'discharge', { location: bed12 }))).toBe('4E/12 10:30-, active');
  });
  it('said twice is one correction, also when the patient has gone since', () => {
    const back = [admitted('08:00'), discharged('10:00'), cancelled('10:30', 'discharge', { of: '10:00' }), discharged('12:00')];
    expect(way(...back)).toBe('4E/12 08:00-12:00, discharged, in 08:00, out 12:00');
    expect(way(...back, cancelled('12:30', 'discharge', { of: '10:00' }))).toBe('4E/12 08:00-12:00, discharged, in 08:00, out 12:00');
  });
  it('whose correction names another place than the chart shows a move that was missed', () => {
    expect(way(admitted('08:00'), cancelled('10:30', 'discharge', { location: icu3 }))).toBe('4E/12 08:00-10:30, MICU/3 10:30-, active, in 08:00');
  });
  it.each([
    ['earlier', '09:30', 'out 09:30'],
    ['later, before the correction', '10:20', 'out 10:20'],
    ['later, after the correction', '11:00', 'out 11:00'],
  ])('and is reported again with the right time, %s', (_, right, out) => {
    const told = [admitted('08:00'), discharged('10:00'), cancelled('10:30', 'discharge', { of: '10:00' }), discharged(right)];
    expect(way(...told)).toBe(`4E/12 08:00-${right}, discharged, in 08:00, ${out}`);
    expect(way(...told, cancelled('11:30', 'discharge', { of: '10:00' }))).toBe(`4E/12 08:00-${right}, discharged, in 08:00, ${out}`);
  });
});

describe('a correction that has the time of what it withdraws', () => {
  const tied = (type: string, id: string, more: object = {}) => ({ ...said('10:00', type, more), id });
  const bothWays = (withdrawn: (id: string) => Events[number], cancel: (id: string) => Events[number], ...before: Events) => [
    way(...before, withdrawn('a'), cancel('b')),
    way(...before, cancel('a'), withdrawn('b')),
  ];
  const of = { withdraws: time('10:00') };

  it('withdraws it also where no sequence tells which came first', () => {
    const leaving = bothWays((id) => tied('discharged', id), (id) => tied('discharge-cancelled', id, of), admitted('08:00'));
    expect(leaving).toEqual(['4E/12 08:00-, active, in 08:00', '4E/12 08:00-, active, in 08:00']);
    const moving = bothWays((id) => tied('transferred', id, { location: icu3 }), (id) => tied('transfer-cancelled', id, of), admitted('08:00'));
    expect(moving).toEqual(['4E/12 08:00-, active, in 08:00', '4E/12 08:00-, active, in 08:00']);
    const coming = bothWays((id) => tied('admitted', id, { patient: { id: 'P1' }, location: bed12 }), (id) => tied('admit-cancelled', id, of));
    expect(coming).toEqual(['cancelled', 'cancelled']);
  });
  it('leaves alone what a sequence puts after it, and what happens later', () => {
    const again = { ...tied('discharged', 'c'), sequence: 3 };
    expect(way(admitted('08:00'), { ...tied('discharged', 'a'), sequence: 1 }, { ...tied('discharge-cancelled', 'b', of), sequence: 2 }, again)).toBe('4E/12 08:00-10:00, discharged, in 08:00, out 10:00');
    expect(way(admitted('08:00'), tied('discharge-cancelled', 'b', of), discharged('11:00'))).toBe('4E/12 08:00-11:00, discharged, in 08:00, out 11:00');
  });
});

describe('a decision that is withdrawn', () => {
  const adt = (...events: Events) => (folded(events) as Required<EncounterState>).adt;
  const pending = (at_: string, what: 'discharge' | 'transfer') => said(at_, 'pending-cancelled', { pending: what });
  it('without having been seen, or twice, decides nothing', () => {
    expect(adt(admitted('08:00'), pending('09:00', 'discharge'))).not.toHaveProperty('pendingDischarge');
    const twice = adt(admitted('08:00'), said('08:30', 'discharge-pending'), pending('09:00', 'discharge'), pending('09:10', 'discharge'));
    expect(twice).not.toHaveProperty('pendingDischarge');
  });
  it('and taken again is decided again', () => {
    expect(adt(admitted('08:00'), said('08:30', 'discharge-pending'), pending('09:00', 'discharge'), said('10:00', 'discharge-pending')).pendingDischarge).toEqual({ decidedAt: at('10:00') });
  });
  it('ends with an admission that never happened', () => {
    const gone = adt(admitted('08:00'), said('08:30', 'discharge-pending'), said('08:30', 'transfer-pending', { to: icu3 }), said('08:40', 'leave-started'), cancelled('09:00', 'admit'));
    expect(gone).toEqual({ patient: 'P1', status: 'cancelled', cancelledAt: at('09:00'), cancelledAdmission: true, stays: [] });
  });
});

describe('leave of absence', () => {
  const adt = (...events: Events) => (folded(events) as Required<EncounterState>).adt;
  it('knows since when and until when, and ends with the return, a discharge or its correction', () => {
    const away = [admitted('08:00'), said('09:00', 'leave-started', { expectedReturnAt: time('18:00') }), said('09:30', 'leave-started')];
    expect(adt(...away)).toMatchObject({ status: 'on-leave', leave: { since: at('09:00'), expectedReturnAt: at('18:00') } });
    expect(adt(...away, said('17:00', 'leave-ended'))).not.toHaveProperty('leave');
    const back = adt(...away, discharged('12:00'), cancelled('12:10', 'discharge'));
    expect(back.status).toBe('active');
    expect(back).not.toHaveProperty('leave');
  });
});

describe('a merge of records (A40)', () => {
  const merge = (clock_: string, from: string, into: string) => happened(clock_, 'adt.merged', { patient: { id: from }, into: { id: into } });
  it('said again is one, and a later one of the same record counts', () => {
    expect(folded([merge('08:00', 'A', 'B'), merge('09:00', 'A', 'B')])).toEqual({ mergedInto: 'B' });
    expect(folded([merge('09:00', 'A', 'C'), merge('08:00', 'A', 'B')])).toEqual({ mergedInto: 'C' });
  });
});
