import type { getBottlenecks, getKpiTrend, getOccupancyTrends, getUnitPerformance } from '#shared/api/analytics.ts';
import type { Answered } from '#shared/api/operation.ts';
import type { WholeList } from './whole.ts';
import { flag, number, text, time, type Stored } from './written.ts';

type Trend = Answered<typeof getKpiTrend>;
type Occupancy = Answered<typeof getOccupancyTrends>;
type Performance = Answered<typeof getUnitPerformance>;
type Bottlenecks = Answered<typeof getBottlenecks>;

/** What is known of nothing is one row that says why. */
const orWhy = (rows: Stored[][], columns: number, reason: string | undefined): Stored[][] => {
  const known = rows.map((row) => [...row, null]);
  return rows.length === 0 && reason !== undefined ? [[...Array.from({ length: columns }, () => null), reason]] : known;
};

const COURSE = [...time('from', 'to'), ...number('value', 'average', 'change_per_hour'), ...text('unknown_reasons')];
const course = (points: Trend['points'], reason: string | undefined): Stored[][] => orWhy(points.map(({ from, to, value, average, changePerHour }) => [from, to, value, average, changePerHour]), 5, reason);

export const KPI_TREND: WholeList<Trend> = {
  columns: [...text('metric', 'unit', 'scope', 'figure'), ...COURSE],
  rows: ({ metric, unit, scope, figure, points, reason }) => course(points, reason).map((row) => [metric, unit, scope, figure, ...row]),
};

/** Of the hospital without a unit. */
export const OCCUPANCY: WholeList<Occupancy> = {
  columns: [...text('metric', 'unit'), ...COURSE],
  rows: ({ metric, items }) => items.flatMap(({ unit = null, points, reason }) => course(points, reason).map((row) => [metric, unit, ...row])),
};

export const PERFORMANCE: WholeList<Performance> = {
  columns: [...text('metric', 'unit', 'kind'), ...number('mean', 'known_days', 'unknown_days', 'median', 'difference', 'rank'), ...text('unknown_reasons')],
  rows: ({ metric, items, reason }) => orWhy(items.map(({ unit, kind, mean, known, unknown, median, difference, rank }) => [unit, kind, mean, known, unknown, median, difference, rank]), 8, reason).map((row) => [metric, ...row]),
};

/** A row for each hour of the day and each day of the week, from 1, Monday. */
export const BOTTLENECKS: WholeList<Bottlenecks> = {
  columns: [...text('metric', 'unit'), ...number('limit'), ...text('of'), ...number('slot', 'observed', 'beyond', 'unknown', 'share'), ...flag('recurring'), ...text('unknown_reasons')],
  rows: ({ metric, unit = null, limit, hours, days, recurring, reason }) => {
    const slots = (of: string, all: Bottlenecks['hours'], again: Bottlenecks['hours']): Stored[][] =>
      all.map(({ slot, observed, beyond, unknown, share }) => [of, slot, observed, beyond, unknown, share, Number(again.some((one) => one.slot === slot))]);
    return orWhy([...slots('hour', hours, recurring.hours), ...slots('day', days, recurring.days)], 7, reason).map((row) => [metric, unit, limit, ...row]);
  },
};
