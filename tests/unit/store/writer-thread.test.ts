import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { wallClock } from '#core/clock/clock.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { WriterThread } from '#core/store/writer-thread.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

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
