import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { API_BASE } from '#shared/api/operation.ts';
import { openOptions } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { Station, WHATEVER } from '../rig/station.ts';
import { until } from '../rig/until.ts';
import { answer, vigil } from '../rig/vigil-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const data = join(dir, 'data');
let here: Station;
let password: string;
beforeAll(async () => {
  // The first administrator is made before any core has run.
  ({ made: { password } } = await answer<{ made: { password: string } }>(['user', 'add', 'root', '--role', 'admin', '--data', data]));
  here = await Station.start('embedded', dir);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

interface Who {
  readonly secret: string;
  readonly name: string;
  readonly permissions: string[];
}
const told = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const signIn = (by: Record<string, string>, bearer = true) => here.ask('POST', '/session', { token: null, body: { by, bearer } });
const bearer = async (by: Record<string, string>): Promise<string> => (await told<Who>(await signIn(by))).secret;
const entries = async (query = '') => (await told<{ items: { action: string; outcome: string; actor: { kind: string; name: string }; subject: Record<string, unknown> }[] }>(await here.ask('GET', `/audit?${query}`))).items;

test('given the first administrator, when they sign in by cookie, then a browser goes on as them until they sign out', async () => {
  const response = await signIn({ name: 'root', password }, false);
  expect(response.status).toBe(201);
  const cookie = response.headers.get('set-cookie')!;
  expect(cookie).toMatch(/^vigil_session=vigil_session_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  expect(await told<Who>(response)).not.toHaveProperty('secret');
  const headers = { cookie: cookie.split(';')[0]! };
  const who = await told<Who>(await here.ask('GET', '/session', { token: null, headers }));
  expect(who).toMatchObject({ kind: 'user', name: 'root', roles: ['admin'], session: { method: 'password' } });
  expect((await here.ask('GET', '/users', { token: null, headers })).status).toBe(200);
  const out = await here.ask('DELETE', '/session', { token: null, headers });
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, 'vigil_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0']);
  // As anyone again, not shut out.
  expect(await told<Who>(await here.ask('GET', '/session', { token: null, headers }))).toMatchObject({ kind: 'anyone', permissions: ['views.read'] });
  expect((await here.ask('GET', '/users', { token: null, headers })).status).toBe(401);
});

test('given accounts, tokens and sources, when their lists are taken one at a time, then each is in it once, and a cursor of another list is refused', async () => {
  for (const name of ['pia', 'paul']) expect((await here.ask('POST', '/tokens', { body: { name, scopes: ['views.read'] } })).status).toBe(201);
  for (const instance of ['b', 'a']) expect((await here.ask('POST', '/event-sources', { body: { kind: 'ehr', instance } })).status).toBe(201);
  type Listed = { items: { name?: string; uri?: string }[]; next?: string };
  const page = async (path: string, query: string) => told<Listed>(await here.ask('GET', `${path}?${query}`));
  const names = ({ items }: Listed) => items.map(({ name, uri }) => name ?? uri!);
  for (const path of ['/users', '/tokens', '/event-sources']) {
    const found: string[] = [];
    let one = await page(path, 'limit=1');
    for (; one.next !== undefined; one = await page(path, `limit=1&cursor=${one.next}`)) found.push(...names(one));
    found.push(...names(one));
    expect(found, path).toEqual(names(await page(path, 'limit=1000')));
    expect(found, path).toEqual([...new Set(found)].sort());
    expect(found.length, path).toBeGreaterThan(path === '/users' ? 0 : 1);
    expect((await here.ask('GET', `${path}?cursor=WzEsMl0`)).status, path).toBe(400);
  }
});

test('given accounts and tokens, when they are made, changed and ended through the API, then rights follow, and the trail tells who did it without any secret', async () => {
  const root = await bearer({ name: 'root', password });
  const make = (body: object) => here.ask('POST', '/users', { token: root, body });
  expect((await make({ name: 'mona', roles: ['operator'], password: 'short' })).status).toBe(400);
  const weak = await make({ name: 'mona', roles: ['operator'], password: 'a very long password', pin: '123321' });
  expect([weak.status, await weak.text()]).toEqual([400, expect.stringContaining('too easy to guess, for it reads the same from both ends')]);
  expect((await make({ name: 'mona', roles: ['operator'], password: 'a very long password', pin: '314159' })).status).toBe(201);
  const mona = await bearer({ name: 'mona', password: 'a very long password' });
  expect((await here.ask('POST', '/tokens', { token: mona, body: { name: 'x', scopes: ['views.read'] } })).status).toBe(403);
  const token = await told<{ secret: string }>(await here.ask('POST', '/tokens', { token: root, body: { name: 'hl7', scopes: ['sources.read', 'sources.write'] } }));
  expect((await here.ask('POST', '/event-sources', { token: token.secret, body: { kind: 'lis', instance: 'one' } })).status).toBe(201);
  expect((await here.ask('GET', '/users', { token: token.secret })).status).toBe(403);
  expect((await here.ask('DELETE', '/tokens/hl7', { token: root })).status).toBe(204);
  expect((await here.ask('GET', '/event-sources', { token: token.secret })).status).toBe(401);
  expect((await here.ask('PUT', '/users/mona', { headers: WHATEVER, token: root, body: { disabled: true } })).status).toBe(200);
  expect((await here.ask('GET', '/session', { token: mona })).status).toBe(401);
  const trail = (await entries('limit=100')).toReversed().map(({ actor, action, outcome, subject }) => [actor.name, action, outcome, subject]);
  expect(trail).toEqual(expect.arrayContaining([
    ['root', 'createUser', 'done', { user: 'mona', roles: 'operator', password: 'set', pin: 'set' }],
    ['anyone', 'createSession', 'done', { method: 'password', user: 'mona' }],
    ['mona', 'createToken', 'refused', {}],
    ['root', 'createToken', 'done', { token: 'hl7', scopes: 'sources.read sources.write', days: 365 }],
    ['hl7', 'registerSource', 'done', { kind: 'lis', instance: 'one' }],
    ['root', 'revokeToken', 'done', { name: 'hl7' }],
    ['root', 'updateUser', 'done', { name: 'mona', disabled: true }],
  ]));
  expect(JSON.stringify(trail)).not.toMatch(/very long|314159|vigil_token|vigil_session/);
});

test('given an operator, when they break the glass with a reason, then they see patients for a while, and the reason stands in the trail', async () => {
  await here.ask('POST', '/users', { body: { name: 'olga', roles: ['operator'], password: 'a very long password' } });
  const token = await bearer({ name: 'olga', password: 'a very long password' });
  expect((await here.ask('POST', '/session/break-glass', { token, body: { reason: 'because' } })).status).toBe(400);
  expect((await here.ask('POST', '/session/break-glass', { body: { reason: 'from the command line' } })).status).toBe(409);
  const { until } = await told<{ until: number }>(await here.ask('POST', '/session/break-glass', { token, body: { reason: 'unidentified patient in the ED' } }));
  const who = await told<Who & { session: { glassUntil: number } }>(await here.ask('GET', '/session', { token }));
  expect(who.permissions).toContain('patients.read');
  expect(who.session.glassUntil).toBe(until);
  expect(await entries('action=breakGlass')).toMatchObject([{ outcome: 'done', actor: { kind: 'user', name: 'olga' }, subject: { reason: 'unidentified patient in the ED' } }, { outcome: 'failed', actor: { kind: 'local' } }]);
});

test('given wrong passwords, when they go on, then signing in must wait and says how long; the trail has each', async () => {
  for (let n = 0; n < 3; n++) expect((await signIn({ name: 'olga', password: 'wrong' })).status).toBe(401);
  // A slow machine hashes for longer than the first wait.
  let refused = await signIn({ name: 'olga', password: 'wrong' });
  for (let n = 0; n < 4 && refused.status === 401; n++) refused = await signIn({ name: 'olga', password: 'wrong' });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await entries('action=createSession&outcome=refused')).slice(0, 3)).toMatchObject([{ subject: { method: 'password', status: 401, user: 'olga' } }, {}, {}]);
  // What is no account may be a password, typed into the wrong field.
  expect((await signIn({ name: 'my secret password', password: 'olga' })).status).toBe(401);
  expect((await entries('action=createSession&outcome=refused&limit=1'))[0]!.subject).toEqual({ method: 'password', status: 401 });
});

