import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { clockStart, demoSiteFile, type Course } from '#core/demo/course.ts';
import { prepareDemo } from '#core/demo/prepare.ts';
import { openForReading } from '#core/store/open.ts';
import { snapshotHistory } from '#core/store/read-snapshots.ts';
import { readSiteConfig } from '#core/store/site-file.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SITE = readSiteConfig(demoSiteFile());
/** Soon after midnight: little has to be loaded. */
const START = clockStart(0, SITE.timezone, '2026-03-03', '00:20');
const midnight = clockStart(0, SITE.timezone, '2026-03-03', '00:00');
const COURSE: Course = { seed: '1', rate: 1, from: START };
const options = () => ({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: true });

test('a store is made with its history, and goes on where its clock had come to', async () => {
  const into = options();
  const made = await prepareDemo(into, SITE, { course: COURSE, start: START, live: false });
  expect(made).toMatchObject({ start: START, continued: false });
  expect(made.loaded).toBeGreaterThan(4_000);
  // A clock of its own stood still while it was stopped; the wall's went on, and what it missed is caught up with.
  const later = await prepareDemo(into, SITE, { course: { ...COURSE, from: START + MINUTE }, start: START + 30 * MINUTE, live: true });
  expect(later).toMatchObject({ course: COURSE, start: START + 30 * MINUTE, continued: true });
  expect(later.loaded).toBeGreaterThan(100);
  const again = await prepareDemo(into, SITE, { course: COURSE, start: START, live: false });
  expect(again.continued).toBe(true);
  expect(again.start).toBeGreaterThan(START + 29 * MINUTE);
});

test.each([
  ['another seed', { ...COURSE, seed: '2' }, START],
  ['another rate', { ...COURSE, rate: 2 }, START],
  ['a beginning that it has not reached', COURSE, START + 60 * MINUTE],
])('with %s it begins anew', async (_what, course, start) => {
  const into = options();
  await prepareDemo(into, SITE, { course: COURSE, start: START, live: false });
  expect(await prepareDemo(into, SITE, { course, start, live: false })).toMatchObject({ continued: false, start });
});

test('where the model has become another it begins anew: the same names would stand for other events', async () => {
  const into = options();
  await prepareDemo(into, SITE, { course: COURSE, start: START, live: false });
  const db = new Database(storeFiles(into.dataDir, into.id).log);
  db.prepare("UPDATE site SET value = json_set(value, '$.fingerprint', 'of another model') WHERE key = 'demo'").run();
  db.close();
  expect((await prepareDemo(into, SITE, { course: COURSE, start: START, live: false })).continued).toBe(false);
});

test('a store that no demo has made is refused and stays as it is', async () => {
  const into = options();
  openSiteStore(into).close();
  await expect(prepareDemo(into, SITE, { course: COURSE, start: START, live: false })).rejects.toThrow(/holds a hospital's events/);
});

test('given a past, when the store is made or caught up, then its series and KPIs are full, hour by hour', async () => {
  const into = options();
  const start = clockStart(0, SITE.timezone, '2026-03-03', '03:20');
  const full = (until: number) => {
    const db = openForReading(storeFiles(into.dataDir, into.id).log);
    try {
      const hour = snapshotHistory(db, { family: 'kpi', subject: { period: 'hour', metric: 'census.discharges', scope: '' } }, midnight, until).snapshots;
      const occupancy = db.prepare<[], { at: number }>("SELECT at FROM metric_sample JOIN metric_series USING (series_id) WHERE series = 'beds.occupancy_rate' ORDER BY at").all();
      return { hours: hour.map(({ at }) => (at - midnight) / HOUR), known: hour.filter(({ facts }) => facts['value'] !== null).length, sampled: [...new Set(occupancy.map(({ at }) => Math.floor((at - midnight) / HOUR)))].filter((at) => at >= 0) };
    } finally {
      db.close();
    }
  };
  await prepareDemo(into, SITE, { course: { ...COURSE, from: start }, start, live: false });
  expect(full(start)).toMatchObject({ hours: [0, 1, 2], known: 3, sampled: [0, 1, 2, 3] });
  await prepareDemo(into, SITE, { course: { ...COURSE, from: start }, start: start + 2 * HOUR, live: true });
  expect(full(start + 2 * HOUR)).toMatchObject({ hours: [0, 1, 2, 3, 4], known: 5, sampled: [0, 1, 2, 3, 4, 5] });
});
