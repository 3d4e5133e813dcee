import { gammaP, lnGamma } from './gamma-function.ts';
import { normalQuantile } from './normal.ts';

const CLOSE = 1e-13;
const MOST_STEPS = 200;

/** x with P(shape, x) = p for 0 < p < 1: Newton's steps, kept within a bracket that closes in by halves where they leave it. */
export function gammaQuantile(p: number, shape: number): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = start(p, shape);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const miss = gammaP(shape, x) - p;
    if (miss === 0) return x;
    if (miss > 0) high = x;
    else low = x;
    const density = Math.exp((shape - 1) * Math.log(x) - x - lnGamma(shape));
    const next = x - miss / density;
    const inside = next > low && next < high;
    const moved = inside ? next : high === Number.POSITIVE_INFINITY ? 2 * x : (low + high) / 2;
    if (Math.abs(moved - x) <= CLOSE * x) return moved;
    x = moved;
  }
  return x;
}

/** Wilson & Hilferty (1931); in the lower tail the first term of the series, P ≈ x^a / Γ(a + 1). */
function start(p: number, shape: number): number {
  const ninth = 1 / (9 * shape);
  const cube = 1 - ninth + normalQuantile(p) * Math.sqrt(ninth);
  const tail = Math.exp((Math.log(p) + lnGamma(shape + 1)) / shape);
  return cube > 0.3 ? shape * cube ** 3 : Math.max(tail, Number.MIN_VALUE);
}