test('given a password of their own, when somebody changes it over HTTP, then the old one is asked for, and the trail tells that they did and not what', async () => {
  await here.ask('POST', '/users', { body: { name: 'nora', roles: ['operator'], password: 'a very long password' } });
  const token = await bearer({ name: 'nora', password: 'a very long password' });
  const other = await bearer({ name: 'nora', password: 'a very long password' });
  const change = (old: string, password: string, by: string | null = token) => here.ask('PUT', '/session/password', { token: by, body: { old, password } });
  expect((await change('a very long password', 'short')).status).toBe(400);
  expect((await change('wrong', 'another long password')).status).toBe(403);
  expect((await change('a very long password', 'another long password', null)).status).toBe(401);
  expect((await change('a very long password', 'another long password')).status).toBe(204);
  expect((await here.ask('GET', '/session', { token })).status).toBe(200);
  expect((await here.ask('GET', '/session', { token: other })).status).toBe(401);
  expect((await signIn({ name: 'nora', password: 'another long password' })).status).toBe(201);
  expect((await entries('action=changePassword')).map(({ actor, outcome, subject }) => [actor.name, outcome, subject])).toEqual([['nora', 'done', {}], ['anyone', 'refused', { status: 401 }], ['nora', 'refused', { status: 403 }]]);
});

