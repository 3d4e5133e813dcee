import { z } from 'zod';
import { epochMs, moment, name } from './fields.ts';
import { defineOperation } from './operation.ts';

const own = { method: 'GET', tag: 'analytics', permission: 'views.read', costly: true } as const;
const figure = () => z.number().nullable();
const metric = () => z.string().min(1).max(128);
const window = { from: moment(), to: moment() };

/** One bucket of a course. `average` is the moving one; `changePerHour` the change from the bucket before. Unknown is null. */
const trendPoint = z.strictObject({ from: epochMs(), to: epochMs(), value: figure(), average: figure(), changePerHour: figure() });

/** Buckets that the moving average goes over. */
const over = () => z.coerce.number().int().min(1).max(400).default(7);

export const getKpiTrend = defineOperation({
  ...own, id: 'getKpiTrend', path: '/analytics/kpi-trends/{metric}', summary: 'A KPI by hours or days, with its moving average and rate of change',
  params: z.strictObject({ metric: metric() }),
  query: z.strictObject({
    ...window, period: z.enum(['hour', 'day']), scope: z.string().max(512).default(''), over: over(),
    /** Of durations; `value` for all else. */
    figure: z.enum(['value', 'mean', 'p50', 'p90', 'max', 'within']).optional(),
  }),
  answer: z.strictObject({ metric: z.string(), unit: z.string(), scope: z.string(), figure: z.string(), points: z.array(trendPoint), reason: z.string().optional() }),
  problems: [404],
});

export const getOccupancyTrends = defineOperation({
  ...own, id: 'getOccupancyTrends', path: '/analytics/occupancy', summary: 'Occupancy of the hospital and of each unit, with moving average and rate of change',
  query: z.strictObject({ ...window, unit: name().optional(), step: z.enum(['1m', '15m', '1h', '1d']).default('1h'), over: over() }),
  answer: z.strictObject({
    metric: z.string(), step: z.string(),
    /** The hospital first, without `unit`. */
    items: z.array(z.strictObject({ unit: z.string().optional(), points: z.array(trendPoint), reason: z.string().optional() })),
  }),
  problems: [404],
});

export const getUnitPerformance = defineOperation({
  ...own, id: 'getUnitPerformance', path: '/analytics/units', summary: 'Each unit beside others of its kind, by the days of a window',
  query: z.strictObject({ ...window, metric: metric().default('beds.occupancy_rate') }),
  answer: z.strictObject({
    metric: z.string(), unit: z.string(),
    items: z.array(z.strictObject({
      unit: z.string(), kind: z.string().nullable(),
      /** Mean of the days that are known, and how many are and are not. */
      mean: figure(), known: z.int(), unknown: z.int(),
      /** Median of its kind, how far from it, and the place among them (1 is best). */
      median: figure(), difference: figure(), rank: z.int().nullable(),
    })),
    reason: z.string().optional(),
  }),
  problems: [404],
});

const recurrence = z.strictObject({ slot: z.int(), observed: z.int(), beyond: z.int(), unknown: z.int(), share: figure() });

export const getBottlenecks = defineOperation({
  ...own, id: 'getBottlenecks', path: '/analytics/bottlenecks', summary: 'Hours of the day and days of the week in which a metric was beyond its threshold, how often, of how many observed',
  description: 'Hours of the site; days from 1, Monday. What was not known counts neither as fine nor as beyond.',
  query: z.strictObject({
    ...window, metric: metric(), unit: name().optional(), threshold: z.enum(['warn', 'crit']).default('warn'),
    /** What makes a slot a recurring bottleneck: hours observed at least, share of them beyond at least. */
    observed: z.coerce.number().int().min(1).max(10_000).default(4), share: z.coerce.number().min(0).max(1).default(0.5),
  }),
  answer: z.strictObject({
    metric: z.string(), unit: z.string().optional(), limit: figure(),
    hours: z.array(recurrence), days: z.array(recurrence), recurring: z.strictObject({ hours: z.array(recurrence), days: z.array(recurrence) }),
    reason: z.string().optional(),
  }),
  problems: [404],
});
