import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { permissionsOf } from '#shared/access/roles.ts';
import { defineOperation } from '#shared/api/operation.ts';
import { ANYONE } from '#core/access/principal.ts';
import { asProblem } from '#core/api/as-problem.ts';
import { Buckets } from '#core/api/buckets.ts';
import { LIMITS, limit, limitConnections, network, type Limits } from '#core/api/limits.ts';
import { listening } from '#core/api/listening.ts';
import { PROBLEM_MEDIA } from '#core/api/problem.ts';
import { RequestCounts } from '#core/api/request-counts.ts';
import { WaitingFiles } from '#core/api/waiting-files.ts';
import { route, serve } from '#core/api/routes.ts';
import { startApi } from '#core/api/server.ts';
import { Standing } from '#core/api/standing.ts';
import { Hub } from '#core/link/hub.ts';
import { NotNow } from '#core/store/reader-thread.ts';
import { deskOf } from '../../fixtures/audit-desk.ts';
import { until } from '../../rig/until.ts';

const read = defineOperation({ id: 'read', method: 'GET', path: '/things', tag: 'test', summary: 'Reads', permission: 'anyone', answer: z.strictObject({}) });
const write = defineOperation({ id: 'write', method: 'POST', path: '/things', tag: 'test', summary: 'Writes', permission: 'anyone', answer: z.strictObject({}) });
const busy = defineOperation({ id: 'busy', method: 'GET', path: '/busy', tag: 'test', summary: 'Too busy', permission: 'anyone', answer: z.strictObject({}) });
const routes = [route(read, () => ({})), route(write, () => ({})), route(busy, () => { throw new NotNow('256 questions wait'); })];

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const ROOM = { perSecond: 0.1, burst: 1_000 };
function server(limits: Partial<Limits>) {
  const made = Fastify();
  made.decorateRequest('principal');
  made.setErrorHandler((error: Error, _request, reply) => {
    const problem = asProblem(error);
    return reply.code(problem.status).headers(problem.headers).type(PROBLEM_MEDIA).send(problem.body);
  });
  limit(made, { address: ROOM, principal: ROOM, writes: ROOM, unknown: ROOM, ...limits });
  for (const one of routes) serve(made, one, ({ headers }) => (headers['x-user'] === undefined ? ANYONE : { kind: 'user', name: String(headers['x-user']), roles: ['admin'], permissions: permissionsOf(['admin']) }), deskOf());
  return async (method: 'GET' | 'POST', { user, from = '10.0.0.1', path = '/things' }: { user?: string; from?: string; path?: string } = {}) => {
    const answer = await made.inject({ method, url: `/api/v1/ops${path}`, remoteAddress: from, headers: user === undefined ? {} : { 'x-user': user } });
    return { status: answer.statusCode, after: answer.headers['retry-after'], media: String(answer.headers['content-type']).split(';')[0] };
  };
}

test('given an address that asks too often, then it is told when to come again, and others are not', async () => {
  const ask = server({ address: { perSecond: 0.5, burst: 2 } });
  expect([await ask('GET'), await ask('GET')]).toMatchObject([{ status: 200 }, { status: 200 }]);
  expect(await ask('GET')).toEqual({ status: 429, after: '2', media: PROBLEM_MEDIA });
  expect(await ask('GET', { from: '10.0.0.2' })).toMatchObject({ status: 200 });
});

test('given a user who asks too often from many addresses, then the user is refused and others are not', async () => {
  const ask = server({ principal: { perSecond: 0.5, burst: 2 } });
  for (const from of ['10.0.0.1', '10.0.0.2']) expect(await ask('GET', { user: 'ann', from })).toMatchObject({ status: 200 });
  expect(await ask('GET', { user: 'ann', from: '10.0.0.3' })).toMatchObject({ status: 429 });
  expect(await ask('GET', { user: 'bob', from: '10.0.0.1' })).toMatchObject({ status: 200 });
});

test('given many writes, then reads go on', async () => {
  const ask = server({ writes: { perSecond: 0.5, burst: 1 }, unknown: { perSecond: 0.1, burst: 1 } });
  for (const who of [{ user: 'ann' }, {}]) {
    expect(await ask('POST', who)).toMatchObject({ status: 200 });
    expect(await ask('POST', who)).toMatchObject({ status: 429 });
    expect(await ask('GET', who)).toMatchObject({ status: 200 });
  }
});

