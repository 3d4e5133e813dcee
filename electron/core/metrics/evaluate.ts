import { UNIT_KINDS } from '#shared/events/fields.ts';
import type { MetricDefinition } from '#shared/metrics/definition.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { MetricResult, Scope } from '#shared/metrics/result.ts';
import { thresholdsFor } from '#shared/metrics/severity.ts';
import type { House } from '../domain/house.ts';
import { accountValues } from './computations/accounts.ts';
import { bedSamples, bedValues } from './computations/beds.ts';
import { censusSamples, censusValues } from './computations/census.ts';
import { claimSamples, claimValues } from './computations/claims.ts';
import { crowdingValues } from './computations/crowding.ts';
import { edSamples, edValues } from './computations/ed.ts';
import { icuSamples, icuValues } from './computations/icu.ts';
import { imagingSamples, imagingValues } from './computations/imaging.ts';
import { labSamples, labValues } from './computations/lab.ts';
import { orSamples, orValues } from './computations/or.ts';
import { performanceScore } from './computations/performance.ts';
import { pharmacySamples, pharmacyValues } from './computations/pharmacy.ts';
import { preauthSamples, preauthValues } from './computations/preauths.ts';
import { besideState } from './computations/beside-state.ts';
import type { Context, Samples, SamplesOf, Value, ValueOf } from './context.ts';
import { MetricError } from './errors.ts';
import type { MetricRequest } from './request.ts';
import { distribution } from './statistics.ts';

const values: Readonly<Record<string, ValueOf>> = {
  ...bedValues, ...censusValues, ...edValues, ...crowdingValues, ...icuValues, ...orValues, ...labValues, ...imagingValues,
  ...pharmacyValues, ...claimValues, ...preauthValues, ...accountValues, 'unit.performance_score': performanceScore(evaluate),
};
const samples: Readonly<Record<string, SamplesOf>> = {
  ...bedSamples, ...censusSamples, ...edSamples, ...icuSamples, ...orSamples, ...labSamples, ...imagingSamples,
  ...pharmacySamples, ...claimSamples, ...preauthSamples,
};

/** The definition of a metric. @throws MetricError naming the metrics that exist. */
export function definitionOf(metric: string): MetricDefinition {
  const definition = metricDefinitions.get(metric);
  if (definition) return definition;
  throw new MetricError('metric', `unknown metric ${metric}; there are ${[...metricDefinitions.keys()].join(', ')}`);
}

function checkScope(definition: MetricDefinition, scope: Scope): void {
  for (const [key, value] of Object.entries(scope)) {
    if (!definition.scopes.includes(key)) {
      const taken = definition.scopes.length > 0 ? `it takes ${definition.scopes.join(', ')}` : 'it takes none';
      throw new MetricError(`scope.${key}`, `${definition.id} has no scope ${key}; ${taken}`);
    }
    if (key === 'unit_kind' && !(UNIT_KINDS as readonly string[]).includes(value)) {
      throw new MetricError('scope.unit_kind', `unknown unit kind ${value}; there are ${UNIT_KINDS.join(', ')}`);
    }
  }
}

function asDistribution({ definition, scope, house }: Context, found: Samples): MetricResult {
  const target = found.target === undefined ? thresholdsFor(definition, scope, house.site).warn : found.target;
  const reason = found.samples.length > 0 ? undefined : (found.reason ?? (found.excluded > 0 ? 'every duration in the window was excluded' : 'no complete duration ends in the window'));
  return { metric: definition.id, scope, ...distribution(found.samples, found.excluded, target), ...(reason === undefined ? {} : { reason }) };
}

const asValue = ({ definition, scope }: Context, { value, reason, parts }: Value): MetricResult =>
  ({ metric: definition.id, scope, value, ...(reason === undefined ? {} : { reason }), ...(parts === undefined ? {} : { parts }) });

/**
 * Answers a metric from the state of a site. Distributions are in the metric's unit, shares are 0-1; what cannot be
 * known is null with a reason, never 0.
 * @throws MetricError for an unknown metric, scope key or unit kind.
 */
export function evaluate(house: House, request: MetricRequest): MetricResult {
  const definition = definitionOf(request.metric);
  const { id, kind } = definition;
  checkScope(definition, request.scope);
  const { scope, at, from = -Infinity, to = Infinity } = request;
  const context: Context = { house, definition, scope, at, from, to };
  if (kind === 'distribution') {
    const of = samples[id];
    if (!of) return asDistribution(context, { samples: [], excluded: 0, target: null, reason: lack(id) });
    const { answer, lacking } = house.asking(() => of(context));
    return asDistribution(context, lacking ? { ...answer, samples: [], excluded: 0, reason: house.lackReason } : answer);
  }
  const of = values[id];
  if (!of) return asValue(context, { value: null, reason: lack(id) });
  const { answer, lacking } = house.asking(() => of(context));
  return asValue(context, lacking ? { value: null, reason: house.lackReason } : answer);
}

function lack(id: string): string {
  const reason = besideState[id];
  if (reason === undefined) throw new Error(`metric ${id} is defined but has no computation`);
  return reason;
}
