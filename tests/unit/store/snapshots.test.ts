import { expect, test } from 'vitest';
import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { snapshotSchema } from '#shared/snapshots/family.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '#core/snapshots/take.ts';
import type { Taken } from '#core/snapshots/taken.ts';
import { deleteHistoryStep } from '#core/store/history-retention.ts';
import { latestSnapshots, snapshotHistory, writtenSnapshots, type SnapshotPlace } from '#core/store/read-snapshots.ts';
import { columnOf, namesOf, SnapshotStore } from '#core/store/snapshots.ts';
import { LastWritten } from '#core/snapshots/changes.ts';
import { memoryDb } from '../../fixtures/databases.ts';
import { at, houseOf } from '../metrics/house-of.ts';

const DAY = 86_400_000;
const house = houseOf(
  { units: [{ id: '4E', name: 'East', kind: 'ward', beds: ['1', '2'] }, { id: 'ED', name: 'Emergency', kind: 'ed', beds: ['A'] }], or: { rooms: [{ id: '1' }] } },
  [
    ['adt.admitted', '08:00', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: '4E', unitKind: 'ward', bed: '1' } }],
    ['lab.order-created', '09:00', { order: 'L1', test: 'K', priority: 'STAT' }],
    ['imaging.order-created', '09:10', { order: 'I1', modality: 'CT', priority: 'STAT' }],
    ['rcm.claim-status-changed', '09:10', { claim: 'K1', payer: 'ACME', status: 'opened' }],
  ],
);

test('every family has a column for each of its fields', () => {
  const db = memoryDb();
  for (const family of snapshotFamilies.values()) {
    const columns = (db.pragma(`table_info(${family.table})`) as { name: string }[]).map(({ name }) => name);
    expect(columns.sort(), family.name).toEqual(['subject_id', 'at', 'unknown', ...namesOf(family).map(columnOf)].sort());
  }
});

test('what was kept is read back as it was taken, by the schema of its family', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  for (const family of FAMILIES_OF_A_MOMENT) {
    const taken = takeSnapshots(house, family, at('10:00'));
    store.keep({ family, at: at('10:00'), taken });
    const { subject } = snapshotFamilies.get(family)!;
    const read = latestSnapshots(db, { family });
    for (const one of read) expect(() => snapshotSchema(snapshotFamilies.get(family)!).parse(one)).not.toThrow();
    const plain = ({ facts, metrics, unknown }: Pick<Taken, 'facts' | 'metrics' | 'unknown'>) => ({ facts, metrics, unknown });
    const bySubject = new Map(read.map((one) => [subject.map((field) => one.subject[field] ?? '').join(), plain(one)]));
    for (const one of taken) expect(bySubject.get(one.subject.join()), family).toEqual(plain(one));
    const written = new LastWritten();
    written.changed(family, writtenSnapshots(db, family));
    expect(written.changed(family, taken)).toEqual([]);
  }
});

const bed = (label: string, status: string): Taken => ({ ...takeSnapshots(house, 'bed', 0)[0]!, subject: ['4E', label], facts: { ...takeSnapshots(house, 'bed', 0)[0]!.facts, status } });

function withHistory() {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const keep = (time: string, ...taken: Taken[]) => store.keep({ family: 'bed', at: at(time), taken });
  keep('08:00', bed('1', 'occupied'), bed('2', 'available'));
  keep('09:00', bed('1', 'dirty'));
  keep('09:01');
  keep('10:00', bed('1', 'cleaning'), bed('2', 'occupied'));
  return db;
}
const seen = (rows: readonly { at: number; subject: Readonly<Record<string, string | null>>; facts: Readonly<Record<string, unknown>> }[]) => rows.map((row) => [new Date(row.at).toISOString().slice(11, 16), row.subject['bed'], row.facts['status']]);

test('given changes over time, when asked for now, a moment or a span, then each subject is told by the row that held', () => {
  const db = withHistory();
  expect(seen(latestSnapshots(db, { family: 'bed' }))).toEqual([['10:00', '1', 'cleaning'], ['10:00', '2', 'occupied']]);
  expect(seen(latestSnapshots(db, { family: 'bed', subject: { bed: '1' } }, at('09:30')))).toEqual([['09:00', '1', 'dirty']]);
  expect(latestSnapshots(db, { family: 'bed' }, at('07:00'))).toEqual([]);
  const history = snapshotHistory(db, { family: 'bed', subject: { unit: '4E' } }, at('08:30'), at('10:00'));
  expect(seen(history.snapshots)).toEqual([['08:00', '1', 'occupied'], ['08:00', '2', 'available'], ['09:00', '1', 'dirty']]);
  expect(history.watched).toEqual([{ since: at('09:00'), until: at('09:01') }]);
  expect(history.more).toBe(false);
});

