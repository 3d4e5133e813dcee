import { getBottlenecks, getKpiTrend, getOccupancyTrends, getUnitPerformance } from '#shared/api/analytics.ts';
import type { Answered, Asked } from '#shared/api/operation.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { MetricDefinition } from '#shared/metrics/definition.ts';
import { severity, thresholdsFor } from '#shared/metrics/severity.ts';
import type { Snapshot } from '#shared/snapshots/family.ts';
import { benchmark } from '../analytics/benchmark.ts';
import { bottlenecks as slotsOf, recurring } from '../analytics/bottlenecks.ts';
import { movingAverage, ratesOfChange, type CoursePoint } from '../analytics/course.ts';
import { unitIds, unitNow } from '../domain/units/now.ts';
import { SNAPSHOT_LIMIT } from '../store/read-snapshots.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import type { ViewContext } from '../views/context.ts';
import { asked } from './asking.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

const OCCUPANCY = 'beds.occupancy_rate';
const NONE = 'there is no KPI of this metric and scope in the window';

interface Window {
  readonly from: number;
  readonly to: number;
}

function defined(metric: string): MetricDefinition {
  const definition = metricDefinitions.get(metric);
  if (!definition) throw new Problem(404, `There is no metric ${metric}; /metrics lists them.`);
  return definition;
}

/** A course with what is computed of it. */
function trend(points: readonly CoursePoint[], over: number) {
  const averages = movingAverage(points, over);
  const rates = ratesOfChange(points);
  return points.map(({ from, to, value }, i) => ({ from, to, value, average: averages[i]!, changePerHour: rates[i]! }));
}

const coursePoint = ({ at, facts }: Snapshot, figure: string): CoursePoint => ({ from: at, to: facts['until'] as number, value: facts[figure] as number | null });

/** What the store tells of the past, put into relation: trends, units beside each other, what keeps coming back. */
export function analyticsOf(reader: Pick<ReaderThread, 'ask'>, site: { context(): ViewContext }) {
  const known = (unit: string) => {
    const { house } = site.context();
    if (!unitIds(house).includes(unit)) throw new Problem(404, `query unit: there is no unit ${unit}; see /bed-management/units`);
  };
  const kpis = async (subject: Record<string, string>, { from, to }: Window) => {
    const { snapshots, more } = await asked(reader, 'history', { family: 'kpi', subject, from, to, limit: SNAPSHOT_LIMIT });
    if (more) throw new Problem(400, `query from: more than ${SNAPSHOT_LIMIT} KPIs lie in the window; ask for a shorter one`);
    // The one that held at the beginning is of a period before.
    return snapshots.filter(({ at }) => at >= from);
  };
  /** Hours as boards sampled them, else as their KPI was kept. */
  const hourly = async (metric: string, scope: Record<string, string>, figure: string, window: Window): Promise<CoursePoint[]> => {
    const [sampled] = await asked(reader, 'series', [{ metric, scope, ...window, step: '1h' }]);
    if (sampled!.points.length > 0) return sampled!.points.map(({ from, to, mean }) => ({ from, to, value: mean }));
    const pairs = Object.entries(scope).map(([key, value]) => `${key}=${value}`);
    return (await kpis({ period: 'hour', metric, scope: pairs.join('&') }, window)).map((kpi) => coursePoint(kpi, figure));
  };
  return {
    kpiTrend: async ({ params, query: { from, to, period, scope, over, figure } }: Pick<Asked<typeof getKpiTrend>, 'params' | 'query'>): Promise<Answered<typeof getKpiTrend>> => {
      const { id: metric, kind, unit } = defined(params.metric);
      const shown = figure ?? (kind === 'distribution' ? 'p50' : 'value');
      const points = (await kpis({ period, metric, scope }, { from, to })).map((kpi) => coursePoint(kpi, shown));
      return { metric, unit, scope, figure: shown, points: trend(points, over), ...(points.length === 0 ? { reason: NONE } : {}) };
    },
    occupancy: async ({ query: { from, to, unit, step, over } }: Pick<Asked<typeof getOccupancyTrends>, 'query'>): Promise<Answered<typeof getOccupancyTrends>> => {
      if (unit !== undefined) known(unit);
      const scopes = unit === undefined ? [{}, ...unitIds(site.context().house).map((one) => ({ unit: one }))] : [{ unit }];
      const answers = await asked(reader, 'series', scopes.map((scope) => ({ metric: OCCUPANCY, scope, from, to, step })));
      return {
        metric: OCCUPANCY, step,
        items: answers.map(({ scope, points, reason }) => ({
          ...(scope.unit === undefined ? {} : { unit: scope.unit }),
          points: trend(points.map((point) => ({ from: point.from, to: point.to, value: point.mean })), over),
          ...(reason === undefined ? {} : { reason }),
        })),
      };
    },
    units: async ({ query: { from, to, metric } }: Pick<Asked<typeof getUnitPerformance>, 'query'>): Promise<Answered<typeof getUnitPerformance>> => {
      const { unit: printed, direction, kind } = defined(metric);
      const rows = await kpis({ period: 'day', metric }, { from, to });
      const { house, now } = site.context();
      const figure = kind === 'distribution' ? 'p50' : 'value';
      const measured = unitIds(house).flatMap((unit) => {
        const values = rows.filter(({ subject }) => subject['scope'] === `unit=${unit}`).map((row) => coursePoint(row, figure).value);
        return values.length === 0 ? [] : [{ unit, kind: unitNow(house, unit, now).kind, values }];
      });
      const items = benchmark(measured, direction === 'high' || direction === 'low' ? direction : undefined);
      return { metric, unit: printed, items, ...(items.length === 0 ? { reason: 'no unit has KPIs of this metric in the window' } : {}) };
    },
    bottlenecks: async ({ query: { from, to, metric, unit, threshold, observed, share } }: Pick<Asked<typeof getBottlenecks>, 'query'>): Promise<Answered<typeof getBottlenecks>> => {
      const definition = defined(metric);
      if (unit !== undefined) known(unit);
      const scope: Record<string, string> = unit === undefined ? {} : { unit };
      const { house } = site.context();
      const limit = thresholdsFor(definition, scope, house.site)[threshold];
      const judged = { metric, ...(unit === undefined ? {} : { unit }), limit };
      const none = { hours: [], days: [], recurring: { hours: [], days: [] } };
      if (limit === null && definition.direction !== 'band') return { ...judged, ...none, reason: `${metric} has no threshold ${threshold} here` };
      const points = await hourly(metric, scope, definition.kind === 'distribution' ? 'p90' : 'value', { from, to });
      if (points.length === 0) return { ...judged, ...none, reason: NONE };
      const isBeyond = (value: number) => {
        const how = severity(definition, scope, value, house.site);
        return how === 'crit' || (threshold === 'warn' && how === 'warn');
      };
      const { hours, days } = slotsOf(points, house.site.timezone, isBeyond);
      return { ...judged, hours, days, recurring: { hours: recurring(hours, observed, share), days: recurring(days, observed, share) } };
    },
  };
}

export type Analytics = ReturnType<typeof analyticsOf>;

export const analyticsRoutes = ({ kpiTrend, occupancy, units, bottlenecks }: Analytics): Route[] => [route(getKpiTrend, kpiTrend), route(getOccupancyTrends, occupancy), route(getUnitPerformance, units), route(getBottlenecks, bottlenecks)];