test('given a running core, when a command changes its accounts, then it holds within a moment, through the core or past it', async () => {
  const made = await answer<{ secret: string }>(['token', 'add', 'bi', '--scope', 'audit.read', '--data', data]);
  const page = await told<{ items: { seq: number }[]; next: string }>(await here.ask('GET', '/audit?limit=2', { token: made.secret }));
  const next = await told<{ items: { seq: number }[] }>(await here.ask('GET', `/audit?limit=2&cursor=${page.next}`, { token: made.secret }));
  expect(next.items[0]!.seq).toBe(page.items[1]!.seq - 1);
  expect((await here.ask('GET', '/audit?cursor=x', { token: made.secret })).status).toBe(400);
  expect((await vigil(['token', 'revoke', 'bi', '--data', data, '--core', here.wall])).code).toBe(0);
  expect((await here.ask('GET', '/audit', { token: made.secret })).status).toBe(401);
  expect((await vigil(['user', 'set', 'root', '--disable', '--data', data, '--core', here.wall])).err).toContain('last administrator');
  expect(await answer(['user', 'set', 'olga', '--pin', '--data', data, '--core', here.wall])).toMatchObject({ pin: true, made: { pin: expect.stringMatching(/^\d{6}$/) as string } });
});

test('given a patient, when somebody who may looks who it is or has them forgotten, then the trail names the pseudonym and never the person', async () => {
  await here.ask('POST', '/users', { body: { name: 'lea', roles: ['shift-lead'], password: 'a very long password' } });
  const token = await bearer({ name: 'lea', password: 'a very long password' });
  const event = envelope('adt.admitted', Date.now(), { encounter: 'E-4711', patient: { id: 'MRN-4711', name: 'Quillfeather' }, location: { unit: 'A' } }, { id: 'adm-1' });
  await (await here.client()).publishAsync(`vigil/v1/local/main/events/ehr/${event.type}`, JSON.stringify(event), { qos: 1 });
  const find = (by: string) => here.ask('POST', '/patients/find', { token: by, body: { identifier: 'MRN-4711' } });
  const found = await told<{ pseudonym: string; facts: Record<string, string> }>(await find(token));
  expect(found.facts).toMatchObject({ 'patient.name': 'Quillfeather' });
  expect((await here.ask('GET', `/patients/${found.pseudonym}`, { token })).status).toBe(200);
  expect((await here.ask('POST', '/patients/erase', { body: { identifier: 'MRN-4711' } })).status).toBe(200);
  expect((await find(token)).status).toBe(404);
  const trail = (await entries('limit=4')).toReversed();
  expect(trail.map(({ action, outcome, subject }) => [action, outcome, subject])).toEqual([
    ['findPatient', 'done', { pseudonym: found.pseudonym }],
    ['getPatient', 'done', { pseudonym: found.pseudonym }],
    ['erasePatient', 'done', { pseudonym: found.pseudonym, records: found.pseudonym, letters: 0, waiting: 0 }],
    ['findPatient', 'failed', { status: 404 }],
  ]);
  expect(JSON.stringify(await entries('limit=1000'))).not.toMatch(/MRN-4711|Quillfeather/);
});

