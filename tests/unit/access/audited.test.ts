import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { permissionsOf, type Role } from '#shared/access/roles.ts';
import { defineOperation } from '#shared/api/operation.ts';
import type { AuditEntry } from '#core/access/audit.ts';
import { AuditDesk } from '#core/access/audit-desk.ts';
import { ANYONE } from '#core/access/principal.ts';
import { Problem } from '#core/api/problem.ts';
import { NotNow } from '#core/store/reader-thread.ts';
import { route, serve } from '#core/api/routes.ts';
import { deskOf } from '../../fixtures/audit-desk.ts';

const params = z.strictObject({ id: z.string().max(8) });
const base = { tag: 'test', summary: 'test', permission: 'sources.write', params, answer: z.strictObject({ told: z.string() }) } as const;
const look = defineOperation({ ...base, id: 'look', method: 'GET', path: '/things/{id}' });
const reveal = defineOperation({ ...base, id: 'reveal', method: 'GET', path: '/people/{id}', audited: true });
const mark = defineOperation({ ...base, id: 'mark', method: 'POST', path: '/things/{id}', body: z.strictObject({ secret: z.string() }) });

function api(desk: AuditDesk) {
  const server = Fastify();
  let done = 0;
  server.decorateRequest('principal');
  server.setErrorHandler((error: Problem, _, reply) => reply.code(error.status ?? 500).send({ detail: error.message }));
  const identify = ({ headers }: { headers: Record<string, unknown> }) => {
    const role = headers['x-role'] as Role | undefined;
    return role ? { kind: 'user' as const, name: `a-${role}`, roles: [role], permissions: permissionsOf([role]) } : ANYONE;
  };
  const routes = [
    route(look, () => ({ told: 'seen' })),
    route(reveal, () => ({ told: 'a name' })),
    route(mark, ({ body: { secret } }, { note }) => {
      note({ length: secret.length });
      if (secret === 'bad') throw new Problem(409, 'no');
      if (secret === 'later') throw new NotNow('busy');
      done++;
      return { told: 'marked' };
    }),
  ];
  for (const one of routes) serve(server, one, identify, desk);
  const ask = async (method: 'GET' | 'POST', url: string, role?: Role, payload?: object) => {
    const answer = await server.inject({ method, url: `/api/v1/ops${url}`, headers: role ? { 'x-role': role } : {}, ...(payload ? { payload } : {}) });
    return { status: answer.statusCode, text: answer.body };
  };
  return { ask, done: () => done };
}

test('given writes and reads, when they are done, refused or fail, then writes and audited reads leave an entry without what was sent', async () => {
  const written: AuditEntry[] = [];
  const { ask } = api(deskOf(written));
  expect((await ask('GET', '/things/a', 'admin')).status).toBe(200);
  expect((await ask('POST', '/things/a', undefined, { secret: 'x' })).status).toBe(401);
  expect((await ask('POST', '/things/a', 'admin', { wrong: 'x' })).status).toBe(400);
  expect((await ask('GET', '/things/a', 'wall')).status).toBe(403);
  await ask('POST', '/things/a', 'admin', { secret: 'later' });
  expect(written).toEqual([]);
  expect((await ask('POST', '/things/a', 'admin', { secret: 'xyz' })).status).toBe(200);
  expect((await ask('POST', '/things/b', 'wall', { secret: 'xyz' })).status).toBe(403);
  expect((await ask('POST', '/things/much-too-long', 'wall', { secret: 'xyz' })).status).toBe(403);
  expect((await ask('POST', '/things/c', 'admin', { secret: 'bad' })).status).toBe(409);
  expect((await ask('GET', '/people/d', 'admin')).status).toBe(200);
  const actor = { kind: 'user', name: 'a-admin', from: '127.0.0.1' };
  const wall = { ...actor, name: 'a-wall' };
  expect(written).toMatchObject([
    { action: 'mark', actor, outcome: 'done', subject: { id: 'a', length: 3 } },
    { action: 'mark', actor: wall, outcome: 'refused', subject: { id: 'b' } },
    { action: 'mark', actor: wall, outcome: 'refused', subject: {} },
    { action: 'mark', actor, outcome: 'failed', subject: { id: 'c', length: 3, status: 409 } },
    { action: 'reveal', actor, outcome: 'done', subject: { id: 'd' } },
  ]);
  expect(JSON.stringify(written)).not.toMatch(/xyz|much-too-long/);
});

test('given a trail that cannot be written, when something is asked, then nothing more is done or shown until it can, and the trail lacks nothing', async () => {
  const written: AuditEntry[] = [];
  let full = true;
  const lines: string[] = [];
  const desk = new AuditDesk({
    append: (entries) => (full ? Promise.reject(new Error('disk is full')) : Promise.resolve(String(written.push(...entries)))),
    verify: () => Promise.resolve({ ok: true, rows: 0, head: '0' }),
    forget: () => Promise.resolve({ forgotten: 0, head: undefined }),
  }, (line) => lines.push(line));
  await desk.check();
  const { ask, done } = api(desk);
  expect(await ask('GET', '/people/d', 'admin')).toMatchObject({ status: 503, text: expect.not.stringContaining('a name') as string });
  for (let n = 0; n < 3; n++) expect((await ask('POST', '/things/a', 'admin', { secret: 'xyz' })).status).toBe(503);
  expect(done()).toBe(0);
  expect((await ask('GET', '/things/a', 'admin')).status).toBe(200);
  expect(desk.state).toMatchObject({ state: 'failing', problem: 'disk is full' });
  full = false;
  expect((await ask('POST', '/things/a', 'admin', { secret: 'xyz' })).status).toBe(200);
  expect(written.map(({ action, outcome }) => [action, outcome])).toEqual([['reveal', 'done'], ['mark', 'done']]);
  expect(desk.state).toEqual({ state: 'ok', head: '2' });
  expect(lines).toEqual([expect.stringContaining('whole'), expect.stringContaining('disk is full'), expect.stringContaining('written again')]);
});
