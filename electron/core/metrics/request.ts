import type { Scope } from '#shared/metrics/result.ts';

/**
 * A question to the metric library. Times are epoch ms.
 * Distributions, counts and rates cover `from <= t < to`, where t is the end event of the duration or the counted
 * event; an absent bound is open. Gauges speak of `at`.
 */
export interface MetricRequest {
  readonly metric: string;
  readonly from?: number;
  readonly to?: number;
  readonly at: number;
  readonly scope: Scope;
}
