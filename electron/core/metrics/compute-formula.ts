import type { MetricResult } from '#shared/metrics/result.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { MetricError } from './errors.ts';
import { definitionOf } from './evaluate.ts';
import { distributionFormula } from './formulas/durations.ts';
import { orCaseInputs, orCasesFormula, takesCases } from './formulas/or-cases.ts';
import { valueFormulas } from './formulas/values.ts';

export type FormulaResult = MetricResult & { readonly band?: string };

/** Ids of the metrics that have a formula over given numbers; the others are counts of events. */
export const formulaMetrics = (): string[] =>
  [...metricDefinitions.values()].filter(({ id, kind }) => kind === 'distribution' || id in valueFormulas || id in orCaseInputs).map(({ id }) => id);

/**
 * Evaluates one formula over given numbers, without a house.
 * @throws MetricError for an unknown metric, one without a formula, or an input field that is missing or wrong.
 */
export function computeFormula(metric: string, input: unknown): FormulaResult {
  const definition = definitionOf(metric);
  if (takesCases(metric, input)) return orCasesFormula(metric, input);
  if (definition.kind === 'distribution') return distributionFormula(definition, input);
  const formula = valueFormulas[metric];
  if (formula) return { metric, scope: {}, ...formula(input) };
  if (metric in orCaseInputs) throw new MetricError('input.cases', `${metric} takes { cases }`);
  throw new MetricError('metric', `${metric} is counted from events and has no formula; formulas exist for ${formulaMetrics().join(', ')}`);
}
