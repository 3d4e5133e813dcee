import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { SiteDays } from '#core/metrics/days.ts';
import { bucketOf, ROLLUP_STEPS } from '#core/store/rollups.ts';
import { SampleStore } from '#core/store/samples.ts';
import { series, SERIES_LIMIT, seriesTogether, stepFor, TOGETHER_LIMIT, type SeriesPoint } from '#core/store/series.ts';
import type { SamplePoint } from '#core/store/writer-protocol.ts';
import { memoryDb } from '../../fixtures/databases.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const METRIC = 'beds.occupied';
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];

/** The same buckets, the plain way: every sample looked at, grouped by the day, hour and minute that the wall shows. */
function plainly(samples: ReadonlyMap<number, number | null>, zone: string, step: '15m' | '1h' | '1d'): Pick<SeriesPoint, 'min' | 'max' | 'mean' | 'last' | 'count' | 'unknown'>[] {
  const groups = new Map<string, (number | null)[]>();
  for (const [at, value] of [...samples].sort(([a], [b]) => a - b)) {
    const wall = DateTime.fromMillis(at, { zone });
    const key = step === '1d' ? wall.toISODate()! : step === '1h' ? `${wall.toISODate()} ${wall.hour} ${wall.offset}` : `${wall.toISODate()} ${wall.hour} ${wall.offset} ${Math.floor(wall.minute / 15)}`;
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups.values()].map((values) => {
    const known = values.filter((value) => value !== null);
    const none = known.length === 0;
    return {
      min: none ? null : Math.min(...known),
      max: none ? null : Math.max(...known),
      mean: none ? null : known.reduce((a, b) => a + b, 0) / known.length,
      last: known.at(-1) ?? null,
      count: known.length,
      unknown: values.length - known.length,
    };
  });
}

const figures = (points: readonly SeriesPoint[]) => points.map(({ min, max, mean, last, count, unknown }) => ({ min, max, mean, last, count, unknown }));

test('given samples around any change of the clocks, late and twice, over restarts, when asked by any step, then each bucket is what its samples say', () => {
  const changes: Record<string, readonly string[]> = {
    'Europe/Berlin': ['2026-03-29', '2026-10-25'],
    'America/New_York': ['2026-03-08', '2026-11-01'],
    'Australia/Lord_Howe': ['2026-04-05', '2026-10-04'],
    'Pacific/Apia': ['2011-12-29', '2026-04-05'],
  };
  const value = fc.option(fc.integer({ min: 0, max: 600 }), { nil: null, freq: 5 });
  const sample = fc.record({ minute: fc.nat(3 * 24 * 60), value });
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.nat(1), fc.array(sample, { minLength: 1, maxLength: 120 }), fc.boolean(), fc.nat(5), (zone, which, made, sorted, restarts) => {
      const db = memoryDb();
      const day = changes[zone]?.[which] ?? '2026-06-01';
      const start = DateTime.fromISO(`${day}T00:00`, { zone }).minus({ hours: 12 }).toMillis();
      const ordered = sorted ? made.toSorted((a, b) => a.minute - b.minute) : made;
      let store = new SampleStore(db, zone);
      const kept = new Map<number, number | null>();
      ordered.forEach((one, i) => {
        if (restarts > 0 && i % 20 === restarts) store = new SampleStore(db, zone);
        const at = start + one.minute * MINUTE;
        kept.set(at, one.value);
        store.write([[METRIC, at, one.value]]);
      });
      const days = new SiteDays(zone);
      const from = days.dayOf(start).from;
      for (const step of ROLLUP_STEPS) {
        const { points } = series(db, zone, { metric: METRIC, scope: {}, from, to: start + 4 * 24 * HOUR, step });
        expect(figures(points).map((p) => ({ ...p, mean: p.mean && Math.round(p.mean * 1e6) }))).toEqual(plainly(kept, zone, step).map((p) => ({ ...p, mean: p.mean && Math.round(p.mean * 1e6) })));
        for (const { from: begin, to } of points) expect(bucketOf(days, step, begin)).toMatchObject({ from: begin, to });
      }
    }),
    { numRuns: 150 },
  );
});

/** A sample each minute of `hours`. */
const minutes = (from: number, hours: number): SamplePoint[] => Array.from({ length: hours * 60 }, (_, i) => [METRIC, from + i * MINUTE, i]);

test.each([
  ['Europe/Berlin', '2026-03-29', 23 * 60],
  ['Europe/Berlin', '2026-10-25', 25 * 60],
  ['Australia/Lord_Howe', '2026-10-04', 23.5 * 60],
  ['Asia/Kathmandu', '2026-10-04', 24 * 60],
])('given a sample each minute in %s on %s, when asked by the day, then it holds %d minutes', (zone, date, length) => {
  const db = memoryDb();
  const day = new SiteDays(zone).dayOf(DateTime.fromISO(`${date}T12:00`, { zone }).toMillis());
  new SampleStore(db, zone).write(minutes(day.from - 24 * HOUR, 75));
  const { points } = series(db, zone, { metric: METRIC, scope: {}, from: day.from, to: day.to, step: '1d' });
  expect(points).toMatchObject([{ from: day.from, to: day.to, count: length, min: 24 * 60, max: 24 * 60 + length - 1 }]);
});

test('given a range, when no step is named, then the finest that fits is taken; what is too long is refused', () => {
  const db = memoryDb();
  const now = Date.UTC(2026, 0, 14);
  expect([8, 9, 24 * 5, 24 * 100].map((hours) => stepFor(db, now - hours * HOUR, now))).toEqual(['1m', '15m', '1h', '1d']);
  new SampleStore(db, 'UTC').write(minutes(now, SERIES_LIMIT / 60 + 1));
  expect(() => series(db, 'UTC', { metric: METRIC, scope: {}, from: now, to: now + 1000 * HOUR, step: '1m' })).toThrow(/coarser step/);
});

test('given series that are short enough each, when they are asked for together, then they are answered up to so many points in all', () => {
  const db = memoryDb();
  const units = Array.from({ length: 6 }, (_, i) => `U${i}`);
  const hours = Math.floor(SERIES_LIMIT / 60);
  for (const unit of units) new SampleStore(db, 'UTC').write(minutes(0, hours).map(([series, at, value]) => [`${series}@unit=${unit}`, at, value]));
  const asked = (count: number) => units.slice(0, count).map((unit) => ({ metric: METRIC, scope: { unit }, from: 0, to: hours * HOUR, step: '1m' as const }));
  expect(seriesTogether(db, 'UTC', asked(5)).flatMap(({ points }) => points)).toHaveLength(TOGETHER_LIMIT);
  expect(() => seriesTogether(db, 'UTC', asked(6))).toThrow(/shorter range, a coarser step or one unit/);
});

test('given a metric that was never sampled, when asked, then the answer says so; one that does not exist is refused', () => {
  const db = memoryDb();
  expect(series(db, 'UTC', { metric: METRIC, scope: { unit: 'X' }, from: 0, to: HOUR })).toMatchObject({ points: [], reason: 'this metric has not been sampled in this scope' });
  expect(() => series(db, 'UTC', { metric: 'beds.nonsense', scope: {}, from: 0, to: HOUR })).toThrow(/unknown metric/);
});
