import { getMetric, SCOPE_PREFIX, WINDOW_DAYS } from '#shared/api/metrics.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { Trouble } from '#shared/sources.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import { asked } from './asking.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

/** Metrics about the data speak of now, not of the newest event: a hospital that has gone silent must not look fresh. */
const ABOUT_DATA = 'data.';

const DAY_MS = 86_400_000;

/** Holds a question to a window of which the store can be read: what it looks at is in memory at once. Of a metric that there is not, the store says so. @throws Problem (400) */
function bounded(metric: string, from: number | undefined, to: number): void {
  const kind = metricDefinitions.get(metric)?.kind;
  if (kind === undefined || (from === undefined ? kind === 'gauge' : to - from <= WINDOW_DAYS * DAY_MS)) return;
  const what = from === undefined ? `${metric} is of a window: say from when on` : `the window has ${Math.ceil((to - from) / DAY_MS)} days`;
  const message = `${what}; at most ${WINDOW_DAYS} days are answered. Ask for less by from and to, for the KPIs of days at /kpis/history, or with vigil query on the station, which takes any window.`;
  throw new Problem(400, `query from: ${message}`, { faults: [{ in: 'query', path: 'from', message }] });
}

/** The answers of `vigil query`, from the running store. */
export const metricRoutes = (reader: Pick<ReaderThread, 'ask'>, running: { now(): number; troubles(): readonly Trouble[] }): Route[] => [
  route(getMetric, async ({ params, query }) => {
    const aboutData = params.id.startsWith(ABOUT_DATA);
    const { from, to = aboutData ? running.now() : undefined, ...rest } = query;
    const foreign = Object.keys(rest).find((key) => !key.startsWith(SCOPE_PREFIX));
    if (foreign !== undefined) throw new Problem(400, `query ${foreign}: there are from, to and ${SCOPE_PREFIX}KEY`);
    if (!aboutData) bounded(params.id, from, to ?? running.now());
    const scope = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key.slice(SCOPE_PREFIX.length), value]));
    const answer = await asked(reader, 'metric', { metric: params.id, scope, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
    return { ...answer, ...(aboutData ? { troubles: running.troubles() } : {}) } as never;
  }),
];
