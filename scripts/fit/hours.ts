import { cdf } from '#core/simulate/distributions/measures.ts';

const HOURS = 24;

/** Chance that counts so uneven, or more, come of an even rate (Pearson's chi-square). */
export function evenness(counts: readonly number[]): number {
  const each = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chi = counts.reduce((sum, count) => sum + (count - each) ** 2 / each, 0);
  const degrees = counts.length - 1;
  return 1 - cdf({ gamma: { mean: degrees, shape: degrees / 2 } }, chi);
}

/**
 * Smoothed daily course of a Poisson rate: ln rate as a sum of `waves` sines and cosines of the day, by maximum
 * likelihood (Newton's method), scaled to a mean of one; the number of waves up to three is that of lowest AIC.
 */
export function dailyCourse(counts: readonly number[]): { weights: number[]; waves: number } {
  const fits = [1, 2, 3].map((waves) => ({ waves, ...poisson(counts, waves) }));
  const best = fits.reduce((a, b) => (b.aic < a.aic ? b : a));
  const mean = best.rates.reduce((sum, rate) => sum + rate, 0) / HOURS;
  return { weights: best.rates.map((rate) => Number((rate / mean).toFixed(3))), waves: best.waves };
}

function poisson(counts: readonly number[], waves: number): { rates: number[]; aic: number } {
  const design = counts.map((_, hour) => {
    const angle = (2 * Math.PI * (hour + 0.5)) / HOURS;
    return [1, ...Array.from({ length: waves }, (_, w) => [Math.sin((w + 1) * angle), Math.cos((w + 1) * angle)]).flat()];
  });
  const size = 2 * waves + 1;
  let beta = [Math.log(counts.reduce((sum, count) => sum + count, 0) / HOURS), ...new Array<number>(size - 1).fill(0)];
  const rates = (): number[] => design.map((row) => Math.exp(row.reduce((sum, x, k) => sum + x * beta[k]!, 0)));
  for (let step = 0; step < 30; step += 1) {
    const mu = rates();
    const matrix = Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => design.reduce((sum, row, h) => sum + row[a]! * row[b]! * mu[h]!, 0)));
    const score = Array.from({ length: size }, (_, a) => design.reduce((sum, row, h) => sum + row[a]! * (counts[h]! - mu[h]!), 0));
    const move = solve(matrix, score);
    beta = beta.map((b, k) => b + move[k]!);
  }
  const mu = rates();
  const logLikelihood = counts.reduce((sum, count, h) => sum + count * Math.log(mu[h]!) - mu[h]!, 0);
  return { rates: mu, aic: 2 * (size - logLikelihood) };
}

/** Gauss-Jordan elimination; the matrix is positive definite. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  rows.forEach((pivotRow, i) => {
    const pivot = pivotRow[i]!;
    for (let k = i; k < pivotRow.length; k += 1) pivotRow[k]! /= pivot;
    rows.forEach((row, j) => {
      const factor = row[i]!;
      if (j !== i) for (let k = i; k < row.length; k += 1) row[k]! -= factor * pivotRow[k]!;
    });
  });
  return rows.map((row) => row.at(-1)!);
}
