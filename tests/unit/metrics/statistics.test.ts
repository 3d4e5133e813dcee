import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distribution, percentile } from '#core/metrics/statistics.ts';

describe('percentile, type 7', () => {
  // R: quantile(c(1, 2, 3, 4), .9) = 3.7; quantile(1:10, .9) = 9.1. NumPy: percentile([10, 7, 4, 3, 2, 1], 50) = 3.5 (its manual).
  test.each([
    [[1, 2, 3, 4], 0.9, 3.7],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9, 9.1],
    [[1, 2, 3, 4, 7, 10], 0.5, 3.5],
    // R: quantile(c(15, 20, 35, 40, 50), .4) = 29
    [[15, 20, 35, 40, 50], 0.4, 29],
    [[42], 0.9, 42],
    [[3, 9], 0, 3],
    [[3, 9], 1, 9],
  ])('of %j at %d is %d', (numbers, p, expected) => {
    expect(percentile(numbers, p)).toBeCloseTo(expected, 10);
  });

  test('of nothing is unknown', () => {
    expect(percentile([], 0.5)).toBeNull();
  });
});

describe('distribution', () => {
  test('counts a sample at the target as within it', () => {
    expect(distribution([60, 30, 61, 89, 90], 2, 60)).toEqual({ count: 5, excluded: 2, mean: 66, p50: 61, p90: 89.6, max: 90, within: 0.4 });
  });

  test('of nothing knows nothing but what was excluded', () => {
    expect(distribution([], 3, 60)).toEqual({ count: 0, excluded: 3, mean: null, p50: null, p90: null, max: null, within: null });
  });

  test('has no share within a target that does not exist', () => {
    expect(distribution([1], 0, null).within).toBeNull();
  });

  const samples = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

  test('keeps its figures in order, whatever the samples', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1e6, noNaN: true }), (numbers, target) => {
        const d = distribution(numbers, 0, target);
        const least = Math.min(...numbers);
        expect(d.p50!).toBeGreaterThanOrEqual(least);
        expect(d.p90!).toBeGreaterThanOrEqual(d.p50!);
        expect(d.max!).toBeGreaterThanOrEqual(d.p90!);
        expect(d.max).toBe(Math.max(...numbers));
        expect(d.mean! >= least * (1 - 1e-12) && d.mean! <= d.max! * (1 + 1e-12)).toBe(true);
        expect(d.within).toBe(numbers.filter((n) => n <= target).length / numbers.length);
      }),
    );
  });

  test('does not depend on the order of the samples', () => {
    fc.assert(
      fc.property(samples, (numbers) => {
        const forward = distribution(numbers, 0, 10);
        expect(distribution(numbers.toReversed(), 0, 10)).toEqual(forward);
      }),
    );
  });
});
