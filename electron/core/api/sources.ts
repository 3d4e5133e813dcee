import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sourceConfigSchema, type SourceRecord, type Trouble } from '#shared/sources.ts';
import { instanceName } from '../domain/sources/trouble.ts';
import type { SiteId } from '../store/paths.ts';
import { sourceUri } from '../store/sources.ts';
import type { Answer, Ask } from '../store/writer-protocol.ts';
import { problem } from './problem.ts';

export interface SourceRoutes {
  readonly id: SiteId;
  readonly ask: (ask: Ask) => Promise<Answer>;
  readonly records: () => readonly SourceRecord[];
  readonly troubles: () => readonly Trouble[];
}

const replaySchema = z.strictObject({ id: z.int().optional(), reason: z.string().max(64).optional(), source: z.string().max(256).optional() });

/**
 * `GET /api/v1/ops/event-sources`: every source with its figures and troubles. `POST` registers one;
 * `POST .../{kind}/{instance}/accept` or `/refuse` decides about one. `POST /api/v1/ops/dead-letters/replay` applies
 * dead letters again. All on loopback, like everything here.
 */
export function sourceRoutes(server: FastifyInstance, { id, ask, records, troubles }: SourceRoutes): void {
  server.get('/api/v1/ops/event-sources', () => {
    const now = troubles();
    return records().map((record) => ({ ...record, troubles: now.filter(({ source }) => source === instanceName(record)).map(({ state, detail }) => ({ state, detail })) }));
  });
  server.post('/api/v1/ops/event-sources', async (request, reply) => {
    const parsed = sourceConfigSchema.safeParse(request.body);
    if (!parsed.success) return problem(reply, 400, 'Bad request', faults(parsed.error));
    const { kind, instance, title, intervalSeconds, silenceLimitSeconds, expectedPerHour } = parsed.data;
    const answer = await ask({ what: 'decide', uri: sourceUri(id, kind, instance), decision: { by: 'person', title, intervalSeconds, silenceLimitSeconds, expectedPerHour } });
    return answer.ok ? reply.code(201).send({ registered: `${kind}/${instance}` }) : problem(reply, 503, 'Not stored', answer.problem);
  });
  server.post<{ Params: { kind: string; instance: string; decision: string } }>('/api/v1/ops/event-sources/:kind/:instance/:decision', async (request, reply) => {
    const { kind, instance, decision } = request.params;
    if (decision !== 'accept' && decision !== 'refuse') return problem(reply, 404, 'Not found', `"${decision}" is no decision; there are accept and refuse`);
    const answer = await ask({ what: 'decide', uri: sourceUri(id, kind, instance), decision });
    return answer.ok ? { [decision === 'accept' ? 'accepted' : 'refused']: `${kind}/${instance}` } : problem(reply, 404, 'Not found', answer.problem);
  });
  server.post('/api/v1/ops/dead-letters/replay', async (request, reply) => {
    const parsed = replaySchema.safeParse(request.body ?? {});
    if (!parsed.success) return problem(reply, 400, 'Bad request', faults(parsed.error));
    const answer = await ask({ what: 'replay', letters: parsed.data });
    return answer.ok ? { replayed: answer.replayed, left: answer.left } : problem(reply, 503, 'Not replayed', answer.problem);
  });
}

const faults = (error: z.ZodError) => error.issues.map((issue) => `${issue.path.join('.') || '(body)'}: ${issue.message}`).join('; ');
