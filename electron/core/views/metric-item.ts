import type { MetricDefinition } from '#shared/metrics/definition.ts';
import { isDistribution, type MetricResult } from '#shared/metrics/result.ts';
import { severity, thresholdsFor } from '#shared/metrics/severity.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { wipLimit, wipState } from '#shared/wip.ts';
import { definitionOf, evaluate } from '../metrics/evaluate.ts';
import type { MetricRequest } from '../metrics/request.ts';
import { once, type ViewContext } from './context.ts';
import { feedsOf } from './sources.ts';
import { requestOf, tileId, windowOf, type Tile } from './tile.ts';
import { changeOf, thinned } from './trend.ts';

/** The figure of a result that a tile shows; null when unknown. */
export function figureOf(result: MetricResult, figure: MetricItem['figure']): number | null {
  if (!isDistribution(result)) return result.value;
  return figure === 'value' ? null : result[figure];
}

/** The next 1, 2 or 5 times a power of ten, at least 10: a scale that stays put while values wander. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 10)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value)!;
}

/** The metric's own scale, else room beyond its limits, else a round bound above what was seen. */
function scaleOf(definition: MetricDefinition, limit: number | null, seen: readonly number[]): readonly [number, number] {
  if (definition.scale) return definition.scale;
  return [0, roundUp(limit === null ? Math.max(0, ...seen) : limit * 1.25)];
}

/** The whole that a tile's count is a part of; nothing when it is unknown, or the count is of another time. */
function wholeOf({ metric: part, of, scope }: Tile, context: ViewContext): Pick<MetricItem, 'of'> {
  if (!of || windowOf(part, context.house) !== 'day') return {};
  const request = requestOf({ ...of, scope }, context);
  const value = figureOf(evaluate(context.house, request), 'value');
  if (value === null) return {};
  const { metric, from, to } = request;
  return { of: { metric, value, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } };
}

/** How a count stands to the limit of its stage. */
function wipOf({ metric, scope }: Tile, value: number | null, { house }: ViewContext): Pick<MetricItem, 'wip'> {
  const limit = wipLimit(metric, scope, house.site);
  return limit === undefined || value === null ? {} : { wip: { limit, state: wipState(value, limit) } };
}

const answers = (_: ViewContext) => new Map<string, MetricResult>();

/** Several figures of one distribution are one question. */
function answerOf(request: MetricRequest, context: ViewContext): MetricResult {
  const known = once(context, answers);
  const question = `${tileId(request)} ${request.from} ${request.to}`;
  let answer = known.get(question);
  if (!answer) known.set(question, (answer = evaluate(context.house, request)));
  return answer;
}

/** One number of a board with all that must stand beside it, computed by the metric library for `context.now`. */
export function metricItem(tile: Tile, context: ViewContext): MetricItem {
  const { house, now } = context;
  const definition = definitionOf(tile.metric);
  const request = requestOf(tile, context);
  const result = answerOf(request, context);
  const value = figureOf(result, tile.figure);
  const { direction, warn, crit, normal } = thresholdsFor(definition, tile.scope, house.site);
  const samples = context.trend(tile.metric, tile.scope);
  const trend = thinned(samples, now);
  return {
    metric: tile.metric,
    scope: tile.scope,
    title: definition.title,
    ...(definition.short === undefined ? {} : { short: definition.short }),
    ...(definition.detail === undefined ? {} : { detail: definition.detail }),
    kind: definition.kind,
    unit: definition.unit,
    figure: tile.figure,
    value,
    ...(value === null && result.reason !== undefined ? { reason: result.reason } : {}),
    ...(isDistribution(result) ? { samples: result.count } : {}),
    ...wholeOf(tile, context),
    ...wipOf(tile, value, context),
    severity: severity(definition, tile.scope, value, house.site),
    direction,
    normal,
    warn,
    crit,
    scale: scaleOf(definition, crit ?? warn, [value ?? 0, ...trend.map(([, v]) => v)]),
    ...(request.from === undefined ? {} : { from: request.from }),
    ...(request.to === undefined ? {} : { to: request.to }),
    at: now,
    trend,
    change: changeOf(value, samples, now),
    feeds: feedsOf(definition, context),
    definition: `${definition.formula} Source: ${definition.source}.`,
    commonPractice: definition.commonPractice ?? false,
    ...(tile.rank === undefined ? {} : { rank: tile.rank }),
  };
}
