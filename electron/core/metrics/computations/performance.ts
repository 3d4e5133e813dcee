import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { isDistribution, type MetricResult, type ScorePart } from '#shared/metrics/result.ts';
import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { House } from '../../domain/house.ts';
import { unknown, type Context, type Value, type ValueOf } from '../context.ts';
import { weightedShare } from '../formulas/ratios.ts';
import { kindOfUnit } from '../../domain/units/kind.ts';
import type { MetricRequest } from '../request.ts';

type Evaluate = (house: House, request: MetricRequest) => MetricResult;

const SCORE = 'unit.performance_score';

/** How a unit is named to a metric: its own scope key, or the one that emergency departments have. */
function scopeKeyFor(metric: string, isEd: boolean): 'unit' | 'ed' | undefined {
  const scopes = metricDefinitions.get(metric)?.scopes ?? [];
  return scopes.includes('unit') ? 'unit' : isEd && scopes.includes('ed') ? 'ed' : undefined;
}

/** One part: the share of its samples within target, or whether its value lies in the normal range. */
function partOf({ house, at, from, to, scope }: Context, evaluate: Evaluate, metric: string, weight: number): ScorePart {
  const blank = { metric, weight, value: null, share: null };
  const definition = metricDefinitions.get(metric);
  if (!definition || metric === SCORE) return { ...blank, reason: `${metric} is no metric that can be weighed (site.performanceWeights)` };
  const unit = scope.unit!;
  const key = scopeKeyFor(metric, kindOfUnit(house, unit) === 'ed');
  if (key === undefined) return { ...blank, reason: `${metric} is not told by unit` };
  const of = { [key]: unit };
  const result = evaluate(house, { metric, scope: of, at, from, to });
  if (isDistribution(result)) {
    const reason = result.reason ?? (result.within === null ? `${metric} has no target` : undefined);
    return { metric, weight, value: result.p90, share: result.within, ...(reason === undefined ? {} : { reason }) };
  }
  const { value, reason } = result;
  const [low, high] = thresholdsFor(definition, of, house.site).normal;
  if (value === null) return { ...blank, ...(reason === undefined ? {} : { reason }) };
  if (low === null && high === null) return { ...blank, value, reason: `${metric} has no normal range` };
  return { metric, weight, value, share: (low === null || value >= low) && (high === null || value <= high) ? 1 : 0 };
}

/**
 * Weighted share of a unit's metrics within normal. Parts that are unknown weigh nothing and say why: a unit is not
 * better for a feed that is missing, nor worse.
 */
export const performanceScore =
  (evaluate: Evaluate): ValueOf =>
  (c): Value => {
    if (c.scope.unit === undefined) return unknown('a performance score is of one unit (scope unit)');
    const weights = Object.entries(c.house.site.performanceWeights).filter(([, weight]) => weight > 0);
    if (weights.length === 0) return unknown('no weights are configured (site.performanceWeights)');
    const parts = weights.map(([metric, weight]) => partOf(c, evaluate, metric, weight));
    const value = weightedShare(parts);
    return { value, parts, ...(value === null ? { reason: 'no part of the score is known' } : {}) };
  };
