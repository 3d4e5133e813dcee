import { describe, expect, it } from 'vitest';
import { gammaFunction, gammaP, lnGamma } from '#core/simulate/distributions/gamma-function.ts';
import { cdf, mean, quantile, variance } from '#core/simulate/distributions/measures.ts';
import { normalCdf, normalQuantile } from '#core/simulate/distributions/normal.ts';

describe('special functions agree with published tables', () => {
  it.each([
    [1.05, 0.973_504_265_5], // Abramowitz & Stegun, table 6.1
    [1.5, 0.886_226_925_5],
    [1.95, 0.979_880_651_3],
    [0.5, 1.772_453_850_9], // sqrt(pi)
    [5, 24],
  ])('gamma(%d)', (x, value) => expect(gammaFunction(x)).toBeCloseTo(value, 9));

  it('ln gamma of a large argument: ln 99!', () => expect(lnGamma(100)).toBeCloseTo(359.134_205_369_575_4, 9));

  it.each([
    [0.5, 0.691_462_461_274], // Abramowitz & Stegun, table 26.1
    [1, 0.841_344_746_069],
    [1.96, 0.975_002_104_852],
    [3, 0.998_650_101_968],
    [-2, 0.022_750_131_948],
  ])('normal distribution up to %d', (z, p) => expect(normalCdf(z)).toBeCloseTo(p, 11));

  it.each([
    [0.95, 1.644_853_627],
    [0.975, 1.959_963_985],
    [0.995, 2.575_829_304],
    [1e-6, -4.753_424_309],
  ])('normal quantile of %d', (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 8));

  // Abramowitz & Stegun, table 26.8: percentage points of chi-square, a gamma distribution of shape half the degrees.
  it.each([
    [1, 0.95, 3.841_46],
    [1, 0.01, 0.000_157_088],
    [2, 0.5, 1.386_29],
    [5, 0.05, 1.145_476],
    [10, 0.95, 18.307],
    [30, 0.99, 50.8922],
    [100, 0.005, 67.3276],
  ])('chi-square, %d degrees, %d', (degrees, p, x) => {
    const of = { gamma: { mean: degrees, shape: degrees / 2 } };
    expect(quantile(of, p) / x).toBeCloseTo(1, 5);
    expect(cdf(of, x)).toBeCloseTo(p, 5);
  });

  it('of the Poisson sum: gammaP(n, x) is 1 - sum of the first n terms', () => {
    const terms = [1, 4, 8].map((term) => term * Math.exp(-4));
    expect(gammaP(3, 4)).toBeCloseTo(1 - terms.reduce((a, b) => a + b), 12);
  });
});

describe('moments', () => {
  it.each([
    ['exponential', { exponential: { mean: 30 } }, 30, 900],
    // NIST/SEMATECH e-Handbook 1.3.6.6.9: mean exp(s^2/2), variance exp(s^2)(exp(s^2) - 1) for median 1
    ['lognormal', { lognormal: { median: 1, sigma: 1 } }, 1.648_721_27, 4.670_774_27],
    ['gamma', { gamma: { mean: 12, shape: 4 } }, 12, 36],
    // gamma(1.5) and gamma(2) - gamma(1.5)^2: Rayleigh
    ['weibull', { weibull: { scale: 1, shape: 2 } }, 0.886_226_925, 0.214_601_837],
    ['uniform', { uniform: { from: 2, to: 14 } }, 8, 12],
    ['constant', { constant: 7 }, 7, 0],
    ['quantile table', { quantiles: [[0, 0], [0.5, 2], [1, 10]] as [number, number][] }, 3.5, 0.5 * (4 / 3) + 0.5 * (124 / 3) - 3.5 ** 2],
  ])('%s', (_, of, m, v) => {
    expect(mean(of)).toBeCloseTo(m, 8);
    expect(variance(of)).toBeCloseTo(v, 8);
  });

  it('a quantile table may jump and may rest', () => {
    const of = { quantiles: [[0, 1], [0.25, 1], [0.5, 4], [0.75, 4], [1, 9]] as [number, number][] };
    expect(cdf(of, 0.9)).toBe(0);
    expect(cdf(of, 1)).toBe(0.25);
    expect(cdf(of, 4)).toBe(0.75);
    expect(cdf(of, 9)).toBe(1);
    expect(quantile(of, 0.1)).toBe(1);
    expect(quantile(of, 0.6)).toBe(4);
    expect(quantile(of, 0.875)).toBe(6.5);
  });
});
