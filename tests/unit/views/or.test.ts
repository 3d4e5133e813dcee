import { describe, expect, it } from 'vitest';
import type { HoldItem, OrDayItem, OrRoomItem } from '#shared/views/boards.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { takeRooms } from '#core/snapshots/rooms.ts';
import { orView } from '#core/views/or/view.ts';
import { holdsByKind } from '#core/domain/units/decisions.ts';
import { at, happened, houseWith } from '../domain/given.ts';
import { contextOf, item } from './world.ts';

const MINUTE = 60_000;
const site = { or: { rooms: [{ id: '1', title: 'OR 1' }, { id: '2' }], expectedTurnoverMinutes: 30 }, units: [{ id: 'SICU', name: 'SICU', kind: 'icu' as const, beds: ['1', '2'] }] };
const instant = (clock: string) => new Date(at(clock)).toISOString();
const scheduled = (id: string, start: string, minutes: number, more: Record<string, unknown> = {}) =>
  happened('06:00', 'or.case-scheduled', { case: id, room: '1', scheduledStart: instant(start), scheduledMinutes: minutes, service: 'General', procedure: 'Hernia', ...more });
const came = (id: string, clock: string) => happened(clock, 'or.patient-in-room', { case: id });
const left = (id: string, clock: string) => happened(clock, 'or.patient-out-of-room', { case: id });
const board = (clock: string, ...events: ReturnType<typeof happened>[]) => orView.compute(contextOf(houseWith(site, ...events), at(clock)));
const room = (items: ReturnType<typeof board>, id = '1') => item<OrRoomItem>(items, `room:${id}`);

