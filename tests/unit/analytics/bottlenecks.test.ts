import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bottlenecks, recurring } from '#core/analytics/bottlenecks.ts';

const HOUR = 3_600_000;
/** A Monday, midnight in Vienna. */
const MONDAY = Date.parse('2026-01-05T00:00+01:00');
const course = (...values: (number | null)[]) => values.map((value, i) => ({ from: MONDAY + i * HOUR, to: MONDAY + (i + 1) * HOUR, value }));
const overOne = (value: number) => value > 1;

it('counts by hours and weekdays of the site, and holds the unknown neither for fine nor for bad', () => {
  const fortnight = Array.from({ length: 14 * 24 }, (_, i) => (i % 24 === 8 ? (i < 24 ? null : 2) : 0));
  const { hours, days } = bottlenecks(course(...fortnight), 'Europe/Vienna', overOne);
  expect(hours[8]).toEqual({ slot: 8, observed: 13, beyond: 13, unknown: 1, share: 1 });
  expect(hours[7]).toEqual({ slot: 7, observed: 14, beyond: 0, unknown: 0, share: 0 });
  expect(days[0]).toEqual({ slot: 1, observed: 47, beyond: 1, unknown: 1, share: 1 / 47 });
  expect(recurring(hours, 3, 0.5).map(({ slot }) => slot)).toEqual([8]);
});

it('knows no share where nothing was observed, and calls nothing recurring that was seen too seldom', () => {
  const { hours } = bottlenecks(course(null, 5), 'Europe/Vienna', overOne);
  expect([hours[0]!.share, hours[1]!.share]).toEqual([null, 1]);
  expect(recurring(hours, 2, 0)).toEqual([]);
});

it('counts each hour once by day and once by week, also over changes of the clock', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { nil: null }), { maxLength: 500 }), fc.integer({ min: 0, max: 365 * 24 }), (values, shift) => {
      const points = course(...values).map(({ from, to, value }) => ({ from: from + shift * HOUR, to: to + shift * HOUR, value }));
      const { hours, days } = bottlenecks(points, 'Europe/Vienna', overOne);
      for (const slots of [hours, days]) {
        const sum = (of: 'observed' | 'beyond' | 'unknown') => slots.reduce((total, slot) => total + slot[of], 0);
        expect([sum('observed'), sum('beyond'), sum('unknown')]).toEqual([values.filter((v) => v !== null).length, values.filter((v) => v === 2).length, values.filter((v) => v === null).length]);
      }
    }),
  );
});