test('given the trail of a core, when a row is edited in the file, then API, command and the next start name it; noted heads tell what was so before', async () => {
  const whole = await told<{ ok: boolean; rows: number; head: string }>(await here.ask('GET', '/audit/verification'));
  expect(whole).toMatchObject({ ok: true });
  expect((await here.health())['audit']).toMatchObject({ state: 'ok', head: expect.stringMatching(/^\d+:[0-9a-f]{32}$/) as string });
  expect(await answer(['audit', 'verify', '--head', whole.head, '--data', data])).toMatchObject({ ok: true });
  await here.stopCore();
  const db = new Database(storeFiles(data, DEFAULT_SITE).access, openOptions());
  db.exec("DROP TRIGGER audit_log_stays; UPDATE audit_log SET actor_name = 'someone' WHERE seq = 3");
  db.close();
  const { code, out } = await vigil(['audit', 'verify', '--data', data]);
  expect([code, out]).toEqual([1, expect.stringContaining('row 3')]);
  await here.startCore();
  expect(await told(await here.ask('GET', '/audit/verification'))).toMatchObject({ ok: false, rows: 2, fault: { kind: 'changed', row: 3 } });
  expect((await here.health())['audit']).toMatchObject({ state: 'broken', problem: expect.stringContaining('row 3') as string });
});

/** A WebSocket and a stream of events that are open; `closed` tells which are no more. */
async function listening(headers: Record<string, string>) {
  const closed: string[] = [];
  const socket = new WebSocket(`${here.wall.replace('http', 'ws')}/link`, { headers });
  socket.once('close', (code) => closed.push(`socket ${code}`));
  await once(socket, 'open');
  const stream = await fetch(`${here.wall}${API_BASE}/views/overview/events`, { headers });
  expect(stream.status).toBe(200);
  const end = () => void closed.push('stream');
  void stream.body!.pipeTo(new WritableStream()).then(end, end);
  return { closed, end: () => socket.terminate() };
}

test('given links that somebody holds open, when their session ends, their account is disabled or their token is revoked, then those are closed within a minute and no other', { timeout: 120_000 }, async () => {
  await here.ask('POST', '/users', { body: { name: 'leaves', roles: ['operator'], password: 'a long pass phrase' } });
  const of = async () => `vigil_session=${await bearer({ name: 'leaves', password: 'a long pass phrase' })}`;
  const token = (await told<{ secret: string }>(await here.ask('POST', '/tokens', { body: { name: 'looks', scopes: ['views.read'], days: 1 } }))).secret;
  const leaving = await of();
  const open = { signedOut: await listening({ cookie: leaving }), byToken: await listening({ authorization: `Bearer ${token}` }), stays: await listening({ cookie: await of() }), anyone: await listening({}) };
  expect((await here.ask('DELETE', '/session', { token: null, headers: { cookie: leaving } })).status).toBe(204);
  expect((await here.ask('DELETE', '/tokens/looks')).status).toBe(204);
  const both = ['socket 1008', 'stream'];
  await until('those links to be closed', () => [open.signedOut, open.byToken].every(({ closed }) => closed.length === 2), 60_000);
  expect([open.signedOut.closed.toSorted(), open.byToken.closed.toSorted(), open.stays.closed, open.anyone.closed]).toEqual([both, both, [], []]);
  const { status } = await here.ask('PUT', '/users/leaves', { headers: WHATEVER, body: { disabled: true } });
  expect(status).toBeLessThan(300);
  await until('the links of the account to be closed', () => open.stays.closed.length === 2, 60_000);
  expect(open.anyone.closed).toEqual([]);
  for (const { end } of Object.values(open)) end();
});
