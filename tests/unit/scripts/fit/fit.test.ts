import { describe, expect, it } from 'vitest';
import type { Distribution } from '#core/simulate/distributions/distribution.ts';
import { quantile } from '#core/simulate/distributions/measures.ts';
import { distance, fit, percentile } from '../../../../scripts/fit/families.ts';
import { dailyCourse, evenness } from '../../../../scripts/fit/hours.ts';
import { hourOfDay, minute } from '../../../../scripts/fit/read.ts';

/** The n middles of equal shares of a distribution: a sample without chance. */
const ideal = (of: Distribution, n = 2000): number[] => Array.from({ length: n }, (_, i) => quantile(of, (i + 0.5) / n));

describe('given durations of a known family', () => {
  it.each<[string, Distribution]>([
    ['exponential', { exponential: { mean: 30 } }],
    ['lognormal', { lognormal: { median: 60, sigma: 0.8 } }],
    ['gamma', { gamma: { mean: 12, shape: 3 } }],
    ['weibull', { weibull: { scale: 90, shape: 2.5 } }],
  ])('%s: the family and its parameters are found', (family, of) => {
    const found = fit(ideal(of));
    expect(Object.keys(found.of)).toEqual([family]);
    const [wanted, got] = [of, found.of].map((one) => Object.values(Object.values(one)[0] as Record<string, number>));
    wanted!.forEach((value, i) => expect(got![i]! / value).toBeCloseTo(1, 1));
    expect(found.ks).toBeLessThan(0.02);
  });

  it('what no family describes becomes a table with its own quantiles', () => {
    const two = [...ideal({ lognormal: { median: 5, sigma: 0.1 } }), ...ideal({ lognormal: { median: 300, sigma: 0.1 } })];
    const found = fit(two);
    expect(Object.keys(found.of)).toEqual(['quantiles']);
    expect(found.p90[1] / found.p90[0]).toBeCloseTo(1, 2);
  });

  it('values at or below zero are left out and counted', () => {
    const found = fit([...ideal({ exponential: { mean: 30 } }, 100), 0, -4]);
    expect([found.n, found.left]).toEqual([100, 2]);
  });
});

describe('measures of fit', () => {
  it('percentiles lie between closest ranks', () => {
    expect(percentile([1, 2, 4, 8], 0.5)).toBe(3);
    expect(percentile([1, 2, 4, 8], 0.9)).toBeCloseTo(6.8, 9);
  });

  it('distance of a shifted distribution', () => {
    const of: Distribution = { uniform: { from: 0, to: 1 } };
    expect(distance(ideal({ uniform: { from: 0, to: 1 } }), of)).toBeLessThan(0.001);
    expect(distance(ideal({ uniform: { from: 0.2, to: 1.2 } }), of)).toBeCloseTo(0.2, 2);
  });
});

describe('times', () => {
  it.each([
    ['2014/10/22 11:15:41.000', '2014-10-22T11:15:41Z'],
    ['2012-12-16 19:33:10', '2012-12-16T19:33:10Z'],
    ['2012-12-16', '2012-12-16T00:00:00Z'],
    ['01/03/22 12:20 PM', '2022-01-03T12:20:00Z'],
    ['01/03/22 12:05 AM', '2022-01-03T00:05:00Z'],
  ])('%s', (text, iso) => expect(minute(text)).toBeCloseTo(Date.parse(iso) / 60_000, 6));

  it('anything else is refused by name', () => expect(() => minute('22.10.2014')).toThrow("'22.10.2014' is no time"));

  it('hours of a day, before 1970 too', () => {
    expect(hourOfDay(minute('1969-12-31 23:30:00'))).toBe(23);
    expect(hourOfDay(minute('2022-05-01 07:59:00'))).toBe(7);
  });
});

describe('the course of a day', () => {
  const tides = Array.from({ length: 24 }, (_, hour) => Math.round(100 * (1 + 0.6 * Math.sin((2 * Math.PI * (hour - 8)) / 24))));

  it('even counts may be chance, a tide is not', () => {
    expect(evenness(new Array<number>(24).fill(30))).toBeCloseTo(1, 6);
    expect(evenness(tides)).toBeLessThan(1e-6);
  });

  it('the smoothed course has a mean of one and its top where the counts have theirs', () => {
    const { weights } = dailyCourse(tides);
    expect(weights.reduce((sum, weight) => sum + weight, 0) / 24).toBeCloseTo(1, 3);
    expect(Math.abs(weights.indexOf(Math.max(...weights)) - 14)).toBeLessThanOrEqual(1);
    weights.forEach((weight, hour) => expect(Math.abs(weight * 100 - tides[hour]!)).toBeLessThan(12));
  });
});
