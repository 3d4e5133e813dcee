import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { API_BASE } from '#shared/api/operation.ts';
import type { Json } from '#shared/json.ts';
import type { FromCore } from '#shared/link/messages.ts';
import { LinkSocket } from '../rig/link-socket.ts';
import { Station, WHATEVER } from '../rig/station.ts';
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
async function page(cookie?: string) {
  const socket = await LinkSocket.open(here.wall, cookie);
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

test('given a page that gives commands in a loop, when it goes too fast, then it is told so, and others are answered', async () => {
  const { socket, told } = await page();
  for (let n = 0; n < 400; n++) {
    socket.send({ t: 'command', id: n, name: 'getSession', args: {} });
    await until('the answer', () => told.some((message) => message.t === 'result' && message.id === n));
    if (told.some((message) => message.t === 'result' && !message.ok)) break;
  }
  expect(told.at(-1)).toMatchObject({ t: 'result', ok: false, error: { code: 'too-many' } });
  expect((await here.health())['store']).toBe('ok');
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

test('given a token that may make users and tokens, when it reaches for more than it has, then it is refused, and the trail tells', async () => {
  await here.ask('POST', '/users', { body: { name: 'root', roles: ['admin'], password: PASSWORD } });
  const { secret } = (await (await here.ask('POST', '/tokens', { body: { name: 'hr', scopes: ['users.write', 'views.read'] } })).json()) as { secret: string };
  const asked = async (method: string, path: string, body: object) => (await here.ask(method, path, { token: secret, headers: WHATEVER, body })).status;
  expect(await asked('POST', '/users', { name: 'eve', roles: ['admin'], password: PASSWORD })).toBe(403);
  expect(await asked('PUT', '/users/root', { password: 'taken over by a token' })).toBe(403);
  expect(await asked('POST', '/tokens', { name: 'wide', scopes: ['views.read', 'patients.read'] })).toBe(403);
  expect(await asked('POST', '/tokens', { name: 'narrow', scopes: ['views.read'] })).toBe(201);
  expect(await asked('POST', '/users', { name: 'wally', roles: ['wall'], password: PASSWORD })).toBe(201);
  expect(await asked('PUT', '/users/wally', { roles: ['shift-lead'] })).toBe(403);
  expect(await asked('PUT', '/users/wally', { disabled: true })).toBe(200);
  const { items } = (await (await here.ask('GET', '/audit?outcome=refused&actor=hr')).json()) as { items: unknown[] };
  expect(items).toMatchObject([{ action: 'updateUser' }, { action: 'createToken', subject: { token: 'wide' } }, { action: 'updateUser', subject: { name: 'root' } }, { action: 'createUser' }]);
});

test('given a page where somebody has signed in, when another signs in or types a wrong password there, then sessions are ended or kept as one would think', async () => {
  await here.ask('POST', '/users', { body: { name: 'bea', roles: ['operator'], password: PASSWORD } });
  await here.ask('POST', '/users', { body: { name: 'cem', roles: ['manager'], password: PASSWORD } });
  const { secret } = (await (await here.ask('POST', '/session', { token: null, body: { by: { name: 'bea', password: PASSWORD }, bearer: true } })).json()) as { secret: string };
  const { socket, told } = await page(`vigil_session=${secret}`);
  let id = 0;
  const command = async (name: string, args: Record<string, Json> = {}) => {
    socket.send({ t: 'command', id: ++id, name, args });
    const mine = id;
    await until(`an answer to ${name}`, () => told.some((message) => message.t === 'result' && message.id === mine));
    return told.find((message) => message.t === 'result' && message.id === mine);
  };
  expect(await command('getSession')).toMatchObject({ value: { name: 'bea' } });
  expect(await command('createSession', { body: { by: { name: 'cem', password: 'wrong' } } })).toMatchObject({ ok: false, error: { code: '401' } });
  expect(await command('getSession')).toMatchObject({ value: { name: 'bea' } });
  expect(await command('createSession', { body: { by: { name: 'cem', password: PASSWORD } } })).toMatchObject({ ok: true });
  expect((await here.ask('GET', '/session', { token: secret })).status).toBe(401);
  await here.ask('PUT', '/users/cem', { headers: WHATEVER, body: { disabled: true } });
  expect(await command('listSources')).toMatchObject({ ok: false, error: { code: '401' } });
  expect(await command('getSession')).toMatchObject({ value: { kind: 'anyone' } });
});

test('given answers that belong to who asked, when they go out, then no browser or proxy keeps them; a tagged one is asked for again', async () => {
  expect((await here.ask('POST', '/users', { body: { name: 'ada', roles: ['admin'], password: PASSWORD } })).headers.get('cache-control')).toBe('no-store');
  for (const path of ['/users', '/session', '/audit', '/patients/aaaaaaaaaaaaaaaa', '/nowhere']) expect([path, (await here.ask('GET', path)).headers.get('cache-control')]).toEqual([path, 'no-store']);
  expect((await here.ask('GET', '/overview')).headers.get('cache-control')).toBe('private, no-cache');
});