test('given an address that is too long, then it is refused', async () => {
  expect(await server({})('GET', { path: `/things?${'x'.repeat(5_000)}` })).toMatchObject({ status: 414, media: PROBLEM_MEDIA });
});

test('given a store with too many questions, then the caller is told to come later', async () => {
  expect(await server({})('GET', { path: '/busy' })).toMatchObject({ status: 503, after: '5', media: PROBLEM_MEDIA });
});

test('given 3,000 reads within a second from one address, then all are answered', async () => {
  const buckets = new Buckets(LIMITS.address, () => 0);
  expect(Array.from({ length: 3_000 }, () => buckets.take('127.0.0.1')).every((wait) => wait === 0)).toBe(true);
});

test('given a bucket that is empty, when time goes by, then it fills by its rate and no further than it holds', () => {
  let now = 0;
  const buckets = new Buckets({ perSecond: 2, burst: 3 }, () => now);
  const taken = (times: number) => Array.from({ length: times }, () => buckets.take('a')).filter((wait) => wait === 0).length;
  expect(taken(5)).toBe(3);
  now = 1_000;
  expect(taken(5)).toBe(2);
  now = 60_000;
  expect(taken(5)).toBe(3);
});

test('given more addresses than are held, then memory is bounded', () => {
  const buckets = new Buckets({ perSecond: 1, burst: 1 }, () => 0);
  for (let i = 0; i < 20_000; i++) buckets.take(String(i));
  expect(buckets.size).toBe(10_000);
});

test('given an address that is asked for all the while, when others push out the oldest, then it is not forgotten', () => {
  const buckets = new Buckets({ perSecond: 0.001, burst: 1 }, () => 0);
  expect(buckets.take('a')).toBe(0);
  for (let i = 0; i < 20_000; i++) {
    buckets.take(String(i));
    if (i % 1_000 === 0) expect(buckets.take('a'), String(i)).toBeGreaterThan(0);
  }
});

test('given an address that holds on to connections, then no more than its part is taken, until it lets go of one', async () => {
  const listener = createServer();
  limitConnections(listener, 2);
  listener.on('connection', (socket) => socket.destroyed || socket.write('here'));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as { port: number };
  const taken = async () => {
    const socket = connect(port, '127.0.0.1');
    ends.unshift(async () => socket.destroy());
    return { socket, said: await Promise.race([once(socket, 'data').then(String), once(socket, 'close').then(() => 'closed')]) };
  };
  ends.push(async () => listener.close());
  const first = await taken();
  expect([first.said, (await taken()).said, (await taken()).said]).toEqual(['here', 'here', 'closed']);
  first.socket.destroy();
  await once(first.socket, 'close');
  await until('another to be taken', async () => (await taken()).said === 'here');
});

test.each([
  ['10.1.2.3', '10.1.2.3'], ['2001:db8::1', '2001:db8:0:0'], ['2001:db8::2', '2001:db8:0:0'], ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0'], ['2001:0db8:1::', '2001:db8:1:0'], ['::1', '::1'], ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
])('the network of %s is %s', (address, expected) => {
  expect(network(address)).toBe(expected);
});

test.each([
  ['headers that are too large', `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nx: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ['what is no HTTP', 'HELLO\r\n\r\n', 400],
  ['a path that cannot be decoded', 'GET /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 400],
])('given %s, then the answer is a problem', async (_what, bytes, status) => {
  const hub = new Hub(new Map(), () => { throw new Error('no view here'); }, () => 0, () => {});
  const api = await startApi({ listening: listening({ host: '127.0.0.1', port: 0, publicName: [] }), hub, rendererDir: undefined, routes, identify: () => ANYONE, standing: new Standing(async () => undefined), requests: new RequestCounts(), files: new WaitingFiles(), audit: deskOf(), log: () => {} });
  ends.push(api.close);
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write(bytes);
  const heard: Buffer[] = [];
  socket.on('data', (data: Buffer) => heard.push(data));
  await once(socket, 'close');
  const told = Buffer.concat(heard).toString();
  expect(told.split('\r\n')[0]).toContain(String(status));
  expect(told.toLowerCase()).toContain(`content-type: ${PROBLEM_MEDIA}`);
});
