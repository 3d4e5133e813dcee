import { describe, expect, it } from 'vitest';
import type { BedState } from '#core/domain/beds/state.ts';
import { at, folded, given, happened } from './given.ts';

const bed = { unit: '4E', bed: '12' };
const base = { ...bed, cleanings: [], blocks: [] };
const said = (clock: string, type: string, more: object = {}, source = 'bed') => happened(clock, `bed.${type}`, { ...bed, ...more }, { source });
const status = (clock: string, value: string, more: object = {}, source = 'bed') => said(clock, 'status-changed', { status: value, ...more }, source);

describe('housekeeping', () => {
  it('follows a cleaning from request to end', () => {
    given(said('10:00', 'cleaning-requested'), said('10:20', 'cleaning-started', { expectedMinutes: 40 }, 'vigil'))
      .when(said('11:00', 'cleaning-completed'))
      .then({
        ...base,
        status: { value: 'available', since: at('11:00'), source: 'bed' },
        cleaning: { requestedAt: at('10:00'), startedAt: at('10:20'), expectedMinutes: 40, completedAt: at('11:00') },
        cleanings: [{ from: at('10:00'), to: at('11:00'), requested: true }],
      });
  });
  it('takes a status system at its word: dirty, cleaning, available is a cleaning that nobody requested', () => {
    given(status('10:00', 'dirty', { contaminated: true }), status('10:20', 'cleaning'))
      .when(status('11:00', 'available'))
      .then({
        ...base,
        status: { value: 'available', since: at('11:00'), source: 'bed' },
        cleaning: { dirtyAt: at('10:00'), startedAt: at('10:20'), completedAt: at('11:00') },
        cleanings: [{ from: at('10:00'), to: at('11:00'), requested: false }],
      });
  });
  it('makes no cleaning out of a corrected status', () => {
    given(status('10:00', 'dirty')).when(status('10:02', 'available')).then({ ...base, status: { value: 'available', since: at('10:02'), source: 'bed' } });
  });
  it('does not restart a timer when the same is said again', () => {
    given(status('10:00', 'dirty')).when(status('10:30', 'dirty', {}, 'ehr')).then({
      ...base,
      cleaning: { dirtyAt: at('10:00') },
      status: { value: 'dirty', since: at('10:00'), source: 'ehr', confirmedAt: at('10:30') },
    });
  });
  it('counts a second report of the end as nothing new', () => {
    given(said('10:00', 'cleaning-requested'), said('11:00', 'cleaning-completed'))
      .when(said('11:05', 'cleaning-completed'))
      .then({
        ...base,
        status: { value: 'available', since: at('11:00'), source: 'bed', confirmedAt: at('11:05') },
        cleaning: { requestedAt: at('10:00'), completedAt: at('11:00') },
        cleanings: [{ from: at('10:00'), to: at('11:00'), requested: true }],
      });
  });
  it.each([
    ['dirty', status('11:10', 'dirty')],
    ['being cleaned', status('11:10', 'cleaning')],
    ['to be cleaned', said('11:10', 'cleaning-requested')],
  ])('goes on with the cycle when the bed is %s again at once: its end was premature', (_, reversed) => {
    const cleaning = [said('10:00', 'cleaning-requested'), said('10:20', 'cleaning-started'), said('11:00', 'cleaning-completed')];
    given(...cleaning, reversed)
      .when(said('11:40', 'cleaning-completed'))
      .then({
        ...base,
        status: { value: 'available', since: at('11:40'), source: 'bed' },
        cleaning: { requestedAt: at('10:00'), startedAt: at('10:20'), completedAt: at('11:40'), ...(reversed.data['status'] === 'dirty' ? { dirtyAt: at('11:10') } : {}) },
        cleanings: [{ from: at('10:00'), to: at('11:40'), requested: true }],
      });
  });
  it('begins a new cycle when somebody lay in the bed in between', () => {
    given(said('10:00', 'cleaning-requested'), said('11:00', 'cleaning-completed'), status('11:05', 'occupied'))
      .when(status('11:12', 'dirty'))
      .then({
        ...base,
        status: { value: 'dirty', since: at('11:12'), source: 'bed' },
        cleaning: { dirtyAt: at('11:12') },
        cleanings: [{ from: at('10:00'), to: at('11:00'), requested: true }],
      });
  });
  it('begins a new cycle after a completed one', () => {
    given(said('10:00', 'cleaning-requested'), said('11:00', 'cleaning-completed'))
      .when(said('15:00', 'cleaning-requested'))
      .then({
        ...base,
        status: { value: 'dirty', since: at('15:00'), source: 'bed' },
        cleaning: { requestedAt: at('15:00') },
        cleanings: [{ from: at('10:00'), to: at('11:00'), requested: true }],
      });
  });
});

