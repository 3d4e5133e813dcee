import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BadQuery, type ReaderThread } from '../store/reader-thread.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)).optional();
const querySchema = z.looseObject({ from: time, to: time });
const SCOPE_PREFIX = 'scope.';

/** `GET /api/v1/ops/metrics/{id}?from=&to=&scope.{key}=`: the answer of `vigil query`, from the running store. */
export function metricRoutes(server: FastifyInstance, reader: ReaderThread): void {
  server.get<{ Params: { id: string } }>('/api/v1/ops/metrics/:id', async (request, reply) => {
    const problem = (status: number, detail: string) => reply.code(status).type('application/problem+json').send({ type: 'about:blank', title: 'Bad request', status, detail });
    const parsed = querySchema.safeParse(request.query);
    if (!parsed.success) return problem(400, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    const { from, to, ...rest } = parsed.data;
    const scope = Object.fromEntries(Object.entries(rest).filter(([key]) => key.startsWith(SCOPE_PREFIX)).map(([key, value]) => [key.slice(SCOPE_PREFIX.length), String(value)]));
    try {
      return await reader.query({ metric: request.params.id, scope, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
    } catch (error) {
      if (error instanceof BadQuery) return problem(400, error.message);
      throw error;
    }
  });
}
