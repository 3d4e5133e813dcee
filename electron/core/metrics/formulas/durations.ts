import { z } from 'zod';
import type { MetricDefinition } from '#shared/metrics/definition.ts';
import type { DistributionResult } from '#shared/metrics/result.ts';
import { thresholdsFor } from '#shared/metrics/severity.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { DAY, Durations, HOUR, MINUTE } from '../durations.ts';
import { distribution } from '../statistics.ts';
import { fields, parseInput, time } from './input.ts';

const UNIT_MS: Readonly<Record<string, number>> = { min: MINUTE, h: HOUR, d: DAY };
const scope = z.record(z.string(), z.string()).default({});

const input = z.union([
  fields({ samples: z.array(z.number()), scope }),
  fields({ pairs: z.array(fields({ start: time(), end: time() })), scope }),
]);

/**
 * A distribution of given durations: `samples` in the metric's unit, or `pairs` of start and end. Negative ones are
 * excluded. `scope` picks the target, e.g. `{ "priority": "STAT" }`.
 */
export function distributionFormula(definition: MetricDefinition, given: unknown): DistributionResult {
  const parsed = parseInput(input, given);
  const target = thresholdsFor(definition, parsed.scope, siteConfigSchema.parse({})).warn;
  const figures = (samples: readonly number[], excluded: number) => ({
    metric: definition.id,
    scope: parsed.scope,
    ...distribution(samples, excluded, target),
    ...(samples.length > 0 ? {} : { reason: excluded > 0 ? 'every duration is negative' : 'no durations were given' }),
  });
  if ('samples' in parsed) {
    const samples = parsed.samples.filter((sample) => sample >= 0);
    return figures(samples, parsed.samples.length - samples.length);
  }
  const durations = new Durations({ from: -Infinity, to: Infinity }, UNIT_MS[definition.unit]);
  for (const { start, end } of parsed.pairs) durations.add(start, end);
  const { samples, excluded } = durations.done();
  return figures(samples, excluded);
}