describe('closing a bed', () => {
  it('keeps how dirty it was', () => {
    given(status('09:00', 'dirty'), said('10:00', 'blocked', { reason: 'FAC' }))
      .when(said('12:00', 'unblocked'))
      .then({
        ...base,
        cleaning: { dirtyAt: at('09:00') },
        status: { value: 'dirty', since: at('09:00'), source: 'bed' },
        blocks: [{ reason: 'FAC', from: at('10:00'), to: at('12:00') }],
      });
  });
  it('for another reason begins another period', () => {
    given(said('10:00', 'blocked', { reason: 'FAC' }))
      .when(said('12:00', 'blocked', { reason: 'RN', expectedUntil: '2026-01-10T19:00:00Z' }))
      .then({ ...base, blocks: [{ reason: 'FAC', from: at('10:00'), to: at('12:00') }], blocked: { reason: 'RN', since: at('12:00'), source: 'bed', expectedUntil: at('19:00') } });
  });
  it('by status ends with the next status', () => {
    given(status('10:00', 'blocked'))
      .when(status('12:00', 'available'))
      .then({ ...base, status: { value: 'available', since: at('12:00'), source: 'bed' }, blocks: [{ reason: 'OTHER', from: at('10:00'), to: at('12:00') }] });
  });
});

describe('keeping a bed', () => {
  const kept = { encounter: 'V2', since: at('10:00'), source: 'bed' };
  it('survives the cleaning before it', () => {
    given(said('10:00', 'reserved', { encounter: 'V2' }), status('10:10', 'cleaning'))
      .when(status('10:40', 'available'))
      .then({
        ...base,
        reserved: kept,
        status: { value: 'available', since: at('10:40'), source: 'bed' },
        cleaning: { startedAt: at('10:10'), completedAt: at('10:40') },
        cleanings: [{ from: at('10:10'), to: at('10:40'), requested: false }],
      });
  });
  it('by status is withdrawn by its own system alone', () => {
    const free = { value: 'available', since: at('10:00'), source: 'ehr', confirmedAt: at('11:00') };
    given(status('10:00', 'assigned')).when(status('11:00', 'available')).then({ ...base, status: { ...free, source: 'bed' } });
    given(status('10:00', 'assigned')).when(status('11:00', 'available', {}, 'ehr')).then({ ...base, status: free, reserved: { since: at('10:00'), source: 'bed' } });
  });
  it('ends when it is released', () => {
    given(said('10:00', 'reserved', { encounter: 'V2' })).when(said('11:00', 'released')).then(base);
  });
});

describe('what a bed remembers', () => {
  const DAY = 86_400_000;
  const onDay = (n: number, clock: string, type: string, more: object = {}) => ({ ...happened(clock, `bed.${type}`, { ...bed, ...more }, { source: 'bed' }), time: at(clock) + n * DAY });
  const round = (n: number) => [onDay(n, '10:00', 'cleaning-requested'), onDay(n, '11:00', 'cleaning-completed'), onDay(n, '12:00', 'blocked', { reason: 'RN' }), onDay(n, '13:00', 'unblocked')];
  const days = (count: number) => Array.from({ length: count }, (_, n) => round(n)).flat();
  const after = (...events: Parameters<typeof folded>[0]) => folded(events) as BedState;

  it('given months of use, then its state is that of the last eight days and says so', () => {
    const state = after(...days(90));
    expect(state.cleanings.map(({ to }) => (to - at('11:00')) / DAY)).toEqual([82, 83, 84, 85, 86, 87, 88, 89]);
    expect(state.blocks.map(({ to }) => (to - at('13:00')) / DAY)).toEqual([81, 82, 83, 84, 85, 86, 87, 88, 89]);
    expect(state.forgottenUntil).toBe(at('11:00') + 81 * DAY);
    expect(JSON.stringify(state).length).toBeLessThan(2 * JSON.stringify(after(...days(9))).length);
  });
  it('given a source that tells of it again and again, then its state has a limit all the same', () => {
    const flood = Array.from({ length: 700 }, (_, n) => ({ ...onDay(0, '08:00', n % 2 === 0 ? 'blocked' : 'unblocked', n % 2 === 0 ? { reason: 'RN' } : {}), time: at('08:00') + n * 1_000 }));
    expect(after(...flood).blocks).toHaveLength(200);
    expect(after(...flood).forgottenUntil).toBeGreaterThan(at('08:00'));
  });
  it('given a cleaning within these days, when its request comes late, then it is measured from there', () => {
    const known = [...days(3), onDay(3, '11:00', 'cleaning-completed'), ...days(8).slice(16)];
    expect(after(...known).cleanings.find(({ to }) => to === at('11:00') + 3 * DAY)).toMatchObject({ requested: false });
    expect(after(...known, onDay(3, '10:00', 'cleaning-requested')).cleanings.find(({ to }) => to === at('11:00') + 3 * DAY)).toEqual({ from: at('10:00') + 3 * DAY, to: at('11:00') + 3 * DAY, requested: true });
  });
  it('given a bed in use for less, then nothing was forgotten', () => {
    expect(after(...days(8)).cleanings).toHaveLength(8);
    expect(after(...days(8))).not.toHaveProperty('forgottenUntil');
  });
});
