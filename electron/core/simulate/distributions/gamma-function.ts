/** Lanczos approximation, g = 7, n = 9 (Godfrey 2001): relative error below 1e-14 over the positive axis. */
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_59, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6,
  1.505_632_735_149_311_6e-7,
] as const;
const EPSILON = 1e-15;
const MOST_TERMS = 2000;

/** ln Γ(x) for x > 0. */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const z = x - 1;
  const t = z + 7.5;
  let sum: number = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i += 1) sum += LANCZOS[i]! / (z + i);
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Γ(x) for x > 0. */
export const gammaFunction = (x: number): number => Math.exp(lnGamma(x));

/**
 * Regularised lower incomplete gamma function P(a, x), Abramowitz & Stegun 6.5.1: by its series (6.5.29) below
 * a + 1, by the continued fraction of the upper one (6.5.31, in Lentz's form) above.
 * @param a shape, > 0
 */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? series(a, x) : 1 - continuedFraction(a, x);
}

const scale = (a: number, x: number): number => Math.exp(a * Math.log(x) - x - lnGamma(a));

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MOST_TERMS && Math.abs(term) > Math.abs(sum) * EPSILON; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum * scale(a, x);
}

function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / Number.MIN_VALUE;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < MOST_TERMS; n += 1) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / away(an * d + b);
    c = away(b + an / c);
    const step = c * d;
    h *= step;
    if (Math.abs(step - 1) < EPSILON) break;
  }
  return h * scale(a, x);
}

/** Lentz's method divides by these. */
const away = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);
