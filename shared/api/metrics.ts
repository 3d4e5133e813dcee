import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { moment } from './fields.ts';
import { troubleNameSchema, troubleSchema } from './troubles.ts';

const scope = z.record(z.string(), z.string());
const figure = () => z.number().nullable();

export const distributionSchema = z.strictObject({ metric: z.string(), scope, count: z.int(), excluded: z.int(), mean: figure(), p50: figure(), p90: figure(), max: figure(), within: figure(), reason: z.string().optional() });

export const valueSchema = z.strictObject({
  metric: z.string(),
  scope,
  value: figure(),
  reason: z.string().optional(),
  parts: z.array(z.strictObject({ metric: z.string(), weight: z.number(), value: figure(), share: figure(), reason: z.string().optional() })).optional(),
  sources: z.array(z.strictObject({ source: z.string(), value: figure(), states: z.array(troubleNameSchema) })).optional(),
});

/** What is wrong with the station and its sources, beside metrics about the data. */
const troubles = { troubles: z.array(troubleSchema).optional() };

/** `scope.KEY=` narrows by a scope key of the metric. */
export const SCOPE_PREFIX = 'scope.';

/** Longest window of one question, days: five weeks. What it looks at is in memory at once. */
export const WINDOW_DAYS = 35;

export const getMetric = defineOperation({
  id: 'getMetric', method: 'GET', path: '/metrics/{id}', tag: 'kpis', summary: 'One metric now, at a past moment, or over a window', permission: 'views.read', costly: true,
  description: `\`scope.KEY=\` narrows by a scope key of the metric. Without a window gauges speak of now; all else needs \`from\`. A window has at most ${WINDOW_DAYS} days: for longer ones there are the KPIs of days, and \`vigil query\` on the station. An unknown value is null with its reason.`,
  params: z.strictObject({ id: z.string().max(128) }),
  query: z.object({ from: moment().optional(), to: moment().optional() }).catchall(z.string().max(256)),
  answer: z.union([distributionSchema.extend(troubles), valueSchema.extend(troubles)]),
  problems: [503],
});