describe('an operating room', () => {
  it('is told without a word of rooms: there is no board', () => {
    expect(board('09:00', happened('08:00', 'adt.admitted', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: 'SICU' } }))).toEqual({});
  });

  it('that stands in a word of the site\'s own is called by its label, and is open only if the site says so', () => {
    const statuses = { room: { 'Late list': { base: 'open' as const, label: 'Late list' } } };
    const shown = (word: string) => orView.compute(contextOf(houseWith({ ...site, statuses }, happened('07:00', 'or.room-status-changed', { room: '1', status: word })), at('09:00')));
    expect(room(shown('Late list'))).toMatchObject({ status: 'open', label: 'Late list' });
    expect(room(shown('Other list'))).toMatchObject({ status: 'unknown', word: 'Other list' });
    expect([item<OrDayItem>(shown('Late list'), 'day').roomsOpen, item<OrDayItem>(shown('Other list'), 'day').roomsOpen]).toEqual([2, 1]);
  });

  it('runs a case for its booked time and brings the next in after a turnover', () => {
    const { cases, predictedEnd } = room(board('09:00', scheduled('A', '08:00', 120), scheduled('B', '10:15', 60), came('A', '08:10')));
    expect(cases.map((c) => [c.key, c.state, c.predictedStart, c.predictedEnd])).toEqual([
      ['1/1', 'running', null, at('10:10')],
      ['1/2', 'scheduled', at('10:40'), at('11:40')],
    ]);
    expect(predictedEnd).toBe(at('11:40'));
  });

  it('expects a case past its booked time to end any moment', () => {
    const { cases } = room(board('11:00', scheduled('A', '08:00', 120), scheduled('B', '10:15', 60), came('A', '08:00')));
    expect(cases[0]!.predictedEnd).toBe(at('11:00'));
    expect(cases[1]!.predictedStart).toBe(at('11:30'));
  });

  it('measures turnovers between cases and judges them by the metric', () => {
    const events = [
      ...[scheduled('A', '08:00', 60), came('A', '08:00'), left('A', '09:00')],
      ...[scheduled('B', '09:30', 60), came('B', '09:35'), left('B', '10:00')],
      ...[scheduled('C', '10:30', 60), came('C', '10:50'), left('C', '11:00')],
      ...[scheduled('D', '14:00', 60), came('D', '14:00')],
    ];
    expect(room(board('14:30', ...events)).turnovers).toEqual([
      { from: at('09:00'), to: at('09:35'), minutes: 35, severity: 'warn' },
      { from: at('10:00'), to: at('10:50'), minutes: 50, severity: 'crit' },
    ]);
  });

  it('flags both cases that were in the room at once', () => {
    const { cases, turnovers } = room(board('12:00', scheduled('A', '08:00', 60), came('A', '08:00'), left('A', '10:00'), scheduled('B', '09:00', 60), came('B', '09:30'), scheduled('C', '13:00', 60)));
    expect(cases.map((c) => c.overlap)).toEqual([true, true, false]);
    expect(turnovers).toEqual([]);
  });

  it.each([
    ['first case 12 min late', '08:12', 'A', 12, 'warn'],
    ['first case 31 min late', '08:31', 'A', 31, 'crit'],
    ['later case 12 min late', '10:12', 'B', 12, 'normal'],
    ['later case 46 min late', '10:46', 'B', 46, 'crit'],
    ['case ahead of its time', '07:50', 'A', -10, 'normal'],
  ])('%s', (_, clock, id, minutes, severity) => {
    const cases = room(board('11:00', scheduled('A', '08:00', 60), scheduled('B', '10:00', 60), came(id, clock))).cases;
    expect(cases[id === 'A' ? 0 : 1]).toMatchObject({ delayMinutes: minutes, severity });
  });

  it('judges a case that has not come by how late it is already', () => {
    expect(room(board('08:40', scheduled('A', '08:00', 60))).cases[0]).toMatchObject({ state: 'scheduled', delayMinutes: null, severity: 'crit' });
    expect(room(board('08:40', scheduled('A', '09:00', 60))).cases[0]).toMatchObject({ severity: 'normal' });
  });

  it.each([[240, 'normal'], [280, 'warn'], [310, 'crit']])('of %i min from 13:15 ends %s against prime time', (minutes, severity) => {
    expect(room(board('13:20', scheduled('A', '13:15', minutes), came('A', '13:15'))).endSeverity).toBe(severity);
  });

  it('asks for nothing once it is done, however late', () => {
    expect(room(board('20:30', scheduled('A', '13:00', 240), came('A', '13:00'), left('A', '20:00')))).toMatchObject({ predictedEnd: null, endSeverity: 'normal' });
  });

  it('shows today, and what was still in the room at midnight', () => {
    const yesterday = (minutes: number) => new Date(at('00:00') - minutes * MINUTE).toISOString();
    const events = (id: string, cameAt: number, leftAt?: string) => [
      { ...happened('00:00', 'or.case-scheduled', { case: id, room: '1', scheduledStart: yesterday(cameAt), scheduledMinutes: 60, procedure: id }), time: at('00:00') - 2_000 * MINUTE },
      { ...came(id, '00:00'), time: at('00:00') - cameAt * MINUTE },
      ...(leftAt === undefined ? [] : [left(id, leftAt)]),
    ];
    const done = [...events('done', 300), { ...left('done', '00:00'), time: at('00:00') - 200 * MINUTE }];
    const lost = events('lost', 1_500);
    expect(room(board('09:00', ...done, ...lost, ...events('night', 60, '01:00'), scheduled('A', '10:00', 60))).cases.map((c) => c.label)).toEqual(['night', 'Hernia']);
  });

  it('takes the site\'s day, not that of UTC', () => {
    const house = houseWith({ ...site, timezone: 'America/New_York' }, scheduled('A', '03:00', 60), scheduled('B', '15:00', 60));
    const items = orView.compute(contextOf(house, at('15:30')));
    expect(room(items).cases.map((c) => c.scheduledStart)).toEqual([at('15:00')]);
    expect(item<OrDayItem>(items, 'day')).toMatchObject({ from: at('05:00'), to: at('05:00') + 1_440 * MINUTE, primeFrom: at('12:00'), primeTo: at('22:00'), cases: 1 });
  });

  it.each([
    ['Arthroscopy, knee, surgical', 'Arthroscopy'], ['Hernia', 'Hernia'], ['Laparoscopic cholecystectomy', 'Laparoscopic'],
    ['Removal of benign skin lesion', 'Removal'], ['Oesophagogastroduodenoscopy', 'Oesophagogast…'], ['AV fistula', 'AV fistula'], ['Extracapsular cataract removal', 'Cataract'],
  ])('names %s shortly: %s', (procedure, short) => {
    const shortNames = { 'Extracapsular cataract removal': 'Cataract' };
    const items = orView.compute(contextOf(houseWith({ or: { ...site.or, shortNames } }, scheduled('A', '08:00', 60, { procedure })), at('07:00')));
    expect(room(items).cases[0]).toMatchObject({ label: procedure, short });
  });

  it('says that it is closed, why and until when', () => {
    const items = board('09:00', scheduled('A', '10:00', 60), happened('06:00', 'or.room-status-changed', { room: '2', status: 'closed', reason: 'RN', expectedUntil: instant('18:00') }));
    expect(room(items, '2')).toMatchObject({ status: 'closed', reason: 'RN', expectedUntil: at('18:00'), cases: [], predictedEnd: null });
    expect(item<OrDayItem>(items, 'day')).toMatchObject({ roomsOpen: 1, roomsTotal: 2, cases: 1, turnoverLimitMinutes: 30 });
  });
});

