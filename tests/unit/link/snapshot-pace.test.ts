import { expect, test } from 'vitest';
import { SnapshotPace, type PaceOptions } from '#core/link/snapshots.ts';
import type { House } from '#core/domain/house.ts';
import type { LostFeeds } from '#core/snapshots/lost.ts';
import type { SnapshotBatch } from '#core/snapshots/taken.ts';
import { latestSnapshots } from '#core/store/read-snapshots.ts';
import { SnapshotStore } from '#core/store/snapshots.ts';
import { memoryDb } from '../../fixtures/databases.ts';
import { at, houseOf, type Told } from '../metrics/house-of.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const site = { units: [{ id: '4E', name: 'East', kind: 'ward' as const, beds: ['1'] }] };
const admitted: Told = ['adt.admitted', '01:00', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: '4E', unitKind: 'ward', bed: '1' } }];
const cleaned: Told = ['bed.cleaning-completed', '09:45', { unit: '4E', bed: '1' }];
const discharged: Told = ['adt.discharged', '09:30', { encounter: 'V1' }];

/** A pace for which nothing takes long. */
const untimed = (options: PaceOptions = {}) => new SnapshotPace({ ...options, elapsed: () => 0 });

/** Lets a site's clock tick once a second and hands on what is due. */
function run(pace: SnapshotPace, house: House, from: number, to: number, keep: (batch: SnapshotBatch) => void = () => {}, lost?: LostFeeds): SnapshotBatch[] {
  const batches: SnapshotBatch[] = [];
  for (let now = from; now < to; now += 1_000) {
    const batch = pace.due(house, now, lost);
    if (!batch) continue;
    batches.push(batch);
    keep(batch);
  }
  return batches;
}
const kpisOf = (batches: readonly SnapshotBatch[]) => batches.filter(({ family }) => family === 'kpi').flatMap(({ at: from, taken }) => taken.map(({ subject }) => ({ from, period: subject[0]!, metric: subject[1]! })));
const bedStatus = (db: ReturnType<typeof memoryDb>, time: number) => latestSnapshots(db, { family: 'bed' }, time).map(({ facts }) => facts['status']);

test('given a clock that is given back, when it goes through the same time again, then all is taken at once, and what stood of that time gives way', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const pace = untimed();
  const keep = (batch: SnapshotBatch) => store.keep(batch);
  run(pace, houseOf(site, [admitted]), at('09:50'), at('10:02'), keep);
  run(pace, houseOf(site, [admitted, discharged]), at('10:02'), at('10:05'), keep);
  expect(bedStatus(db, at('10:04'))).toEqual(['dirty']);
  const batches = run(pace, houseOf(site, [admitted, discharged, cleaned]), at('09:55'), at('10:10'), keep);
  expect(new Set(batches.slice(0, 8).map(({ family }) => family)).size).toBe(8);
  expect(kpisOf(batches).filter(({ metric }) => metric === 'census.discharges')).toEqual([{ from: at('09:00'), period: 'hour', metric: 'census.discharges' }]);
  expect(['09:54', '09:56', '10:02', '10:04', '10:06'].flatMap((time) => bedStatus(db, at(time)))).toEqual(['occupied', 'available', 'available', 'available', 'available']);
});

test('given a core that starts before what its store was last watched at, when time goes on, then what lies ahead gives way as it is reached', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  run(untimed(), houseOf(site, [admitted, discharged]), at('10:02'), at('10:05'), (batch) => store.keep(batch));
  const pace = untimed({ watchedUntil: at('10:05') });
  run(pace, houseOf(site, [admitted, discharged, cleaned]), at('09:50'), at('10:07'), (batch) => store.keep(batch));
  expect(['09:49', '09:51', '10:02', '10:04', '10:06'].flatMap((time) => bedStatus(db, at(time)))).toEqual(['available', 'available', 'available', 'available']);
});

test('given a family that is taken out of turn, when its minute comes, then it is not taken again, and what did not change is not written twice', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const pace = untimed();
  const keep = (batch: SnapshotBatch) => store.keep(batch);
  run(pace, houseOf(site, [admitted]), at('09:20'), at('09:31'), keep);
  const house = houseOf(site, [admitted, discharged]);
  expect(bedStatus(db, at('09:31'))).toEqual(['occupied']);
  const now = at('09:31');
  store.keep(pace.take(house, 'bed', now));
  expect(bedStatus(db, now)).toEqual(['dirty']);
  expect(pace.take(house, 'bed', now + 1_000).taken).toEqual([]);
  expect(run(pace, house, now + 2_000, now + 50_000, keep).filter(({ family }) => family === 'bed')).toEqual([]);
  expect(run(pace, house, now + 50_000, now + 120_000, keep).filter(({ family }) => family === 'bed').flatMap(({ taken }) => taken)).toEqual([]);
});

