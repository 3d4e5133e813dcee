import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { envelope } from '../fixtures/envelopes.ts';
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

interface Told {
  readonly status: number;
  readonly tag: string | null;
  readonly body: Record<string, unknown>;
}
async function told(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Told> {
  const response = await here.ask(method, path, { body, headers });
  const text = await response.text();
  return { status: response.status, tag: response.headers.get('etag'), body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
}
const read = (path: string) => told('GET', path);
const put = (path: string, body: object, tag?: string | null) => told('PUT', path, body, tag ? { 'if-match': tag } : {});
const made = async (path: string, body: object) => expect((await told('POST', path, body)).status, path).toBe(201);
const account = (name: string) => made('/users', { name, roles: ['operator'], password: PASSWORD });

/** What each of many writes at once came to, by status. */
async function atOnce(n: number, write: (i: number) => Promise<Told>): Promise<{ won: number; statuses: number[] }> {
  const answers = await Promise.all(Array.from({ length: n }, (_, i) => write(i)));
  const statuses = answers.map(({ status }) => status);
  return { won: statuses.findIndex((status) => status < 300), statuses: statuses.sort() };
}

async function admit(source: string, id: string): Promise<void> {
  const event = envelope('adt.admitted', Date.now(), { encounter: id, patient: { id: `MRN-${id}` }, location: { unit: 'A' } }, { id, source: `//local/main/ehr/${source}` });
  await (await here.client()).publishAsync(`vigil/v1/local/main/events/ehr/${event.type}`, JSON.stringify(event), { qos: 1 });
}

test('given an account, a token, a source and an event, when one is asked for, then it comes with a strong ETag, 304 to whom holds it, and one that is not there is a problem', async () => {
  await account('ida');
  await made('/tokens', { name: 'reads', scopes: ['views.read'] });
  await admit('main', 'e-1');
  const { position } = ((await read('/events')).body as { items: { position: number }[] }).items[0]!;
  const expected: [path: string, body: object][] = [
    ['/users/ida', { name: 'ida', roles: ['operator'], password: true, pin: false, badge: false, disabled: false, version: 1, created: expect.any(Number) as number }],
    ['/tokens/reads', { name: 'reads', scopes: ['views.read'], revoked: null }],
    ['/event-sources/ehr/main', { uri: '//local/main/ehr/main', kind: 'ehr', instance: 'main', state: 'registered', registeredBy: 'contact', title: null, intervalSeconds: null, silenceLimitSeconds: null, expectedPerHour: null }],
    [`/events/${position}`, { position, processed: null }],
  ];
  for (const [path, body] of expected) {
    const first = await read(path);
    expect([path, first.status, first.tag]).toEqual([path, 200, expect.stringMatching(/^"[\w-]+"$/)]);
    expect(first.body, path).toMatchObject(body);
    expect((await told('GET', path, undefined, { 'if-none-match': first.tag! })).status, path).toBe(304);
    expect((await here.ask('GET', path, { token: null })).status, path).toBe(401);
  }
  for (const path of ['/users/nobody', '/tokens/none', '/event-sources/lis/none', '/events/999999']) expect(await read(path), path).toMatchObject({ status: 404, body: { status: 404, title: 'Not found', detail: expect.any(String) as string } });
});

test('given an account that somebody else changed meanwhile, when it is changed as it was read, then it is not, and the answer says what is there now', async () => {
  await account('jo');
  const { tag } = await read('/users/jo');
  expect(await put('/users/jo', { roles: ['manager'] })).toMatchObject({ status: 428 });
  const first = await put('/users/jo', { roles: ['shift-lead'], disabled: true }, tag);
  expect(first).toMatchObject({ status: 200, body: { version: 2, disabled: true } });
  expect(await put('/users/jo', { roles: ['manager'] }, tag)).toMatchObject({ status: 412, body: { title: 'Changed meanwhile', detail: expect.stringMatching(/version 2 now: disabled, shift-lead.*GET \/users\/jo/) as string } });
  expect((await read('/users/jo')).tag).toBe(first.tag);
  expect(await put('/users/jo', { disabled: false }, first.tag)).toMatchObject({ status: 200, body: { roles: ['shift-lead'], disabled: false } });
  expect(await put('/users/nobody', { disabled: true }, first.tag)).toMatchObject({ status: 404 });
  expect((await told('PUT', '/users/jo', { roles: [] }, WHATEVER)).body).toMatchObject({ roles: [], version: 4 });
});

test('given an account, when its password is replaced, then it is another; when its owner signs in, then it is not', async () => {
  await account('kai');
  const { tag } = await read('/users/kai');
  expect((await told('POST', '/session', { by: { name: 'kai', password: PASSWORD }, bearer: true })).status).toBe(201);
  expect((await read('/users/kai')).tag).toBe(tag);
  expect((await put('/users/kai', { password: `${PASSWORD}, another` }, tag)).status).toBe(200);
  expect((await put('/users/kai', { password: `${PASSWORD}, a third` }, tag)).status).toBe(412);
});

test('given many who change one account as all of them read it, when they do so at once, then one does, and it is as that one said', async () => {
  await account('lin');
  const { tag } = await read('/users/lin');
  // Hashing a secret takes longer than reading what is there: all of them have found it as they read it.
  const { won, statuses } = await atOnce(6, (i) => put('/users/lin', { badge: `badge-of-${i}`, password: `${PASSWORD}, by ${i}` }, tag));
  expect(statuses).toEqual([200, 412, 412, 412, 412, 412]);
  expect((await told('POST', '/session', { by: { badge: `badge-of-${won}` }, bearer: true })).status).toBe(201);
  expect((await read('/users/lin')).body).toMatchObject({ version: 2 });
});

test('given a source that is heard, when somebody says what it is held to as they read it, then its messages stand in no way, another\'s word does', async () => {
  await admit('busy', 'b-1');
  const { tag } = await read('/event-sources/ehr/busy');
  await admit('busy', 'b-2');
  await until('the figures to move', async () => ((await read('/event-sources')).body as { items: { instance: string; accepted: number }[] }).items.find(({ instance }) => instance === 'busy')!.accepted === 2);
  expect(await put('/event-sources/ehr/busy', { title: 'Busy' })).toMatchObject({ status: 428, body: { detail: expect.stringContaining('If-None-Match: *') as string } });
  const first = await put('/event-sources/ehr/busy', { title: 'Busy', expectedPerHour: 60 }, tag);
  expect(first).toMatchObject({ status: 200, body: { title: 'Busy', expectedPerHour: 60, registeredBy: 'person' } });
  expect(await put('/event-sources/ehr/busy', { title: 'Mine' }, tag)).toMatchObject({ status: 412, body: { detail: expect.stringMatching(/registered now, said by person, as "Busy".*GET \/event-sources\/ehr\/busy/) as string } });
  expect(await put('/event-sources/ehr/busy', { title: null, intervalSeconds: 30 }, first.tag)).toMatchObject({ status: 200, body: { title: null, intervalSeconds: 30, expectedPerHour: 60 } });
  expect(await told('POST', '/event-sources', { kind: 'ehr', instance: 'busy', title: 'Mine' })).toMatchObject({ status: 409 });
});

test('given a source that is not there, when many make it or change one source at once, then one does', async () => {
  const held = (i: number) => ({ title: `by ${i}` });
  expect(await put('/event-sources/lis/new', held(0), '*')).toMatchObject({ status: 412, body: { detail: expect.stringContaining('If-None-Match: *') as string } });
  const makers = await atOnce(8, (i) => told('PUT', '/event-sources/lis/new', held(i), { 'if-none-match': '*' }));
  expect(makers.statuses).toEqual([201, 412, 412, 412, 412, 412, 412, 412]);
  const { tag, body } = await read('/event-sources/lis/new');
  expect(body).toMatchObject(held(makers.won));
  const changers = await atOnce(8, (i) => put('/event-sources/lis/new', held(i + 100), tag));
  expect(changers.statuses).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
  expect((await read('/event-sources/lis/new')).body).toMatchObject(held(changers.won + 100));
});

test('given a write that made something, when it is sent again with its key, then it is answered alike', async () => {
  const make = () => told('PUT', '/event-sources/lis/again', { title: 'once' }, { 'if-none-match': '*', 'idempotency-key': '"made"' });
  const first = await make();
  expect(first).toMatchObject({ status: 201, tag: expect.any(String) as string });
  expect(await make()).toEqual(first);
  expect((await told('PUT', '/event-sources/lis/again', { title: 'once' }, { 'if-match': first.tag!, 'idempotency-key': '"made"' })).status).toBe(422);
});

test('given a source or an event that somebody has decided about, when another decides as they read it before, then they are told; who names no state is taken at their word', async () => {
  await admit('odd', 'o-1');
  const source = '/event-sources/ehr/odd';
  const { tag } = await read(source);
  expect((await told('POST', `${source}/refuse`, {})).status).toBe(200);
  expect(await told('POST', `${source}/accept`, {}, { 'if-match': tag! })).toMatchObject({ status: 412, body: { detail: expect.stringContaining('refused now, said by person') as string } });
  expect((await told('POST', `${source}/accept`, {}, { 'if-match': (await read(source)).tag! })).status).toBe(200);
  const { position } = ((await read('/events?source=ehr/odd')).body as { items: { position: number }[] }).items[0]!;
  const event = `/events/${position}`;
  const unmarked = (await read(event)).tag!;
  expect((await told('POST', `${event}/processed`, undefined, { 'if-match': unmarked })).status).toBe(204);
  for (const mark of ['processed', 'unprocessed']) expect(await told('POST', `${event}/${mark}`, undefined, { 'if-match': unmarked }), mark).toMatchObject({ status: 412, body: { detail: expect.stringContaining('marked by local now') as string } });
  expect((await told('POST', `${event}/unprocessed`, undefined, { 'if-match': (await read(event)).tag! })).status).toBe(204);
  expect((await told('POST', `${event}/unprocessed`)).status).toBe(204);
});