describe('a bed held for a case', () => {
  const wanted = [scheduled('A', '08:00', 120, { encounter: 'V1' }), came('A', '08:00'), happened('07:00', 'or.bed-hold-requested', { case: 'A', unitKind: 'icu', neededAt: instant('10:30') })];
  const bed = (label: string, status: string) => happened('05:00', 'bed.status-changed', { unit: 'SICU', bed: label, status }, { source: 'bed' });
  const hold = (clock: string, ...more: ReturnType<typeof happened>[]) => item<HoldItem | undefined>(board(clock, ...wanted, ...more), 'hold:1/1');

  it('is requested while one is free', () => {
    expect(hold('09:00', bed('1', 'available'), bed('2', 'dirty'))).toEqual({ room: '1', unitKind: 'icu', unit: null, neededAt: at('10:30'), state: 'requested', severity: 'normal' });
  });

  it.each([['09:00', 'warn'], ['09:45', 'crit']])('is missing at %s: %s', (clock, severity) => {
    expect(hold(clock, bed('1', 'dirty'), bed('2', 'dirty'))).toMatchObject({ state: 'no-bed', severity });
  });

  it('is held once a bed is reserved for the patient', () => {
    expect(hold('09:45', bed('1', 'dirty'), happened('09:00', 'bed.reserved', { unit: 'SICU', bed: '2', encounter: 'V1' }, { source: 'bed' }))).toMatchObject({ state: 'held', severity: 'normal' });
  });

  it('is over when released, and when the patient lies in it', () => {
    expect(hold('09:00', happened('08:30', 'or.bed-hold-released', { case: 'A' }))).toBeUndefined();
    expect(hold('11:00', happened('10:30', 'adt.admitted', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: 'SICU', bed: '1' } }))).toBeUndefined();
  });
});

