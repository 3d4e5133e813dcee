import type { Distribution } from '#core/simulate/distributions/distribution.ts';
import { lnGamma } from '#core/simulate/distributions/gamma-function.ts';
import { cdf, quantile } from '#core/simulate/distributions/measures.ts';

/** A distribution and how well it describes the data. */
export type Candidate = { of: Distribution; aic: number; ks: number };
export type Fit = {
  of: Distribution;
  n: number;
  /** Observations at or below zero, left out. */
  left: number;
  ks: number;
  candidates: Candidate[];
  /** Of the data and of the model. */
  p50: [data: number, model: number];
  p90: [data: number, model: number];
};

/** A family describes data whose distribution function it never misses by more than this share ... */
const FAR = 0.06;
/** ... and whose median and ninetieth percentile it gives to this part. */
const OFF = 0.12;
/** Below this, 5% of samples of the very distribution would lie farther away than FAR: KS alone then decides by 1.36 / sqrt(n). */
const limit = (n: number): number => Math.max(FAR, 1.36 / Math.sqrt(n));
const TABLE = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];

/**
 * Fits durations: each family by maximum likelihood; the one of lowest AIC if it describes the data, else their own
 * quantiles. Values at or below zero are left out and counted.
 */
export function fit(values: readonly number[]): Fit {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  const candidates = families(sorted)
    .map(({ of, logLikelihood, parameters }) => ({ of, aic: 2 * (parameters - logLikelihood), ks: distance(sorted, of) }))
    .sort((a, b) => a.aic - b.aic);
  const best = candidates[0]!;
  const described = best.ks <= limit(sorted.length) && [0.5, 0.9].every((p) => Math.abs(quantile(best.of, p) / percentile(sorted, p) - 1) <= Math.max(OFF, 1.5 / Math.sqrt(sorted.length)));
  const of = described ? rounded(best.of) : table(sorted);
  const both = (p: number): [number, number] => [percentile(sorted, p), quantile(of, p)];
  return { of, n: sorted.length, left: values.length - sorted.length, ks: distance(sorted, of), candidates, p50: both(0.5), p90: both(0.9) };
}

/** Data's own quantiles, their ends included: what a distribution no family describes is written as. */
export const table = (sorted: readonly number[]): Distribution => ({
  quantiles: TABLE.map((p): [number, number] => [p, significant(percentile(sorted, p))]),
});

/** Percentile by linear interpolation between closest ranks (type 7), as the metric library has it. */
export function percentile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - low);
}

/** Kolmogorov-Smirnov distance; equal values count as one step. */
export function distance(sorted: readonly number[], of: Distribution): number {
  const n = sorted.length;
  let far = 0;
  for (let i = 0; i < n; ) {
    let next = i + 1;
    while (next < n && sorted[next] === sorted[i]) next += 1;
    const p = cdf(of, sorted[i]!);
    // Times are kept to the minute: of a step only its middle is known.
    far = Math.max(far, Math.abs(p - (i + next) / 2 / n));
    i = next;
  }
  return far;
}

type Likely = { of: Distribution; logLikelihood: number; parameters: number };

function families(sorted: readonly number[]): Likely[] {
  const n = sorted.length;
  const sum = (of: (x: number) => number): number => sorted.reduce((total, x) => total + of(x), 0);
  const mean = sum((x) => x) / n;
  const logs = sum(Math.log);
  const meanLog = logs / n;
  const sigma = Math.sqrt(sum((x) => (Math.log(x) - meanLog) ** 2) / n);
  const shape = gammaShape(Math.log(mean) - meanLog);
  const bend = weibullShape(sorted, meanLog);
  const scale = (sum((x) => x ** bend) / n) ** (1 / bend);
  return [
    { of: { exponential: { mean } }, parameters: 1, logLikelihood: -n * Math.log(mean) - n },
    { of: { lognormal: { median: Math.exp(meanLog), sigma } }, parameters: 2, logLikelihood: -logs - n * Math.log(sigma * Math.sqrt(2 * Math.PI)) - n / 2 },
    {
      of: { gamma: { mean, shape } },
      parameters: 2,
      logLikelihood: n * (shape * Math.log(shape / mean) - lnGamma(shape)) + (shape - 1) * logs - n * shape,
    },
    {
      of: { weibull: { scale, shape: bend } },
      parameters: 2,
      logLikelihood: n * Math.log(bend) - n * bend * Math.log(scale) + (bend - 1) * logs - sum((x) => (x / scale) ** bend),
    },
  ];
}

/** The shape whose ln k - digamma(k) is `s`: Minka's start (2002), then halving the interval it lies in. */
function gammaShape(s: number): number {
  const start = (3 - s + Math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s);
  return root((k) => Math.log(k) - digamma(k) - s, start / 2, start * 2);
}

/** The shape of highest likelihood: 1/k = sum x^k ln x / sum x^k - mean ln x. */
function weibullShape(sorted: readonly number[], meanLog: number): number {
  const largest = sorted.at(-1)!;
  return root((k) => {
    let weight = 0;
    let weighted = 0;
    for (const x of sorted) {
      const power = (x / largest) ** k;
      weight += power;
      weighted += power * Math.log(x);
    }
    return 1 / k - weighted / weight + meanLog;
  }, 0.05, 50);
}

/** Of a falling function, by halves. */
function root(falling: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Abramowitz & Stegun 6.3.5 and 6.3.18. */
function digamma(x: number): number {
  if (x < 8) return digamma(x + 1) - 1 / x;
  const square = 1 / (x * x);
  return Math.log(x) - 1 / (2 * x) - square * (1 / 12 - square * (1 / 120 - square / 252));
}

/** Four digits: more than the data know. */
export const significant = (value: number): number => Number(value.toPrecision(4));

function rounded(of: Distribution): Distribution {
  const [[family, parameters]] = Object.entries(of) as [[string, Record<string, number>]];
  return { [family]: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, significant(value)])) } as Distribution;
}
