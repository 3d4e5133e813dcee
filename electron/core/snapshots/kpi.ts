import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { isDistribution, type Scope } from '#shared/metrics/result.ts';
import type { House } from '../domain/house.ts';
import { unitIds } from '../domain/units/now.ts';
import { siteDays, type Span } from '../metrics/days.ts';
import { evaluate } from '../metrics/evaluate.ts';
import { seriesName } from '../metrics/series-name.ts';
import type { Taken } from './taken.ts';

export type Period = 'hour' | 'day';

/** One KPI to compute: a metric over an hour or a day of the site. */
export interface KpiQuestion {
  readonly period: Period;
  readonly metric: string;
  readonly scope: Scope;
  readonly span: Span;
}

const HOUR = 3_600_000;

/** Flow and fullness of a unit's day, as unit managers are told it. */
const BY_UNIT = ['beds.occupancy_rate', 'census.admissions', 'census.discharges', 'census.transfers_in', 'census.transfers_out'];

/** What is known beside the log is asked of the store, not of a house. */
const fromHouse = [...metricDefinitions.keys()].filter((id) => !id.startsWith('data.'));

/** Hours and days of the site that ended after `after` and by `until` (epoch ms), in order of their end; an hour before its day. */
export function periodsEnded(zone: string, after: number, until: number): { period: Period; span: Span }[] {
  const days = siteDays(zone);
  const ended: { period: Period; span: Span }[] = [];
  for (let hour = days.hourOf(after); hour.to <= until; hour = days.hourOf(hour.to)) {
    if (hour.to <= after) continue;
    ended.push({ period: 'hour', span: hour });
    const day = days.dayOf(hour.from);
    if (day.to === hour.to) ended.push({ period: 'day', span: day });
  }
  return ended;
}

/** All KPIs of a period: every metric of the hospital, and of a day the flow of each unit. */
export function kpisOf(house: House, { period, span }: { period: Period; span: Span }): KpiQuestion[] {
  const whole = fromHouse.map((metric) => ({ period, metric, scope: {}, span }));
  if (period === 'hour') return whole;
  return [...whole, ...unitIds(house).flatMap((unit) => BY_UNIT.map((metric) => ({ period, metric, scope: { unit }, span })))];
}

/** True when what happened late can change the answer: a window is counted again; what a gauge showed then, it showed. */
export const isWindowed = ({ metric }: KpiQuestion): boolean => metricDefinitions.get(metric)!.kind !== 'gauge';

/** True when a house that holds what closed at `since` (epoch ms) or later holds everything that the answer is made of. */
export const isRemembered = ({ metric, span }: KpiQuestion, since: number): boolean => span.from - (metricDefinitions.get(metric)!.lookBackHours ?? 0) * HOUR >= since;

/** Answers one KPI. Gauges speak of the end of the period. */
export function takeKpi(house: House, { period, metric, scope, span }: KpiQuestion): Taken {
  const result = evaluate(house, { metric, scope, at: span.to - 1, from: span.from, to: span.to });
  const none = { value: null, count: null, excluded: null, mean: null, p50: null, p90: null, max: null, within: null };
  const { facts, lacking } = isDistribution(result)
    ? { facts: { ...none, count: result.count, excluded: result.excluded, mean: result.mean, p50: result.p50, p90: result.p90, max: result.max, within: result.within }, lacking: 'mean' }
    : { facts: { ...none, value: result.value }, lacking: 'value' };
  return { subject: [period, metric, seriesName('', scope).slice(1)], facts: { until: span.to, ...facts }, metrics: {}, unknown: result.reason === undefined ? {} : { [lacking]: result.reason } };
}
