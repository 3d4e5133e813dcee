import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, fraction } from '#core/simulate/engine/random.ts';
import type { Distribution } from '#core/simulate/distributions/distribution.ts';
import { distributionSchema } from '#core/simulate/distributions/distribution.ts';
import { cdf, mean, quantile, variance } from '#core/simulate/distributions/measures.ts';
import { choose, sample } from '#core/simulate/distributions/sample.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const families: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({ exponential: fc.record({ mean: between(0.01, 1e5) }) }),
  fc.record({ lognormal: fc.record({ median: between(0.01, 1e5), sigma: between(0.05, 3) }) }),
  fc.record({ gamma: fc.record({ mean: between(0.01, 1e5), shape: between(0.1, 200) }) }),
  fc.record({ weibull: fc.record({ scale: between(0.01, 1e5), shape: between(0.3, 10) }) }),
  fc.record({ uniform: fc.record({ from: fc.constant(3), to: between(4, 1e5) }) }),
  fc.constant<Distribution>({ quantiles: [[0, -5], [0.1, 0], [0.6, 12], [0.95, 60], [1, 400]] }),
);

describe('given any distribution', () => {
  it('its quantile turns its cdf round, and rises', () => {
    fc.assert(
      fc.property(families, between(1e-6, 0.999_999), between(1e-6, 0.999_999), (of, p, q) => {
        expect(cdf(of, quantile(of, p))).toBeCloseTo(p, 9);
        expect(Math.sign(quantile(of, q) - quantile(of, p)) * Math.sign(q - p)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each<Distribution>([
    { exponential: { mean: 20 } },
    { lognormal: { median: 60, sigma: 0.8 } },
    { gamma: { mean: 11, shape: 1.4 } },
    { gamma: { mean: 4, shape: 0.6 } },
    { weibull: { scale: 90, shape: 2.7 } },
    { quantiles: [[0, 1], [0.5, 9], [0.9, 18], [1, 35]] },
  ])('its samples have its mean, its variance and its shape: %j', (of) => {
    const random = createRandom('samples');
    const n = 40_000;
    const values = Array.from({ length: n }, () => sample(of, random)).sort((a, b) => a - b);
    const average = values.reduce((sum, value) => sum + value, 0) / n;
    const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (n - 1);
    // Four standard errors.
    expect(Math.abs(average - mean(of))).toBeLessThan(4 * Math.sqrt(variance(of) / n));
    expect(spread / variance(of)).toBeGreaterThan(0.93);
    expect(spread / variance(of)).toBeLessThan(1.07);
    const distance = Math.max(...values.map((value, i) => Math.max(Math.abs(cdf(of, value) - i / n), Math.abs(cdf(of, value) - (i + 1) / n))));
    // Kolmogorov's limit at 0.1%: 1.95 / sqrt(n).
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
  });

  it('the ends of the interval are not reached: no sample is endless', () => {
    const words = 0xffffffff;
    expect(fraction(words, words)).toBeLessThan(1);
    expect(fraction(0, 0)).toBeGreaterThan(0);
    expect(quantile({ exponential: { mean: 1 } }, fraction(words, words))).toBeLessThan(40);
  });

  it('a sample takes one number from the stream, whatever the family', () => {
    fc.assert(
      fc.property(families, (of) => {
        let taken = 0;
        sample(of, { next: () => (taken++, 0.3), stream: () => createRandom(1) });
        expect(taken).toBe(1);
      }),
    );
  });
});

describe('parameter files', () => {
  it.each([
    [{ lognormal: { median: 0, sigma: 1 } }, 'expected number to be >0'],
    [{ lognormal: { mean: 3, sigma: 1 } }, 'expected'],
    [{ quantiles: [[0, 1], [0.5, 9], [0.9, 8], [1, 35]] }, 'values do not fall'],
    [{ quantiles: [[0.1, 1], [1, 35]] }, 'the first probability is 0'],
    [{ uniform: { from: 4, to: 4 } }, 'from lies below to'],
    [{ normal: { mean: 4, sigma: 1 } }, 'Unrecognized key'],
  ])('%j is refused', (of, why) => {
    const { error } = distributionSchema.safeParse(of);
    expect(JSON.stringify(error?.issues)).toContain(why);
  });
});

describe('choices', () => {
  it('each comes as often as its share among all', () => {
    const random = createRandom('choices');
    const counts = { a: 0, b: 0, never: 0 };
    for (let i = 0; i < 30_000; i += 1) counts[choose([{ name: 'a', share: 3 }, { name: 'never', share: 0 }, { name: 'b', share: 1 }] as const, random).name] += 1;
    expect(counts.a / 30_000).toBeCloseTo(0.75, 1);
    expect(counts.a + counts.b).toBe(30_000);
  });

  it('of nothing there is no choice', () => expect(() => choose([{ share: 0 }], createRandom(1))).toThrow('no choice'));
});
