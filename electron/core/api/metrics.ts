import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Trouble } from '#shared/sources.ts';
import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)).optional();
const querySchema = z.looseObject({ from: time, to: time });
const SCOPE_PREFIX = 'scope.';

/** Metrics about the data speak of now, not of the newest event: a hospital that has gone silent must not look fresh. */
const ABOUT_DATA = 'data.';

/**
 * `GET /api/v1/ops/metrics/{id}?from=&to=&scope.{key}=`: the answer of `vigil query`, from the running store. Metrics
 * about the data also name what is wrong with the station and its sources (`troubles`).
 */
export function metricRoutes(server: FastifyInstance, reader: ReaderThread, running: { now(): number; troubles(): readonly Trouble[] }): void {
  server.get<{ Params: { id: string } }>('/api/v1/ops/metrics/:id', async (request, reply) => {
    const problem = (status: number, detail: string) => reply.code(status).type('application/problem+json').send({ type: 'about:blank', title: 'Bad request', status, detail });
    const parsed = querySchema.safeParse(request.query);
    if (!parsed.success) return problem(400, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    const aboutData = request.params.id.startsWith(ABOUT_DATA);
    const { from, to = aboutData ? running.now() : undefined, ...rest } = parsed.data;
    const scope = Object.fromEntries(Object.entries(rest).filter(([key]) => key.startsWith(SCOPE_PREFIX)).map(([key, value]) => [key.slice(SCOPE_PREFIX.length), String(value)]));
    try {
      const answer = await reader.query({ metric: request.params.id, scope, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
      return aboutData ? { ...answer, troubles: running.troubles() } : answer;
    } catch (error) {
      if (error instanceof BadQuery) return problem(400, error.message);
      throw error;
    }
  });
}
