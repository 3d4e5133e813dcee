import { z } from 'zod';
import type { MetricResult } from '#shared/metrics/result.ts';
import { siteConfigSchema } from '#shared/site.ts';
import type { OrCaseState } from '../../domain/or/state.ts';
import { House } from '../../domain/house.ts';
import { evaluate } from '../evaluate.ts';
import { fields, parseInput, time } from './input.ts';

const timezone = z.string().default('UTC');
const scheduledCase = fields({ room: z.string(), scheduledStart: time(), inRoom: time().optional(), outOfRoom: time().optional() });
const seenCase = fields({ room: z.string(), inRoom: time(), outOfRoom: time().optional(), scheduledStart: time().optional() });

const scheduled = fields({ cases: z.array(scheduledCase), timezone });
const seen = fields({ cases: z.array(seenCase), timezone });

/** Metrics that can be answered from a list of cases. `timezone` tells the site's day. */
export const orCaseInputs = {
  'or.first_case_on_time_rate': scheduled,
  'or.first_case_delay': scheduled,
  'or.case_delay': scheduled,
  'or.turnover': seen,
  'or.overlaps': seen,
} as const satisfies Record<string, typeof scheduled | typeof seen>;

export const takesCases = (metric: string, given: unknown): metric is keyof typeof orCaseInputs =>
  metric in orCaseInputs && typeof given === 'object' && given !== null && 'cases' in given;

/** Answers an operating room metric from a list of cases, by the same computation as from a house. */
export function orCasesFormula(metric: keyof typeof orCaseInputs, given: unknown): MetricResult {
  const parsed = parseInput<z.ZodType<z.output<typeof scheduled> | z.output<typeof seen>>>(orCaseInputs[metric], given);
  const house = new House(siteConfigSchema.parse({ timezone: parsed.timezone }));
  parsed.cases.forEach((row, i) => {
    const state: OrCaseState = { room: row.room };
    if (row.scheduledStart !== undefined) state.scheduledStart = row.scheduledStart;
    if (row.inRoom !== undefined) state.inRoomAt = row.inRoom;
    if (row.outOfRoom !== undefined) state.outOfRoomAt = row.outOfRoom;
    house.put('or-case', String(i).padStart(9, '0'), state);
  });
  return evaluate(house, { metric, scope: {}, at: Infinity });
}
