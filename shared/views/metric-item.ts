import { z } from 'zod';
import { WIP_STATES } from '../wip.ts';
import { at, known, scopeSchema, severitySchema } from './fields.ts';

/** One number with all that a tile must show beside it. */
export const metricItemSchema = z.strictObject({
  metric: z.string(),
  scope: scopeSchema,
  title: z.string(),
  /** The title where a tile has one line for it. */
  short: z.string().optional(),
  /** What it is in short words: start and end, or which definition. */
  detail: z.string().optional(),
  kind: z.enum(['distribution', 'gauge', 'count', 'rate']),
  unit: z.string(),
  /** Which figure of a distribution `value` is. */
  figure: z.enum(['value', 'p50', 'p90', 'mean', 'max', 'within']),
  /** Null when unknown: then `reason` says why. In the metric's unit; shares are 0-1. */
  value: known(),
  reason: z.string().optional(),
  /** The whole that a count is a part of, with its own window. */
  of: z.strictObject({ metric: z.string(), value: z.number(), from: at().optional(), to: at().optional() }).optional(),
  /** How many there may be at once, and how the value stands to that; absent where no limit is set or the value is unknown. */
  wip: z.strictObject({ limit: z.int(), state: z.enum(WIP_STATES) }).optional(),
  /** Samples behind a distribution. */
  samples: z.int().optional(),
  severity: severitySchema,
  direction: z.enum(['high', 'low', 'band', 'none']),
  normal: z.tuple([known(), known()]).readonly(),
  warn: known(),
  crit: known(),
  scale: z.tuple([z.number(), z.number()]).readonly(),
  /** Window of the value; absent for gauges, which speak of now. */
  from: at().optional(),
  to: at().optional(),
  /** The moment it was computed for, epoch ms of the site's clock. */
  at: at(),
  /** Site-clock samples over the last 8 h, oldest first: [epoch ms, value]. */
  trend: z.array(z.tuple([at(), z.number()]).readonly()).readonly(),
  /** Change over the last quarter of the trend's window; null when not known. */
  change: known(),
  /** Sources the number depends on; the stalest decides the tile's freshness. */
  feeds: z.array(z.string()).readonly(),
  /** Formula and source, behind the "i". */
  definition: z.string(),
  commonPractice: z.boolean(),
  /** Place among the KPI tiles of a board, 0 first; absent for items inside other items. */
  rank: z.int().optional(),
});
export type MetricItem = z.output<typeof metricItemSchema>;