describe('a bed held for a case ends by one rule, on the board and in the decisions of the house', () => {
  const wanted = [scheduled('A', '08:00', 120, { encounter: 'V1' }), came('A', '08:00'), happened('07:00', 'or.bed-hold-requested', { case: 'A', unitKind: 'icu' })];
  const placed = (clock: string, type: string, unit: string, unitKind: string) => happened(clock, type, { encounter: 'V1', ...(type === 'adt.admitted' ? { patient: { id: 'P1' } } : {}), location: { unit, unitKind } });
  const ward = placed('06:00', 'adt.admitted', '4E', 'ward');
  const there = placed('09:00', 'adt.transferred', 'SICU', 'icu');
  it.each([
    ['given nobody came, then it is open', [ward], true],
    ['given the patient was there before the request, then it is over', [placed('06:00', 'adt.admitted', 'SICU', 'icu')], false],
    ['given the patient came and has moved on, then it is over', [ward, there, placed('10:00', 'adt.transferred', '4E', 'ward')], false],
    ['given the patient left the hospital, then it is over', [ward, happened('10:00', 'adt.discharged', { encounter: 'V1' })], false],
    ['given the stay was cancelled, then it is over', [ward, happened('10:00', 'adt.admit-cancelled', { encounter: 'V1' })], false],
    ['given nobody speaks of the patient, when the room is left, then it is over', [left('A', '10:00')], false],
    ['given a known patient, when the room is left, then it is open until they come', [ward, left('A', '10:00')], true],
  ] as const)('%s', (_, more, open) => {
    const house = houseWith(site, ...wanted, ...more);
    expect(holdsByKind(house).get('icu') ?? 0).toBe(open ? 1 : 0);
    expect(item<HoldItem | undefined>(orView.compute(contextOf(house, at('11:00'))), 'hold:1/1') !== undefined).toBe(open);
  });
});

describe('a case cancelled in the room', () => {
  const cancelled = [scheduled('A', '08:00', 120), scheduled('B', '10:15', 60), came('A', '08:00'), happened('08:20', 'or.case-cancelled', { case: 'A', reason: 'unfit' })];
  it('given no wheels out, then it is running and may be out any moment: the room is not free', () => {
    const { cases, predictedEnd } = room(board('08:30', ...cancelled));
    expect(cases.map((c) => [c.state, c.predictedStart, c.predictedEnd])).toEqual([['running', null, at('08:30')], ['scheduled', at('10:15'), at('11:15')]]);
    expect(predictedEnd).toBe(at('11:15'));
    expect(room(board('11:00', ...cancelled)).cases[1]).toMatchObject({ predictedStart: at('11:30') });
  });
  it('given no wheels out, then its snapshot says so too', () => {
    const house = houseWith(site, ...cancelled);
    const running = (clock: string) => takeRooms(house, snapshotFamilies.get('or-status')!, at(clock)).find(({ subject }) => subject[0] === '1')!.facts['running'];
    expect([running('07:50'), running('08:10'), running('11:00')]).toEqual([false, true, true]);
  });
  it('given wheels out, then the room is free and the case cancelled', () => {
    const { cases } = room(board('11:00', ...cancelled, left('A', '08:40')));
    expect(cases.map((c) => [c.state, c.inRoom, c.outOfRoom, c.predictedStart])).toEqual([['cancelled', at('08:00'), at('08:40'), null], ['scheduled', null, null, at('11:00')]]);
  });
});

