import { expect, test } from 'vitest';
import { siteDays } from '#core/metrics/days.ts';
import { deleteHistoryStep } from '#core/store/history-retention.ts';
import type { Db } from '#core/store/open.ts';
import { SampleStore } from '#core/store/samples.ts';
import { series, stepFor } from '#core/store/series.ts';
import type { SamplePoint } from '#core/store/writer-protocol.ts';
import { memoryDb } from '../../fixtures/databases.ts';

const ZONE = 'Europe/Berlin';
const DAY = 86_400_000;
const MINUTE = 60_000;
const METRIC = 'beds.occupied';
const START = siteDays(ZONE).dayOf(Date.UTC(2026, 2, 27, 12)).from;

function filled(days: number): Db {
  const db = memoryDb();
  const points: SamplePoint[] = Array.from({ length: days * 24 * 12 }, (_, i) => [METRIC, START + i * 5 * MINUTE, i % 100]);
  new SampleStore(db, ZONE).write(points);
  return db;
}

const daily = (db: Db) => series(db, ZONE, { metric: METRIC, scope: {}, from: START, to: START + 10 * DAY, step: '1d' }).points;
const count = (db: Db) => (db.prepare('SELECT COUNT(*) AS n FROM metric_sample').get() as { n: number }).n;

test('given ten days over a change of the clocks, when samples are forgotten in steps, then each step is bounded, days stay whole, and rollups say what they said', () => {
  const db = filled(10);
  const before = daily(db);
  const total = count(db);
  const limit = START + 5.5 * DAY;
  let steps = 0;
  for (let done = false; !done; steps++) {
    const step = deleteHistoryStep(db, ZONE, 'sample', limit, 100);
    expect(step.deleted).toBeLessThanOrEqual(100);
    done = step.done;
  }
  const day = siteDays(ZONE).dayOf(limit).from;
  expect(total - count(db)).toBe((day - START) / (5 * MINUTE));
  expect(steps).toBeGreaterThan(10);
  expect(daily(db)).toEqual(before);
  expect(deleteHistoryStep(db, ZONE, 'sample', limit, 100)).toEqual({ deleted: 0, done: true });
});

test('given samples that are forgotten, when one comes from before that, then it is not taken and no rollup changes', () => {
  const db = filled(10);
  while (!deleteHistoryStep(db, ZONE, 'sample', START + 5 * DAY, 1_000).done);
  const before = daily(db);
  new SampleStore(db, ZONE).write([[METRIC, START + DAY, 1_000_000]]);
  expect(daily(db)).toEqual(before);
});

test('given a series that is sampled no more, when its samples are forgotten, then its last quarter, hour and day have been rolled up', () => {
  const db = memoryDb();
  new SampleStore(db, ZONE).write([[METRIC, START, 1], [METRIC, START + 5 * MINUTE, 3]]);
  while (!deleteHistoryStep(db, ZONE, 'sample', START + 20 * DAY, 10).done);
  expect(count(db)).toBe(0);
  for (const step of ['15m', '1h', '1d'] as const) expect(series(db, ZONE, { metric: METRIC, scope: {}, from: START, to: START + DAY, step }).points).toMatchObject([{ min: 1, max: 3, mean: 2, last: 3, count: 2 }]);
});

test('given samples that are kept, when their quarters are to be forgotten, then they stay: they would be rolled up again', () => {
  const db = filled(3);
  expect(deleteHistoryStep(db, ZONE, '15m', START + 2 * DAY, 1_000)).toEqual({ deleted: 0, done: true });
});

test('given samples that are forgotten, when a chart asks for the range, then the finest step that is kept answers', () => {
  const db = filled(10);
  while (!deleteHistoryStep(db, ZONE, 'sample', START + 5 * DAY, 1_000).done);
  expect([stepFor(db, START, START + 4 * 3_600_000), stepFor(db, START + 6 * DAY, START + 6 * DAY + 4 * 3_600_000)]).toEqual(['15m', '1m']);
});

test('given a name that is no history, when it is to be forgotten, then the answer names those that are', () => {
  expect(() => deleteHistoryStep(memoryDb(), ZONE, 'everything', START, 10)).toThrow(/no history everything; there are sample, 15m/);
});
