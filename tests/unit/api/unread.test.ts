import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { Unread, type UnreadLimits } from '#core/api/unread.ts';
import type { Problem } from '#core/api/problem.ts';
import { until } from '../../rig/until.ts';

const HOUR = 3_600_000;
const MB = 1024 * 1024;
const LIMITS: UnreadLimits = { stalledMs: HOUR, most: HOUR * MB, patienceMs: 0, everyMs: 5 };
/** More than the network takes before anybody reads. */
const LARGE = 24 * MB;

async function server(limits: Partial<UnreadLimits>) {
  const lines: string[] = [];
  const api = Fastify({ forceCloseConnections: true });
  onTestFinished(() => api.close());
  new Unread((line) => lines.push(line), { ...LIMITS, ...limits }).watch(api, false);
  api.setErrorHandler((error: Problem, _, reply) => reply.code(error.status).send());
  api.get('/large', () => Buffer.alloc(LARGE));
  api.get('/later', async () => {
    await sleep(300);
    return 'late';
  });
  api.get('/soon', () => 'soon');
  api.get('/drops', (_, reply) => reply.send(Readable.from((async function* () {
    for (let n = 0; n < 40; n++) {
      yield Buffer.alloc(10);
      await sleep(10);
    }
  })())));
  await api.listen({ port: 0, host: '127.0.0.1' });
  const { port } = api.server.address() as { port: number };
  const ask = (...paths: string[]): { socket: Socket; read(): Promise<string>; ended(): boolean } => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
    for (const [i, path] of paths.entries()) socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n${i === paths.length - 1 ? 'connection: close\r\n' : ''}\r\n`);
    const read = async () => {
      let text = '';
      for await (const block of socket) text += (block as Buffer).toString('latin1');
      return text;
    };
    return { socket, read, ended: () => socket.destroyed };
  };
  const open = () => new Promise<number>((resolve) => api.server.getConnections((_, count) => resolve(count)));
  return { ask, open, lines };
}

test('given an answer that nobody reads, when nothing of it is taken for the limit, then its connection ends and the log says why', async () => {
  const { ask, open, lines } = await server({ stalledMs: 100 });
  ask('/large');
  await until('it to be ended', () => lines.length > 0);
  expect(lines).toEqual([expect.stringContaining('not read')]);
  await until('it to be gone', async () => (await open()) === 0);
});

test('given an answer that takes long to make with another behind it, and one that comes in drops, when they are read, then they come whole', async () => {
  const { ask } = await server({ stalledMs: 100, most: 0, patienceMs: 50 });
  const [late, drops] = await Promise.all([ask('/later', '/soon').read(), ask('/drops').read()]);
  expect(late).toMatch(/^HTTP\/1.1 200 [^]*lateHTTP\/1.1 200 [^]*soon$/);
  expect(drops.split('\0')).toHaveLength(401);
});

test('given several that do not read, when together they hold more than may wait, then those that have not for the longest end, and no more than needed', async () => {
  const { ask, open, lines } = await server({ most: 2.5 * LARGE });
  ask('/large');
  await sleep(50);
  ask('/large');
  await until('two to be there', async () => (await open()) === 2);
  await sleep(50);
  expect(await open()).toBe(2);
  const third = ask('/large');
  await until('one to be ended', () => lines.length > 0);
  expect([lines.length, await open()]).toEqual([1, 2]);
  expect((await third.read()).length).toBeGreaterThan(LARGE);
});

test('given one connection that sends request after request, when answers are still at work, then those beyond a few are refused', async () => {
  const { ask } = await server({});
  const answers = (await ask(...Array.from({ length: 9 }, () => '/later')).read()).match(/HTTP\/1.1 \d+/g)!;
  expect(answers.filter((line) => line.endsWith('200'))).toHaveLength(4);
  expect(answers.filter((line) => line.endsWith('429'))).toHaveLength(5);
});
