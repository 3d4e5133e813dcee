import type { Distribution, QuantilePoint } from './distribution.ts';
import { gammaFunction, gammaP } from './gamma-function.ts';
import { gammaQuantile } from './gamma-quantile.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** P(X <= x). */
export function cdf(of: Distribution, x: number): number {
  if ('constant' in of) return x < of.constant ? 0 : 1;
  if ('uniform' in of) return clamp((x - of.uniform.from) / (of.uniform.to - of.uniform.from));
  if ('quantiles' in of) return tableCdf(of.quantiles, x);
  if (x <= 0) return 0;
  if ('exponential' in of) return -Math.expm1(-x / of.exponential.mean);
  if ('lognormal' in of) return normalCdf(Math.log(x / of.lognormal.median) / of.lognormal.sigma);
  if ('gamma' in of) return gammaP(of.gamma.shape, (x * of.gamma.shape) / of.gamma.mean);
  return -Math.expm1(-((x / of.weibull.scale) ** of.weibull.shape));
}

/**
 * The value that a share p of the distribution does not exceed.
 * @param p 0 <= p < 1; an unbounded family has no quantile at 1
 */
export function quantile(of: Distribution, p: number): number {
  if (!(p >= 0 && p < 1)) throw new RangeError(`a quantile is asked for 0 <= p < 1, not ${p}`);
  if ('constant' in of) return of.constant;
  if ('uniform' in of) return of.uniform.from + p * (of.uniform.to - of.uniform.from);
  if ('quantiles' in of) return tableQuantile(of.quantiles, p);
  if (p === 0) return 0;
  if ('exponential' in of) return -of.exponential.mean * Math.log1p(-p);
  if ('lognormal' in of) return of.lognormal.median * Math.exp(of.lognormal.sigma * normalQuantile(p));
  if ('gamma' in of) return (gammaQuantile(p, of.gamma.shape) * of.gamma.mean) / of.gamma.shape;
  return of.weibull.scale * (-Math.log1p(-p)) ** (1 / of.weibull.shape);
}

/** E[X]. */
export const mean = (of: Distribution): number => moment(of, 1);

/** E[X²] - E[X]². */
export const variance = (of: Distribution): number => Math.max(0, moment(of, 2) - moment(of, 1) ** 2);

/** E[X^k] for k = 1, 2. */
export function moment(of: Distribution, k: 1 | 2): number {
  if ('constant' in of) return of.constant ** k;
  if ('uniform' in of) return segmentMoment(of.uniform.from, of.uniform.to, k);
  if ('quantiles' in of) return tableMoment(of.quantiles, k);
  if ('exponential' in of) return k * of.exponential.mean ** k;
  if ('lognormal' in of) return of.lognormal.median ** k * Math.exp((k * of.lognormal.sigma) ** 2 / 2);
  if ('gamma' in of) return of.gamma.mean ** k * (k === 1 ? 1 : 1 + 1 / of.gamma.shape);
  return of.weibull.scale ** k * gammaFunction(1 + k / of.weibull.shape);
}

const clamp = (p: number): number => Math.min(1, Math.max(0, p));

function tableCdf(points: readonly QuantilePoint[], x: number): number {
  if (x < points[0]![1]) return 0;
  const above = points.findIndex((point) => point[1] > x);
  if (above < 0) return 1;
  const [low, from] = points[above - 1]!;
  const [high, to] = points[above]!;
  return low + ((high - low) * (x - from)) / (to - from);
}

function tableQuantile(points: readonly QuantilePoint[], p: number): number {
  const above = points.findIndex((point) => point[0] > p);
  const [low, from] = points[above - 1]!;
  const [high, to] = points[above]!;
  return from + ((to - from) * (p - low)) / (high - low);
}

const tableMoment = (points: readonly QuantilePoint[], k: 1 | 2): number =>
  points.slice(1).reduce((sum, [p, value], i) => sum + (p - points[i]![0]) * segmentMoment(points[i]![1], value, k), 0);

/** E[X^k] of a uniform distribution. */
const segmentMoment = (from: number, to: number, k: 1 | 2): number =>
  k === 1 ? (from + to) / 2 : (from * from + from * to + to * to) / 3;
