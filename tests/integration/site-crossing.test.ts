import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { operationsOf, type DescribedOperation, type Document } from '../rig/api-document.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { filesBelow } from '../rig/files-below.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

/** Stands in all that other sites say, and in nothing else. */
const MARK = 'ELSEWHERE';
const OTHER = { tenant: 'local', site: 'other' };
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const otherData = join(dir, 'other');
let here: Station;
let other: CoreProcess;
let otherWall: string;
let otherSecret: string;

const staffing = (tenant: string, site: string, unit: string, id: string) => envelope('unit.staffing-reported', Date.now() - 60_000, { unit, staffedBeds: 20 }, { id, source: `//${tenant}/${site}/staff/test` });
const elsewhere = async (path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}) =>
  fetch(`${otherWall}${API_BASE}${path}`, { method, headers: { authorization: `Bearer ${otherSecret}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
interface Listed {
  items: { id: string; position: number }[];
  next?: string;
}
const listed = async (response: Promise<Response>): Promise<Listed> => (await (await response).json()) as Listed;

beforeAll(async () => {
  here = await Station.start('mosquitto', dir);
  const key = join(dir, 'other.key');
  writeFileSync(key, randomBytes(32));
  other = new CoreProcess(['--data', otherData, '--port', '0', '--broker', here.broker, '--tenant', OTHER.tenant, '--site', OTHER.site, '--key-file', key]);
  otherWall = (await other.start()).wall;
  otherSecret = readLocalToken(storeFiles(otherData, OTHER).token)!;
  await until('the other core to be on the broker', async () => ((await (await elsewhere('/health')).json()) as { broker: string }).broker === 'connected');
  const client = await here.client();
  const publish = (tenant: string, site: string, event: object) => client.publishAsync(`vigil/v1/${tenant}/${site}/events/staff/unit.staffing-reported`, JSON.stringify(event), { qos: 1 });
  for (let n = 0; n < 5; n++) {
    await publish('local', 'other', staffing('local', 'other', `${MARK}-${n}`, `${MARK}-event-${n}`));
    await publish('acme', 'main', staffing('acme', 'main', `${MARK}-${n}`, `${MARK}-event-${n}`));
    // On this site's own topic, by a source of another.
    await publish('local', 'main', staffing('local', 'other', `${MARK}-${n}`, `${MARK}-stray-${n}`));
    await publish('local', 'main', staffing('acme', 'main', `${MARK}-${n}`, `${MARK}-stray-${n}`));
  }
  for (let n = 0; n < 5; n++) await publish('local', 'main', staffing('local', 'main', 'HOME', `home-${n}`));
  await until('both cores to have theirs', async () => (await listed(here.ask('GET', '/events'))).items.length >= 5 && (await listed(elsewhere('/events'))).items.length >= 5);
  await until('the strays to be refused', async () => (await here.health())['deadLetters'] === 10);
});
afterAll(async () => {
  await other?.stop();
  await here?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Values that every operation can be asked with. */
const ASKED: Readonly<Record<string, string>> = { id: 'beds.occupied', metric: 'beds.occupied', period: 'day', family: 'unit', view: 'floorplan', version: '0', unit: 'HOME', bed: '1', pseudonym: 'a'.repeat(16), position: '1', from: '2026-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };

function addressOf({ path, parameters }: DescribedOperation): string {
  const query = new URLSearchParams(parameters.filter((parameter) => parameter.in === 'query' && parameter.required && parameter.name in ASKED).map(({ name }) => [name, ASKED[name]!]));
  return path.replace(API_BASE, '').replaceAll(/\{(\w+)\}/g, (_, name: string) => ASKED[name] ?? 'x') + (query.size > 0 ? `?${query}` : '');
}

test('given other sites on the same broker, when every operation that reads is asked, then nothing of them is in any answer, file or stream', async () => {
  const reads = operationsOf((await (await here.ask('GET', '/openapi.json')).json()) as Document).filter(({ method, id }) => method === 'GET' && !id.startsWith('follow') && !id.startsWith('oidc'));
  expect(reads.length).toBeGreaterThan(40);
  const answered: string[] = [];
  for (const operation of reads) {
    const response = await here.ask('GET', addressOf(operation));
    if (response.ok) answered.push(operation.id);
    expect(await response.text(), operation.id).not.toContain(MARK);
  }
  expect(answered).toEqual(expect.arrayContaining(['listEvents', 'readLog', 'listLetters', 'listSources', 'exportEvents', 'exportSources', 'exportSnapshots', 'listUnits', 'getOverview', 'listAudit', 'getPrometheus']));
  for (const view of ['overview', 'frame', 'floorplan', 'or']) {
    const stream = await fetch(`${here.wall}${API_BASE}/views/${view}/events`);
    const { value } = await stream.body!.getReader().read();
    expect(Buffer.from(value!).toString('utf8'), view).toContain('snapshot');
    expect(Buffer.from(value!).toString('utf8'), view).not.toContain(MARK);
    await stream.body?.cancel().catch(() => undefined);
  }
  // The other core has it all: there is something to be kept apart.
  expect(JSON.stringify(await listed(elsewhere('/events')))).toContain(MARK);
});

test('given what is known of another site, when it is asked for by name, place or cursor, then there is no such thing here', async () => {
  const theirs = await listed(elsewhere('/events?limit=2'));
  for (const question of [`entityKind=unit&entity=${MARK}-1`, `source=${encodeURIComponent('//local/other/staff/test')}`, `source=${encodeURIComponent('//acme/main/staff/test')}`]) expect(await listed(here.ask('GET', `/events?${question}`)), question).toEqual({ items: [] });
  const ours = new Set((await listed(here.ask('GET', '/events'))).items.map(({ id }) => id));
  for (const { id } of (await listed(here.ask('GET', `/events?cursor=${theirs.next}`))).items) expect(ours).toContain(id);
  for (const { position } of theirs.items) expect(await (await here.ask('GET', `/events/${position}`)).text()).not.toContain(MARK);
  const { secret: token } = (await (await here.ask('POST', '/tokens', { body: { name: 'looks', scopes: ['views.read', 'patients.read'] } })).json()) as { secret: string };
  for (const path of [`/bed-management?unit=${MARK}-1`, `/bed-management/${MARK}-1/1/patient`, `/analytics/occupancy?unit=${MARK}-1&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z`]) expect((await here.ask('GET', path, { token })).status, path).toBe(404);
  expect((await here.ask('POST', '/event-sources/staff/other/accept')).status).toBe(404);
});

test('given credentials of another site, when they are shown here, then they are nobody\'s', async () => {
  const made = (await (await elsewhere('/tokens', { method: 'POST', body: { name: 'everything', scopes: ['views.read', 'sources.read', 'log.read', 'users.write'] } })).json()) as { secret: string };
  expect((await elsewhere('/users', { method: 'POST', body: { name: 'ada', roles: ['admin'], password: 'a password of no worth' } })).status).toBe(201);
  const session = (await (await elsewhere('/session', { method: 'POST', body: { by: { name: 'ada', password: 'a password of no worth' }, bearer: true } })).json()) as { secret: string };
  for (const token of [made.secret, session.secret, otherSecret]) for (const path of ['/overview', '/events', '/log', '/users']) expect((await here.ask('GET', path, { token })).status).toBe(401);
  expect((await here.ask('GET', '/users', { token: null, headers: { cookie: `vigil_session=${session.secret}` } })).status).toBe(401);
  expect((await here.ask('POST', '/session', { token: null, body: { by: { name: 'ada', password: 'a password of no worth' } } })).status).toBe(401);
});

test('given the files of a site, when anyone reads them, by views for BI or byte by byte, then nothing of another site is in them', async () => {
  const views = here.read<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'view' AND name LIKE 'bi_%'");
  expect(views.length).toBeGreaterThan(5);
  for (const { name } of views) expect(JSON.stringify(here.read(`SELECT * FROM ${name}`)), name).not.toContain(MARK);
  await here.stopCore();
  // The audit trail holds what was asked for above.
  for (const file of filesBelow(here.data).filter((one) => !one.includes('.access.db'))) expect(readFileSync(file).includes(MARK), file).toBe(false);
});
