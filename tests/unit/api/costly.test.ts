import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { ANYONE } from '#core/access/principal.ts';
import { asProblem } from '#core/api/as-problem.ts';
import { AtWork } from '#core/api/at-work.ts';
import { metricRoutes } from '#core/api/metrics.ts';
import { route, serve, type Route } from '#core/api/routes.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { ReaderThread } from '#core/store/reader-thread.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import { defineOperation } from '#shared/api/operation.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { deskOf } from '../../fixtures/audit-desk.ts';
import { temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-03-14T08:00:00Z');
const DAY = 86_400_000;
const iso = (t: number) => new Date(t).toISOString();

function server(routes: readonly Route[]) {
  const made = Fastify();
  onTestFinished(() => made.close());
  made.decorateRequest('principal');
  made.setErrorHandler((error: Error, _request, reply) => {
    const problem = asProblem(error);
    return reply.code(problem.status).headers(problem.headers).send(problem.body);
  });
  for (const one of routes) serve(made, one, ({ headers }) => (headers['x-user'] === undefined ? ANYONE : { kind: 'user', name: String(headers['x-user']), roles: ['admin'], permissions: permissionsOf(['admin']) }), deskOf());
  return (path: string, { user, from = '10.0.0.1' }: { user?: string; from?: string } = {}) =>
    made.inject({ method: 'GET', url: `/api/v1/ops${path}`, remoteAddress: from, headers: user === undefined ? {} : { 'x-user': user } });
}

function metrics() {
  const dataDir = temporaryDir();
  temporaryStore(dataDir);
  const reader = new ReaderThread({ file: storeFiles(dataDir, DEFAULT_SITE).log, id: DEFAULT_SITE });
  onTestFinished(() => reader.close());
  return server(metricRoutes(reader, { now: () => NOW, troubles: () => [] }));
}

test('given a metric of a window, when it is asked for without one, or over more than is answered, then the refusal says the most that is and how to ask for less', async () => {
  const ask = metrics();
  for (const query of ['', `?to=${iso(NOW)}`, '?from=1970-01-01T00:00:00Z', `?from=${iso(NOW - 36 * DAY)}`, `?from=${iso(NOW - 400 * DAY)}&to=${iso(NOW - 300 * DAY)}`]) {
    const answer = await ask(`/metrics/lab.turnaround${query}`);
    expect([query, answer.statusCode]).toEqual([query, 400]);
    const { detail, faults } = answer.json<{ detail: string; faults: { in: string; path: string }[] }>();
    for (const said of ['at most 35 days', 'from and to', '/kpis/history', 'vigil query']) expect(detail).toContain(said);
    expect(faults).toMatchObject([{ in: 'query', path: 'from' }]);
  }
});

test('given windows within the most, gauges of now and of a moment, and metrics about the data, when they are asked for, then they are answered', async () => {
  const ask = metrics();
  const queries = [`lab.turnaround?from=${iso(NOW - 35 * DAY)}`, `lab.turnaround?from=${iso(NOW - 400 * DAY)}&to=${iso(NOW - 366 * DAY)}`, 'beds.occupied', `beds.occupied?to=${iso(NOW - 400 * DAY)}`, ...[...metricDefinitions.keys()].filter((id) => id.startsWith('data.'))];
  for (const query of queries) expect([query, (await ask(`/metrics/${query}`)).statusCode]).toEqual([query, 200]);
  expect((await ask('/metrics/lab.turnaround.of.what')).json<{ detail: string }>().detail).not.toContain('35 days');
});

test('given a caller with as many costly questions at work as they may have, when they ask one more, then it is refused, others are answered, and so are they once one is done', async () => {
  const waiting: (() => void)[] = [];
  const own = { method: 'GET', tag: 'test', summary: 'Asks much', permission: 'anyone', answer: z.strictObject({}) } as const;
  const costly = defineOperation({ ...own, id: 'costly', path: '/costly', costly: true });
  const cheap = defineOperation({ ...own, id: 'cheap', path: '/cheap' });
  const atWork = new AtWork(2);
  const ask = server([route(costly, () => new Promise<Record<string, never>>((done) => waiting.push(() => done({})))), route(cheap, () => ({}))].map((one) => atWork.around(one)));
  const begun = (count: number) => expect.poll(() => waiting.length).toBe(count);
  const asked = [ask('/costly'), ask('/costly')];
  await begun(2);
  const refused = await ask('/costly');
  expect([refused.statusCode, refused.headers['retry-after'], refused.json<{ detail: string }>().detail]).toEqual([429, '1', expect.stringContaining('of this address')]);
  expect((await ask('/cheap')).statusCode).toBe(200);
  asked.push(ask('/costly', { from: '10.0.0.2' }), ask('/costly', { user: 'ann' }));
  await begun(4);
  waiting[0]!();
  expect((await asked[0]!).statusCode).toBe(200);
  asked.push(ask('/costly'));
  await begun(5);
  waiting.forEach((done) => done());
  expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200, 200]);
});
