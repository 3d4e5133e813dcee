import { expect, test } from 'vitest';
import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { snapshotSchema } from '#shared/snapshots/family.ts';
import { kpiWithoutLost, NONE_LOST, withoutLost, type LostFeeds } from '#core/snapshots/lost.ts';
import { takeKpi, type KpiQuestion } from '#core/snapshots/kpi.ts';
import { takeSnapshots } from '#core/snapshots/take.ts';
import type { Taken } from '#core/snapshots/taken.ts';
import { at, houseOf, type Told } from '../metrics/house-of.ts';

const NOW = at('10:00');
const UNHEARD = 'nothing was heard from bed for longer than the silence limit';
const told: Told[] = [
  ['adt.admitted', '08:00', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: '4E', unitKind: 'ward', bed: '1' } }],
  ['ed.arrived', '09:00', { encounter: 'E1', patient: { id: 'P2' }, unit: 'ED' }],
  ['bed.blocked', '08:30', { unit: '4E', bed: '2', reason: 'RN' }],
  ['or.room-status-changed', '08:30', { room: '1', status: 'open' }],
];
const house = houseOf({ units: [{ id: '4E', name: 'East', kind: 'ward', beds: ['1', '2'] }], or: { rooms: [{ id: '1' }] } }, told);

/** Loss of one feed on which metrics of these areas rest. */
const losing = (feed: string, ...areas: string[]): LostFeeds => (metric) => (areas.some((area) => metric.startsWith(area)) ? [feed] : []);
const BEDS = losing('bed', 'beds.');
const toldOf = (family: string, lost: LostFeeds, ...subject: string[]): Taken => withoutLost(house, family, takeSnapshots(house, family, NOW), NOW, lost).find((one) => one.subject.join() === subject.join())!;
const checked = (family: string, { subject, facts, metrics, unknown }: Taken) => {
  const spec = snapshotFamilies.get(family)!;
  return snapshotSchema(spec).parse({ at: NOW, subject: Object.fromEntries(spec.subject.map((field, i) => [field, subject[i] || null])), facts, metrics, unknown });
};

test('given all feeds heard, when snapshots are taken, then they say what the house does', () => {
  for (const family of ['unit', 'bed', 'or-status']) {
    const taken = takeSnapshots(house, family, NOW);
    expect(withoutLost(house, family, taken, NOW, NONE_LOST)).toEqual(taken);
  }
});

test('given a lost bed system, when snapshots are taken, then a bed with a patient is told, an empty one and the counts of its unit are not', () => {
  expect(toldOf('bed', BEDS, '4E', '1').facts).toMatchObject({ status: 'occupied' });
  const empty = toldOf('bed', BEDS, '4E', '2');
  expect(empty.facts).toMatchObject({ status: null, reason: null, since: null });
  expect(empty).toMatchObject({ ended: true, unknown: { status: UNHEARD, reason: UNHEARD } });
  const unit = toldOf('unit', BEDS, '4E');
  expect(unit.facts).toMatchObject({ occupied: null, blocked: null });
  expect(unit).toMatchObject({ metrics: { 'beds.available': null }, unknown: { occupied: UNHEARD, 'beds.available': UNHEARD } });
  for (const [family, one] of [['bed', empty], ['unit', unit]] as const) expect(() => checked(family, one)).not.toThrow();
});

test('given a lost placing system, when snapshots are taken, then no bed of a ward is told; one of the emergency department does not count there', () => {
  expect(toldOf('bed', losing('ehr', 'census.'), '4E', '1').facts['status']).toBeNull();
  expect(toldOf('bed', losing('ed', 'ed.'), '4E', '1').facts['status']).toBe('occupied');
});

test('given a lost theatre system, when rooms are taken, then nothing of a room is told; the list of units is of the site and stays', () => {
  const OR = losing('or', 'or.');
  const room = toldOf('or-status', OR, '1');
  expect(room.facts).toMatchObject({ status: null, running: null });
  expect(room.unknown['status']).toBe('nothing was heard from or for longer than the silence limit');
  expect(toldOf('hospital-unit', losing('bed', ''), '4E').facts).toMatchObject({ name: 'East', capacity: 2 });
});

test('given a metric that was unknown anyway, when its feed is lost too, then its own reason stays', () => {
  const before = takeSnapshots(house, 'ed-status', NOW)[0]!;
  const reason = before.unknown['ed.nedocs'];
  expect(reason).toBeDefined();
  expect(withoutLost(house, 'ed-status', [before], NOW, losing('ed', 'ed.'))[0]!.unknown['ed.nedocs']).toBe(reason);
});

test('given a lost feed, when KPIs of an hour are told, then what rests on it is unknown, a duration as a count', () => {
  const kpi = (metric: string): KpiQuestion => ({ period: 'hour', metric, scope: {}, span: { from: at('08:00'), to: at('09:00') } });
  const ADT = losing('ehr', 'census.', 'lab.');
  const admissions = takeKpi(house, kpi('census.admissions'));
  expect(admissions.facts).toMatchObject({ value: 1 });
  expect(kpiWithoutLost(admissions, NONE_LOST)).toBe(admissions);
  expect(kpiWithoutLost(admissions, ADT)).toMatchObject({ facts: { value: null, until: at('09:00') }, unknown: { value: expect.stringContaining('ehr') as string } });
  const counted = { subject: ['hour', 'lab.turnaround', ''], facts: { until: at('09:00'), value: null, count: 3, excluded: 0, mean: 9, p50: 9, p90: 9, max: 9, within: 1 }, metrics: {}, unknown: {} };
  expect(kpiWithoutLost(counted, ADT)).toMatchObject({ facts: { count: null, excluded: null, p90: null }, unknown: { mean: expect.stringContaining('ehr') as string } });
});
