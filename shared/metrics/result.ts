import type { TroubleName } from '../sources.ts';

/** How a metric is answered. */
export type MetricKind = 'distribution' | 'gauge' | 'count' | 'rate';
export type Severity = 'normal' | 'warn' | 'crit';
/** Which way is bad. `band`: outside the normal range on either side. */
export type Direction = 'high' | 'low' | 'band' | 'none';
export type Scope = Readonly<Record<string, string>>;

export interface DistributionResult {
  metric: string;
  scope: Scope;
  count: number;
  /** Negative (and otherwise inadmissible) durations: seen, counted, not sampled. */
  excluded: number;
  /** Null when there are no samples. Percentiles are type 7. In the metric's unit. */
  mean: number | null;
  p50: number | null;
  p90: number | null;
  max: number | null;
  /** Share of samples at or under the warn threshold, 0-1; null when there is none. */
  within: number | null;
  /** Present when there is nothing to say, and why. */
  reason?: string;
}

/** One metric of a score: its weight, its value (p90 of a distribution), and which share of it is within normal, 0-1. */
export interface ScorePart {
  readonly metric: string;
  readonly weight: number;
  readonly value: number | null;
  /** Null when it does not count, with `reason`. */
  readonly share: number | null;
  readonly reason?: string;
}

/** What a metric about the data says of one source instance (`kind/instance`), and what is wrong with that one by name. */
export interface SourceFigure {
  readonly source: string;
  readonly value: number | null;
  readonly states: readonly TroubleName[];
}

export interface ValueResult {
  metric: string;
  scope: Scope;
  /** Null when unknown, with `reason`. */
  value: number | null;
  reason?: string;
  /** What a score is made of. */
  parts?: readonly ScorePart[];
  /** Metrics about the data: the same of each source instance. */
  sources?: readonly SourceFigure[];
}

export type MetricResult = DistributionResult | ValueResult;

export const isDistribution = (r: MetricResult): r is DistributionResult => 'count' in r;
