import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineOperation } from '#shared/api/operation.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import type { AuditEntry } from '#core/access/audit.ts';
import { BOUNDS, Idempotency, type Bounds } from '#core/api/idempotency.ts';
import { Problem, PROBLEM_MEDIA } from '#core/api/problem.ts';
import { route, serve } from '#core/api/routes.ts';
import { deskOf } from '../../fixtures/audit-desk.ts';

const order = defineOperation({
  id: 'order', method: 'POST', path: '/orders', tag: 'test', summary: 'Orders', permission: 'sources.write', repeatable: true,
  body: z.strictObject({ what: z.string() }), answer: z.strictObject({ number: z.int(), what: z.string() }), status: 201, problems: [404, 409, 422],
});

/** A server that counts what is ordered; `x-user` says who asks, `at` what time it is. */
function shop(bounds: Partial<Bounds> = {}, work: (what: string) => Promise<void> = async () => {}) {
  let ordered = 0;
  const clock = { at: 0 };
  const trail: AuditEntry[] = [];
  const keys = new Idempotency(() => clock.at, { ...BOUNDS, ...bounds });
  const server = Fastify();
  server.decorateRequest('principal');
  server.setErrorHandler((error: Problem, _request, reply) => reply.code(error.status).headers(error.headers).type(PROBLEM_MEDIA).send(error.body));
  const handled = route(order, async ({ body: { what } }, { reply }) => {
    await work(what);
    reply.header('location', `/orders/${ordered + 1}`);
    return { number: ++ordered, what };
  });
  serve(server, keys.around(handled), ({ headers }) => ({ kind: 'user', name: String(headers['x-user'] ?? 'ann'), roles: ['admin'], permissions: permissionsOf(['admin']) }), deskOf(trail));
  const send = async (key: string | undefined, what: string, user = 'ann') => {
    const answer = await server.inject({ method: 'POST', url: '/api/v1/ops/orders', payload: { what }, headers: { 'x-user': user, ...(key === undefined ? {} : { 'idempotency-key': key }) } });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), location: answer.headers['location'], again: answer.headers['idempotency-replayed'] };
  };
  return { send, clock, keys, trail, ordered: () => ordered };
}

test('given a write with a key, when it is sent again, then it is done once and answered alike', async () => {
  const { send, ordered, trail } = shop();
  const first = await send('"a-1"', 'bed');
  expect(first).toEqual({ status: 201, body: { number: 1, what: 'bed' }, location: '/orders/1', again: undefined });
  expect(await send('a-1', 'bed')).toEqual({ ...first, again: 'true' });
  expect(ordered()).toBe(1);
  expect(trail.map(({ subject }) => subject['again'])).toEqual([undefined, true]);
});

test('given a key that was used, when it comes with another body, then it is refused and nothing is done', async () => {
  const { send, ordered } = shop();
  await send('a', 'bed');
  expect(await send('a', 'chair')).toMatchObject({ status: 422 });
  expect(ordered()).toBe(1);
});

test('given the same key of another caller, or no key, then each write is done', async () => {
  const { send, ordered } = shop();
  await send('a', 'bed');
  expect((await send('a', 'bed', 'bob')).body).toMatchObject({ number: 2 });
  await send(undefined, 'bed');
  await send(undefined, 'bed');
  expect(ordered()).toBe(4);
});

test('given a first request still at work, when it is sent again, then it is told to come later', async () => {
  let done = () => {};
  const { send, ordered } = shop({}, () => new Promise((resolve) => (done = resolve)));
  const first = send('a', 'bed');
  await expect.poll(() => send('a', 'bed')).toMatchObject({ status: 409 });
  done();
  expect(await first).toMatchObject({ status: 201 });
  expect(await send('a', 'bed')).toMatchObject({ status: 201, again: 'true' });
  expect(ordered()).toBe(1);
});

test('given a write that was refused, when it is sent again, then it is tried again', async () => {
  let refuse = true;
  const { send } = shop({}, async () => {
    if (refuse) throw new Problem(404, 'no such thing');
  });
  expect(await send('a', 'bed')).toMatchObject({ status: 404 });
  refuse = false;
  expect(await send('a', 'bed')).toMatchObject({ status: 201, again: undefined });
});

test('given a day gone by, then a key is new again', async () => {
  const { send, clock, keys } = shop();
  await send('a', 'bed');
  clock.at = BOUNDS.keptMs - 1;
  expect((await send('a', 'bed')).again).toBe('true');
  clock.at = BOUNDS.keptMs;
  expect((await send('a', 'bed')).again).toBeUndefined();
  expect(keys.size).toBe(1);
});

test('given more than may be kept, then the oldest go, and one caller does not push out another', async () => {
  const { send, keys } = shop({ keysEach: 2, keys: 3, bytes: 1_000 });
  await send('b', 'bed', 'bob');
  for (const key of ['1', '2', '3', '4']) await send(key, 'bed');
  expect(keys.size).toBe(3);
  expect((await send('b', 'bed', 'bob')).again).toBe('true');
  expect((await send('4', 'bed')).again).toBe('true');
  expect((await send('1', 'bed')).again).toBeUndefined();
  await send('big', 'x'.repeat(960), 'eve');
  expect(keys.size).toBe(1);
});

test.each(['', '"unclosed', 'two words', `"${'x'.repeat(256)}"`])('given a key that is none (%s), then the request is refused', async (key) => {
  expect(await shop().send(key, 'bed')).toMatchObject({ status: 400 });
});
