import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { wallClock, type Clock } from '#core/clock/clock.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { WriterThread } from '#core/store/writer-thread.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { until } from '../../rig/until.ts';
import { apply, temporaryDir } from '../../fixtures/stores.ts';

const quiet = { onCommitted: () => undefined, onStalled: () => undefined, onLost: () => undefined };

test('given a store that refuses snapshots, when they are to be kept, then the writer says that they were not, and when it takes again it keeps them', async () => {
  const dataDir = temporaryDir();
  const stalls: (string | undefined)[] = [];
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: false }, wallClock, { ...quiet, onStalled: (why) => stalls.push(why?.state) });
  const batch = { family: 'hospital-unit', at: 1, taken: [{ subject: ['4E'], facts: { name: 'East', kind: 'ward', level: null, capacity: 1, configured: true }, metrics: {}, unknown: {} }] };
  const db = new Database(storeFiles(dataDir, DEFAULT_SITE).log);
  onTestFinished(() => void db.close());
  db.exec("CREATE TRIGGER refuse BEFORE INSERT ON hospital_unit BEGIN SELECT RAISE(ABORT, 'no room'); END");
  expect(await writer.writeSnapshots(batch)).toBe(false);
  expect(stalls).toEqual(['store-failing']);
  db.exec('DROP TRIGGER refuse');
  expect(await writer.writeSnapshots(batch)).toBe(true);
  expect(db.prepare('SELECT name FROM hospital_unit').all()).toEqual([{ name: 'East' }]);
  await writer.close();
});

test('given messages on their way to the writer, when it is closed behind them, then it commits them and ends', async () => {
  const dataDir = temporaryDir();
  const stalls: string[] = [];
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: true }, wallClock, { ...quiet, onStalled: (why) => why && stalls.push(why.message) });
  for (let batch = 0; batch < 4; batch++) {
    for (let i = 0; i < 3_000; i++) writer.submit({ topic: '', payload: Buffer.from('not JSON') }, () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.close();
  const db = openForReading(storeFiles(dataDir, DEFAULT_SITE).log);
  const { n } = db.prepare('SELECT COUNT(*) AS n FROM dead_letter').get() as { n: number };
  db.close();
  expect({ n, stalls }).toEqual({ n: 12_000, stalls: [] });
});

test('given a disk with no room for more that is ahead of the clock, when such an event comes, then nothing is acknowledged and the state is told, until enough of what is held has fallen due', async () => {
  const NOW = Date.parse('2026-01-14T08:00:00Z');
  const HOUR = 3_600_000;
  const staffing = (unit: string, hours: number) => envelope('unit.staffing-reported', NOW + hours * HOUR, { unit, staffedBeds: 3 }, { id: unit });
  const dataDir = temporaryDir();
  const before = openSiteStore({ dataDir, id: DEFAULT_SITE, withVault: false });
  apply(before, [staffing('first', 1), staffing('second', 2)], { now: NOW, live: true });
  before.db.prepare('UPDATE ops_event_source SET held_bytes = ?').run(2 ** 50);
  before.close();

  let now = NOW;
  const clock: Clock = { mode: 'wall', speed: 1, now: () => now };
  const told: string[] = [];
  let released = 0;
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: false }, clock, { ...quiet, onStalled: (why) => told.push(why?.state ?? 'takes again'), onCommitted: ({ outcome }) => (released += outcome.accepted) });
  onTestFinished(() => writer.close());
  const submit = (event: ReturnType<typeof staffing>) => writer.submit({ topic: topicOf(event)!, payload: Buffer.from(JSON.stringify(event)) }, () => told.push(event.id));
  submit(staffing('ahead', 3));
  await until('the writer to say why it takes nothing', () => told.includes('store-full'));
  submit(staffing('present', 0));
  now = NOW + HOUR;
  writer.tick();
  await until('the first to be released', () => released === 1);
  expect(new Set(told)).toEqual(new Set(['store-full']));
  now = NOW + 2 * HOUR;
  writer.tick();
  await until('what waited to be acknowledged', () => told.includes('present'));
  expect(told.indexOf('takes again')).toBeGreaterThan(told.indexOf('ahead'));
  expect(told.lastIndexOf('takes again')).toBeGreaterThan(told.lastIndexOf('store-full'));
});
