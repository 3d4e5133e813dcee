import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { filesBelow } from '../rig/files-below.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
import { until } from '../rig/until.ts';

/** Stands in every secret that somebody types. */
const CANARY = 'canary-of-a-secret';
const PIN = '80417263';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const data = join(dir, 'data');
const lines: string[] = [];
let broker: Mosquitto;
let core: CoreProcess;
let told: { wall: string; mqtt: string };
let local: string;
beforeAll(async () => {
  const port = await freePort();
  broker = new Mosquitto(dir, port);
  await broker.start();
  core = new CoreProcess(['--broker', `mqtt://vigil:${CANARY}@127.0.0.1:${port}`, '--data', data, '--port', '0'], (line) => lines.push(line));
  told = await core.start();
  local = readLocalToken(storeFiles(data, DEFAULT_SITE).token)!;
  await until('the broker', async () => ((await (await ask('GET', '/health')).json()) as { broker: string }).broker === 'connected');
});
afterAll(async () => {
  await core?.stop();
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = { authorization: `Bearer ${local}` }) =>
  fetch(`${told.wall}${API_BASE}${path}`, { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });

test('given secrets of every kind, right, wrong and where none belongs, when all was asked and the broker has gone and come, then no log, file or answer holds one', async () => {
  const given: string[] = [];
  const answers: string[] = [];
  const read = async (response: Response) => answers.push(await response.text());
  expect((await ask('POST', '/users', { name: 'ada', roles: ['admin'], password: `${CANARY}-password`, pin: PIN, badge: `${CANARY}-badge` }, { authorization: `Bearer ${local}`, 'idempotency-key': 'a' })).status).toBe(201);
  for (const by of [{ name: 'ada', password: `${CANARY}-password` }, { name: 'ada', pin: PIN }, { badge: `${CANARY}-badge` }]) {
    const { secret } = (await (await ask('POST', '/session', { by, bearer: true }, {})).json()) as { secret: string };
    given.push(secret);
    await read(await ask('GET', '/session', undefined, { authorization: `Bearer ${secret}` }));
  }
  const cookie = (await ask('POST', '/session', { by: { name: 'ada', password: `${CANARY}-password` } }, {})).headers.get('set-cookie')!.split(';')[0]!;
  given.push(cookie.split('=')[1]!);
  await read(await ask('PUT', '/session/password', { old: `${CANARY}-password`, password: `${CANARY}-password-two` }, { cookie }));
  given.push(((await (await ask('POST', '/tokens', { name: 'reads', scopes: ['views.read'] })).json()) as { secret: string }).secret);
  // Wrong, in the wrong field, in what is no JSON, as a name, in an address.
  for (const body of [{ by: { name: 'ada', password: `${CANARY}-wrong` } }, { by: { name: `${CANARY}-wrong`, password: 'x' } }, { by: { badge: `${CANARY}-wrong` } }, { pass: `${CANARY}-wrong` }, `{"password":"${CANARY}-wrong"`]) await ask('POST', '/session', body, {});
  for (const path of ['/users', `/users?password=${CANARY}`, `/${CANARY}`]) await ask('GET', path, undefined, { authorization: `Bearer vigil_token_${CANARY}` });
  for (const path of ['/users', '/tokens', '/audit?limit=500', '/health', '/station', '/openapi.json', '/prometheus', '/config']) await read(await ask('GET', path));
  await broker.stop();
  await until('the loss', async () => ((await (await ask('GET', '/health')).json()) as { broker: string }).broker !== 'connected');
  await broker.start();
  await until('the broker', async () => ((await (await ask('GET', '/health')).json()) as { broker: string }).broker === 'connected');
  await core.stop();
  expect(lines.join('')).toContain('broker lost');
  const secrets = [CANARY, PIN, ...given];
  expect(given.every((secret) => secret.startsWith('vigil_'))).toBe(true);
  const holding = (text: { includes(part: string): boolean }) => secrets.filter((secret) => text.includes(secret));
  expect([holding(lines.join('')), holding(told.mqtt), holding(answers.join(''))]).toEqual([[], [], []]);
  for (const file of filesBelow(data)) expect(holding(readFileSync(file)), file).toEqual([]);
});
