import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { API_BASE } from '#shared/api/operation.ts';
import type { FromCore } from '#shared/link/messages.ts';
import { LinkSocket } from '../rig/link-socket.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const PASSWORD = 'a password of no worth';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
beforeAll(async () => {
  here = await Station.start('embedded', dir);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A page that nobody signed in at, and what it was told. */
async function page() {
  const socket = await LinkSocket.open(here.wall);
  onTestFinished(() => socket.close());
  const told: FromCore[] = [];
  socket.listen((message) => told.push(message));
  socket.greet();
  return { socket, told };
}

/** Status of a request with headers that fetch would not send. */
const status = (path: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    request(`${here.wall}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject).end();
  });

test('given commands that no address can be made of, when a page gives them, then each is refused and the core goes on', async () => {
  const { socket, told } = await page();
  const ids = ['"\\ud800"', '".."', '"."'];
  ids.forEach((id, n) => socket.sendRaw(`{"t":"command","id":${n},"name":"getMetric","args":{"params":{"id":${id}}}}`));
  await until('every answer', () => told.filter(({ t }) => t === 'result').length === ids.length);
  for (const message of told.filter(({ t }) => t === 'result')) expect(message).toMatchObject({ ok: false, error: { code: '400', message: expect.stringContaining('id') as string } });
  expect((await here.health())['store']).toBe('ok');
});

test('given a stream, when only its headers are asked for, then none is left open', async () => {
  for (let n = 0; n < 5; n++) expect((await fetch(`${here.wall}${API_BASE}/views/overview/events`, { method: 'HEAD' })).status).toBe(404);
  expect((await here.health())['pages']).toBe(0);
  expect((await fetch(`${here.wall}${API_BASE}/overview`, { method: 'HEAD' })).status).toBe(200);
});

test('given a page that asks for views in a loop and under made-up names, when others ask, then they are answered, and what differs in nothing is computed once', async () => {
  const { socket, told } = await page();
  for (let n = 0; n < 20_000; n++) socket.send({ t: 'subscribe', sub: 1, view: 'overview', params: { made: `${n}` } });
  await until('a refusal', () => told.some((message) => message.t === 'refused' && message.code === 'too-many'));
  expect(told.filter(({ t }) => t === 'snapshot').length).toBeLessThan(200);
});

test('given a page of another origin, when its images and scripts point here, then nothing is answered to them; a link that somebody follows is', async () => {
  for (const site of ['cross-site', 'same-site']) {
    expect(await status(`${API_BASE}/overview`, { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toBe(403);
    expect(await status('/', { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' })).not.toBe(403);
    // In a frame nobody follows anything.
    expect(await status('/', { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })).toBe(403);
  }
  expect(await status(`${API_BASE}/overview`, { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' })).toBe(200);
});

test('given answers that belong to who asked, when they go out, then no browser or proxy keeps them; a tagged one is asked for again', async () => {
  expect((await here.ask('POST', '/users', { body: { name: 'ada', roles: ['admin'], password: PASSWORD } })).headers.get('cache-control')).toBe('no-store');
  for (const path of ['/users', '/session', '/audit', '/patients/aaaaaaaaaaaaaaaa', '/nowhere']) expect([path, (await here.ask('GET', path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  expect((await here.ask('GET', '/overview')).headers.get('cache-control')).toBe('private, no-cache');
});