describe('a case told by start and end alone', () => {
  const started = (id: string, clock: string) => happened(clock, 'or.case-started', { case: id });
  const completed = (id: string, clock: string) => happened(clock, 'or.case-completed', { case: id });
  const told = [scheduled('A', '08:00', 60), started('A', '08:00'), completed('A', '09:00'), scheduled('B', '09:30', 120), started('B', '09:40')];

  it('runs from its start, and is done at its end', () => {
    const { cases, predictedEnd } = room(board('10:00', ...told));
    expect(cases.map((c) => [c.state, c.inRoom, c.outOfRoom, c.predictedEnd])).toEqual([['done', at('08:00'), at('09:00'), null], ['running', at('09:40'), null, at('11:40')]]);
    expect(predictedEnd).toBe(at('11:40'));
  });
  it('when all are done, then the room asks for nothing, on the board and in its snapshot', () => {
    const events = [...told, completed('B', '11:30')];
    expect(room(board('18:30', ...events))).toMatchObject({ predictedEnd: null, endSeverity: 'normal' });
    expect(takeRooms(houseWith(site, ...events), snapshotFamilies.get('or-status')!, at('18:30')).find(({ subject }) => subject[0] === '1')!.facts).toMatchObject({ running: false, casesLeft: 0 });
    expect(takeRooms(houseWith(site, ...told), snapshotFamilies.get('or-status')!, at('10:00')).find(({ subject }) => subject[0] === '1')!.facts).toMatchObject({ running: true, casesLeft: 1 });
  });
  it('leaves no turnover, which is from wheels to wheels', () => {
    expect(room(board('10:00', ...told)).turnovers).toEqual([]);
  });
  it('that ended yesterday is not on the board of today', () => {
    const yesterday = [scheduled('A', '08:00', 60), started('A', '08:00'), completed('A', '09:00')].map((event) => ({ ...event, time: event.time - 1_440 * MINUTE }));
    const before = { ...yesterday[0]!, data: { ...yesterday[0]!.data, scheduledStart: at('08:00') - 1_440 * MINUTE } };
    expect(room(board('09:00', ...yesterday.with(0, before as never))).cases).toEqual([]);
  });
  it('ends the hold of a bed for a patient of whom nobody speaks', () => {
    const hold = happened('07:00', 'or.bed-hold-requested', { case: 'A', unitKind: 'icu' });
    expect(holdsByKind(houseWith(site, hold, ...told.slice(0, 2))).get('icu')).toBe(1);
    expect(holdsByKind(houseWith(site, hold, ...told)).get('icu') ?? 0).toBe(0);
  });
});

describe('tiles of the OR board', () => {
  const kpis = (items: Record<string, unknown>) => Object.keys(items).filter((key) => key.startsWith('kpi:'));

  it('come with their data', () => {
    expect(kpis(board('07:00', scheduled('A', '08:00', 60)))).toEqual(['kpi:or.cases_scheduled', 'kpi:or.rooms_after_prime_time']);
    expect(kpis(board('08:30', scheduled('A', '08:00', 60), came('A', '08:00')))).toEqual([
      'kpi:or.first_case_on_time_rate', 'kpi:or.utilisation', 'kpi:or.cases_scheduled', 'kpi:or.rooms_after_prime_time', 'kpi:or.case_delay',
    ]);
  });

  it('tell how many cases are done of those scheduled today, in one', () => {
    const items = board('09:30', scheduled('A', '08:00', 60), came('A', '08:00'), left('A', '09:00'), scheduled('B', '10:00', 60));
    expect(items).not.toHaveProperty('kpi:or.cases_scheduled');
    expect(item<MetricItem>(items, 'kpi:or.cases_completed')).toMatchObject({ value: 1, of: { metric: 'or.cases_scheduled', value: 2, from: at('00:00'), to: at('00:00') + 1_440 * MINUTE } });
  });

  it('count the rooms that will run after prime time, and not those that did', () => {
    const late = [scheduled('A', '13:00', 300), came('A', '13:00'), scheduled('B', '09:00', 60, { room: '2' }), came('B', '16:30')];
    const value = (clock: string, ...more: ReturnType<typeof happened>[]) => item<MetricItem>(board(clock, ...late, ...more), 'kpi:or.rooms_after_prime_time').value;
    expect(value('16:45')).toBe(2);
    expect(value('17:10', left('B', '17:05'))).toBe(1);
    expect(value('18:10', left('B', '17:05'), left('A', '18:05'))).toBe(0);
  });

  it('show overlaps only when there are any', () => {
    const overlap = board('12:00', scheduled('A', '08:00', 60), came('A', '08:00'), left('A', '10:00'), scheduled('B', '09:00', 60), came('B', '09:30'));
    expect(item<MetricItem>(overlap, 'kpi:or.overlaps')).toMatchObject({ value: 1, from: at('00:00'), to: at('12:00') + 1, at: at('12:00') });
  });
});
