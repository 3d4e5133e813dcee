import { getMetric, SCOPE_PREFIX } from '#shared/api/metrics.ts';
import type { Trouble } from '#shared/sources.ts';
import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

/** Metrics about the data speak of now, not of the newest event: a hospital that has gone silent must not look fresh. */
const ABOUT_DATA = 'data.';

/** The answers of `vigil query`, from the running store. */
export const metricRoutes = (reader: ReaderThread, running: { now(): number; troubles(): readonly Trouble[] }): Route[] => [
  route(getMetric, async ({ params, query }) => {
    const aboutData = params.id.startsWith(ABOUT_DATA);
    const { from, to = aboutData ? running.now() : undefined, ...rest } = query;
    const foreign = Object.keys(rest).find((key) => !key.startsWith(SCOPE_PREFIX));
    if (foreign !== undefined) throw new Problem(400, `query ${foreign}: there are from, to and ${SCOPE_PREFIX}KEY`);
    const scope = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key.slice(SCOPE_PREFIX.length), value]));
    try {
      const answer = await reader.ask('metric', { metric: params.id, scope, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
      return { ...answer, ...(aboutData ? { troubles: running.troubles() } : {}) } as never;
    } catch (error) {
      if (error instanceof BadQuery) throw new Problem(400, error.message);
      throw error;
    }
  }),
];