test('given more rows than the limit, when asked, then the answer is cut at the newest end and says so', () => {
  const history = snapshotHistory(withHistory(), { family: 'bed' }, at('08:00'), at('11:00'), 3);
  expect([history.snapshots.length, history.more]).toEqual([3, true]);
  expect(seen(history.snapshots).at(-1)).toEqual(['09:00', '1', 'dirty']);
});

test.each([1, 2, 3, 4])('given a history read by pages of %i, when each goes on after the last row of the one before, then no row is missing and none comes twice', (limit) => {
  const db = withHistory();
  const whole = snapshotHistory(db, { family: 'bed' }, at('09:30'), at('11:00')).snapshots;
  expect(seen(whole)).toEqual([['08:00', '2', 'available'], ['09:00', '1', 'dirty'], ['10:00', '1', 'cleaning'], ['10:00', '2', 'occupied']]);
  const paged: typeof whole = [];
  let after: SnapshotPlace | undefined;
  for (let more = true, pages = 0; more && pages < 10; pages++) {
    const page = snapshotHistory(db, { family: 'bed' }, at('09:30'), at('11:00'), limit, after);
    paged.push(...page.snapshots);
    const last = page.snapshots.at(-1)!;
    after = { at: last.at, subject: [last.subject['unit']!, last.subject['bed']!] };
    more = page.more;
  }
  expect(paged).toEqual(whole);
});

test('given a family or field that does not exist, when asked, then the answer names those that do', () => {
  const db = memoryDb();
  expect(() => latestSnapshots(db, { family: 'beds' })).toThrow(/no snapshot family beds; there are hospital-unit/);
  expect(() => latestSnapshots(db, { family: 'bed', subject: { room: '1' } })).toThrow(/bed snapshots have no room; they are told apart by unit, bed/);
});

test('given a past that is computed after a core has watched, when spans are asked for, then each is told once', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  const watch = (from: string, to: string) => {
    for (let now = at(from); now <= at(to); now += 60_000) store.keep({ family: 'bed', at: now, taken: [] });
  };
  watch('09:00', '09:30');
  watch('09:40', '09:50');
  watch('08:00', '08:30');
  watch('08:20', '08:35');
  const { watched } = snapshotHistory(db, { family: 'bed' }, at('00:00'), at('12:00'));
  expect(watched).toEqual([['08:00', '08:35'], ['09:00', '09:30'], ['09:40', '09:50']].map(([since, until]) => ({ since: at(since!), until: at(until!) })));
});

test('given old rows, when they are forgotten, then the one that still held stays', () => {
  const db = memoryDb();
  const store = new SnapshotStore(db);
  for (let day = 0; day < 10; day++) store.keep({ family: 'bed', at: at('08:00') + day * DAY, taken: [bed('1', day % 2 ? 'dirty' : 'occupied')] });
  let deleted = 0;
  for (let step; !step?.done; deleted += step.deleted) step = deleteHistoryStep(db, 'UTC', 'bed_snapshot', at('12:00') + 5 * DAY, 2);
  expect(deleted).toBe(4);
  expect(seen(latestSnapshots(db, { family: 'bed' }, at('07:00') + 5 * DAY))).toEqual([['08:00', '1', 'occupied']]);
});

test('every question goes by index', () => {
  const db = withHistory();
  const plan = (sql: string) => (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...(sql.match(/\?/g) ?? []).map(() => 1)) as { detail: string }[]).map(({ detail }) => detail);
  for (const { table } of snapshotFamilies.values()) {
    for (const where of ['subject_id = ? AND at <= ? ORDER BY at DESC LIMIT 1', 'subject_id = ? AND at >= ? AND at < ? ORDER BY at LIMIT 5']) {
      const details = plan(`SELECT s.*, r.reasons FROM ${table} s LEFT JOIN snapshot_reason r ON r.reason_id = s.unknown WHERE s.${where.replaceAll(' at', ' s.at')}`);
      expect(details.join('; ')).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  }
  for (const table of ['metric_sample', 'metric_rollup_15m', 'metric_rollup_1h', 'metric_rollup_1d']) {
    expect(plan(`SELECT * FROM ${table} WHERE series_id = ? AND at >= ? AND at < ? ORDER BY at`).join('; ')).not.toMatch(/SCAN|TEMP B-TREE/);
    expect(plan(`SELECT MAX(at) FROM ${table} WHERE series_id = ?`).join('; ')).not.toMatch(/SCAN/);
    expect(plan(`DELETE FROM ${table} WHERE series_id = ? AND at < ?`).join('; ')).not.toMatch(/SCAN/);
  }
});