test('given a disk that refuses, when it takes again, then what it refused is taken again, KPIs and what is gone included', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const pace = untimed();
  run(pace, houseOf(site, [admitted, ['lab.order-created', '09:00', { order: 'L1', test: 'K', priority: 'STAT' }]]), at('09:50'), at('09:55'), (batch) => store.keep(batch));
  const refused = run(pace, houseOf(site, [admitted, discharged]), at('09:55'), at('10:03'), (batch) => pace.refused(batch));
  expect(kpisOf(refused).length).toBeGreaterThan(40);
  expect(bedStatus(db, at('10:03'))).toEqual(['occupied']);
  run(pace, houseOf(site, [admitted, discharged]), at('10:03'), at('10:05'), (batch) => store.keep(batch));
  expect(bedStatus(db, at('10:05'))).toEqual(['dirty']);
  expect(latestSnapshots(db, { family: 'kpi', subject: { metric: 'census.discharges' } })).toMatchObject([{ at: at('09:00'), facts: { value: 1 } }]);
  expect(latestSnapshots(db, { family: 'lab-workload', subject: { priority: 'STAT' } })).toMatchObject([{ metrics: { 'lab.pending': null } }]);
});

test('given a feed that is lost when an hour ends, when it is heard again, then what happened in that hour is told with the next one, and what a gauge would have shown is not', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const house = houseOf(site, [admitted, discharged]);
  const pace = untimed();
  const keep = (batch: SnapshotBatch) => store.keep(batch);
  const kpi = (metric: string, from: string) => latestSnapshots(db, { family: 'kpi', subject: { metric, period: 'hour' } }, at(from))[0]!.facts['value'];
  run(pace, house, at('09:50'), at('10:05'), keep, (metric) => (metric.startsWith('census.') || metric.startsWith('beds.') ? ['ehr'] : []));
  expect([kpi('census.discharges', '09:00'), kpi('beds.occupied', '09:00')]).toEqual([null, null]);
  expect(bedStatus(db, at('10:05'))).toEqual([null]);
  run(pace, house, at('10:05'), at('10:10'), keep);
  expect(bedStatus(db, at('10:10'))).toEqual(['dirty']);
  run(pace, house, at('10:59'), at('11:05'), keep);
  expect([kpi('census.discharges', '09:00'), kpi('beds.occupied', '09:00'), kpi('beds.occupied', '10:00')]).toEqual([1, null, 0]);
});

test('given a machine that slept through hours, when it wakes, then their counts are told and not what a gauge shows now', () => {
  const house = houseOf(site, [admitted, discharged]);
  const pace = untimed();
  run(pace, house, at('08:55'), at('08:56'));
  const woken = kpisOf(run(pace, house, at('11:20'), at('11:25')));
  expect(woken.filter(({ metric }) => metric === 'census.discharges').map(({ from }) => from)).toEqual([at('08:00'), at('09:00'), at('10:00')]);
  expect(woken.filter(({ metric }) => metric === 'beds.occupied')).toEqual([]);
  const after = kpisOf(run(pace, house, at('11:59'), at('12:02')));
  expect(after.filter(({ metric }) => metric === 'beds.occupied').map(({ from }) => from)).toEqual([at('11:00')]);
});

test('given a replay whose ticks are far apart, when an hour ends, then its gauges are told as at any speed', () => {
  const house = houseOf(site, [admitted, discharged]);
  const pace = untimed({ speed: 1_000 });
  const batches: SnapshotBatch[] = [];
  for (let now = at('09:30'); now < at('11:30'); now += 1_000_000) batches.push(...[pace.due(house, now)].filter((batch) => batch !== undefined));
  expect(kpisOf(batches).some(({ metric }) => metric === 'beds.occupied')).toBe(true);
});

test('given an event that comes days late, when KPIs are counted again, then only those are of which memory holds everything', () => {
  const house = houseOf(site, [admitted, discharged]);
  const pace = untimed();
  const now = at('10:00') + 5 * DAY;
  run(pace, house, now - 60_000, now);
  pace.happened(at('09:30'));
  const again = kpisOf(run(pace, house, now + HOUR, now + HOUR + 5 * 60_000)).filter(({ from, period }) => period === 'hour' && from < now - HOUR);
  const hours = (metric: string) => again.filter((kpi) => kpi.metric === metric).length;
  expect(hours('census.discharges')).toBe(48);
  // Who returned within 72 h of an arrival can be told for as long as memory reaches back 72 h from it.
  expect(hours('ed.return_rate_72h')).toBe(24);
});

test('given a core that was not asked for longer than memory reaches, when it is, then hours beyond memory are not told', () => {
  const house = houseOf(site, [admitted, discharged]);
  const pace = untimed();
  const now = at('10:00');
  pace.due(house, now);
  const told = kpisOf(run(pace, house, now + 10 * DAY, now + 10 * DAY + 10 * 60_000)).filter(({ metric, period }) => metric === 'census.discharges' && period === 'hour');
  expect(told).toHaveLength(98);
});
