import fc from 'fast-check';
import { expect, it } from 'vitest';
import { movingAverage, ratesOfChange, type CoursePoint } from '#core/analytics/course.ts';

const HOUR = 3_600_000;
const hourly = (...values: (number | null)[]): CoursePoint[] => values.map((value, i) => ({ from: i * HOUR, to: (i + 1) * HOUR, value }));

it('averages over the last buckets, and knows nothing where fewer than half of them are known', () => {
  expect(movingAverage(hourly(2, 4, 6, null, null, null, 8), 3)).toEqual([null, 3, 4, 5, null, null, null]);
  expect(movingAverage(hourly(1, null, 5), 1)).toEqual([1, null, 5]);
});

it('takes a bucket that is missing as unknown, not the one before it instead', () => {
  const [first, , , fourth, fifth] = hourly(100, 0, 0, 2, 4);
  expect(movingAverage([first!, fourth!, fifth!], 2)).toEqual([100, 2, 3]);
});

it('averages whole days where one of them has 23 hours', () => {
  const days = [24, 47, 71].map((end, i, ends) => ({ from: (ends[i - 1] ?? 0) * HOUR, to: end * HOUR, value: i + 1 }));
  expect(movingAverage(days, 3)).toEqual([null, 1.5, 2]);
  expect(movingAverage(days, 2)).toEqual([1, 1.5, 2.5]);
});

it('tells change per hour between neighbours, and none across a gap or from the unknown', () => {
  const quarters = [0, 1, 2, 4, 5].map((i) => ({ from: (i * HOUR) / 4, to: ((i + 1) * HOUR) / 4, value: i === 5 ? null : i * i }));
  expect(ratesOfChange(quarters)).toEqual([null, 4, 12, null, null]);
});

const courses = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null }), { maxLength: 60 }).map((values) => hourly(...values));

it('never leaves the range of what it averages', () => {
  fc.assert(
    fc.property(courses, fc.integer({ min: 1, max: 10 }), (points, n) => {
      movingAverage(points, n).forEach((average, i) => {
        const seen = points.slice(Math.max(0, i - n + 1), i + 1).flatMap(({ value }) => (value === null ? [] : [value]));
        if (seen.length * 2 < n) expect(average).toBeNull();
        else expect(average! >= Math.min(...seen) - 1e-6 && average! <= Math.max(...seen) + 1e-6).toBe(true);
      });
    }),
  );
});

it('adds up to the whole change where everything is known', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 50 }), (values) => {
      const [, ...rates] = ratesOfChange(hourly(...values));
      expect(rates.reduce<number>((sum, rate) => sum + rate!, 0)).toBeCloseTo(values.at(-1)! - values[0]!, 6);
    }),
  );
});
