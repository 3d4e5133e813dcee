import type { Direction, MetricKind, Scope, Severity } from '../metrics/result.ts';

/** One number with all that a tile must show beside it. */
export interface MetricItem {
  metric: string;
  scope: Scope;
  title: string;
  /** The title where a tile has one line for it. */
  short?: string;
  kind: MetricKind;
  unit: string;
  /** Which figure of a distribution `value` is. */
  figure: 'value' | 'p50' | 'p90' | 'mean' | 'max' | 'within';
  /** Null when unknown: then `reason` says why. In the metric's unit; shares are 0-1. */
  value: number | null;
  reason?: string;
  /** The whole that a count is a part of, with its own window. */
  of?: { metric: string; value: number; from?: number; to?: number };
  /** Samples behind a distribution. */
  samples?: number;
  severity: Severity;
  direction: Direction;
  normal: readonly [number | null, number | null];
  warn: number | null;
  crit: number | null;
  scale: readonly [number, number];
  /** Window of the value, epoch ms; absent for gauges, which speak of now. */
  from?: number;
  to?: number;
  /** The moment it was computed for, epoch ms of the site's clock. */
  at: number;
  /** Site-clock samples over the last 8 h, oldest first: [epoch ms, value]. */
  trend: readonly (readonly [number, number])[];
  /** Change over the last quarter of the trend's window; null when not known. */
  change: number | null;
  /** Sources the number depends on; the stalest decides the tile's freshness. */
  feeds: readonly string[];
  /** Formula and source, behind the "i". */
  definition: string;
  commonPractice: boolean;
  /** Place among the KPI tiles of a board, 0 first; absent for items inside other items. */
  rank?: number;
}
