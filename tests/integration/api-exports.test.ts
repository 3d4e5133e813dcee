import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { Station } from '../rig/station.ts';
import { unzip } from '../rig/unzip.ts';
import { until } from '../rig/until.ts';
import { vigil } from '../rig/vigil-run.ts';

const EVENTS = 6_000;
const PASSWORD = 'a password of no worth';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
beforeAll(async () => {
  here = await Station.start('embedded', dir);
  const client = await here.client();
  const now = Date.now();
  const events = Array.from({ length: EVENTS }, (_, i) => envelope('unit.staffing-reported', now - i, { unit: '4E', staffedBeds: i % 40 }, { id: `=e${i}` }));
  await Promise.all(events.map((event) => client.publishAsync(topicOf(event)!, JSON.stringify(event), { qos: 1 })));
  await until('the events to be stored', () => here.read<{ n: number }>('SELECT COUNT(*) AS n FROM ops_event')[0]!.n >= EVENTS);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

const table = (text: string) => parse(text, { columns: true, bom: true }) as Record<string, string>[];

test('given a log, when it is exported as CSV and by the command, then both are every event once, in the order of time', async () => {
  const response = await here.ask('GET', '/exports/events?bom=true');
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="vigil-events.csv"');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  const rows = table(bytes.toString('utf8'));
  expect(rows).toHaveLength(EVENTS);
  expect(rows[0]!['id']).toBe(`'=e${EVENTS - 1}`);
  const file = join(dir, 'events.csv');
  const { code, err } = await vigil(['export', 'events', '--data', here.data, '--out', file]);
  expect(code).toBe(0);
  expect(err).toMatch(new RegExp(`^(rows: [\\d,]+\\n)*rows: ${EVENTS} written\\n$`));
  expect(table(readFileSync(file, 'utf8'))).toEqual(rows);
  expect(await vigil(['export', 'series/no.such', '--data', here.data])).toMatchObject({ code: 2, err: expect.stringContaining('no.such') as string });
});

test('given a spreadsheet program that accepts workbooks, when it asks for a list, then it gets one', async () => {
  const response = await here.ask('GET', '/exports/sources', { headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } });
  expect(String(unzip(Buffer.from(await response.arrayBuffer())).get('xl/worksheets/sheet1.xml')).match(/<row>/g)).toHaveLength(2);
  for (const list of ['beds', 'snapshots/kpi', 'snapshots/unit', 'series/ed.census', 'series/ed.census?step=1m']) expect((await here.ask('GET', `/exports/${list}`)).status, list).toBe(200);
});

test('given an export, when the audit trail is read, then it says who took what; of the trail itself too, which leaves row by row', async () => {
  await here.ask('GET', '/exports/events?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&format=xlsx');
  const { items } = (await (await here.ask('GET', '/audit?action=exportEvents')).json()) as { items: { action: string; actor: { kind: string } }[] };
  expect(items[0]).toMatchObject({ action: 'exportEvents', actor: { kind: 'local' }, subject: { format: 'xlsx', from: Date.parse('2026-01-01'), to: Date.parse('2026-01-02') } });
  const rows = table(await (await here.ask('GET', '/exports/audit')).text());
  expect(rows.map(({ row }) => Number(row))).toEqual(Array.from({ length: rows.length }, (_, i) => rows.length - i));
  expect(rows.find(({ action }) => action === 'exportEvents')).toMatchObject({ actor: 'local', outcome: 'done', subject: expect.stringContaining('xlsx') as string, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  expect(table(await (await here.ask('GET', '/exports/audit?action=exportSources')).text()).every(({ action }) => action === 'exportSources')).toBe(true);
  const { secret } = (await (await here.ask('POST', '/tokens', { body: { name: 'bi', scopes: ['exports.read'] } })).json()) as { secret: string };
  for (const list of ['audit', 'events', 'beds']) expect((await here.ask('GET', `/exports/${list}`, { token: secret })).status, list).toBe(403);
});

test('given accounts, tokens and changes of the configuration, when their lists are exported, then every one is in them, no secret is, and each takes the right that its list takes', async () => {
  expect((await here.ask('POST', '/users', { body: { name: 'ada', roles: ['admin', 'auditor'], password: PASSWORD, badge: 'badge-of-ada' } })).status).toBe(201);
  const { secret } = (await (await here.ask('POST', '/tokens', { body: { name: 'viewer', scopes: ['exports.read', 'views.read'] } })).json()) as { secret: string };
  const read = await here.ask('GET', '/config');
  expect((await here.ask('PUT', '/config', { body: { document: { title: '=North' }, why: 'a name' }, headers: { 'if-match': read.headers.get('etag')! } })).status).toBe(200);
  const file = async (list: string) => (await here.ask('GET', `/exports/${list}`)).text();
  const [users, tokens] = [await file('users'), await file('tokens')];
  expect(table(users)).toMatchObject([{ name: 'ada', roles: 'admin auditor', password: 'true', pin: 'false', badge: 'true', disabled: 'false', last_login: '' }]);
  expect(table(tokens).find(({ name }) => name === 'viewer')).toMatchObject({ scopes: 'exports.read views.read', revoked: '', expires_utc: expect.stringMatching(/Z$/) as string });
  for (const hidden of [PASSWORD, 'badge-of-ada', secret, 'argon', 'scrypt', 'hash']) expect(users + tokens).not.toContain(hidden);
  expect(table(await file('config-history')).at(-1)).toMatchObject({ who: 'local', why: 'a name', place: '/title', before: '', after: '"=North"' });
  expect(table(await file('metrics')).find(({ metric, where }) => metric === 'ed.census' && where === '')).toMatchObject({ kind: 'gauge' });
  expect((await here.ask('GET', '/exports/latest/unit')).status).toBe(200);
  for (const [list, status] of [['users', 403], ['tokens', 403], ['config-history', 403], ['metrics', 200], ['latest/unit', 200]] as const) expect((await here.ask('GET', `/exports/${list}`, { token: secret })).status, list).toBe(status);
});

test('given a window, when analyses are exported, then they say what their operations do, and what was asked stands in the trail', async () => {
  const window = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';
  for (const list of ['kpi-trends/ed.census?period=day&', 'occupancy?', 'units?', 'bottlenecks?metric=ed.census&']) {
    const response = await here.ask('GET', `/exports/analytics/${list}${window}`);
    expect(response.status, list).toBe(200);
    expect(table(await response.text())[0], list).toMatchObject({ unknown_reasons: expect.stringMatching(/./) as string });
  }
  expect((await here.ask('GET', `/exports/analytics/units?metric=no.such&${window}`)).status).toBe(404);
  const { items } = (await (await here.ask('GET', '/audit?action=exportBottlenecks')).json()) as { items: object[] };
  expect(items).toMatchObject([{ subject: { list: 'bottlenecks', metric: 'ed.census', from: Date.parse('2026-01-01'), format: 'csv' } }]);
});

test('given a core that runs, when lists are exported on the station, then the trail says which, of what span, as what, how many rows and by which account, in one chain with what the core wrote', async () => {
  const entries = async (action: string) => ((await (await here.ask('GET', `/audit?action=${action}`)).json()) as { items: { outcome: string; actor: object; subject: Record<string, unknown> }[] }).items;
  const file = join(dir, 'users.csv');
  expect(await vigil(['export', 'users', '--data', here.data, '--out', file])).toMatchObject({ code: 0, err: expect.stringMatching(/rows: 1 written\n$/) as string });
  expect(table(readFileSync(file, 'utf8'))).toMatchObject([{ name: 'ada' }]);
  expect((await entries('exportUsers'))[0]).toMatchObject({ outcome: 'done', actor: { kind: 'local', name: userInfo().username, from: 'command line' }, subject: { list: 'users', format: 'csv', rows: 1 } });
  const span = ['--from', '1970-01-01T00:00:00Z', '--to', '1970-01-02T00:00:00Z'];
  expect((await vigil(['export', 'events', '--data', here.data, '--format', 'xlsx', ...span, '--out', join(dir, 'none.xlsx')])).code).toBe(0);
  expect((await entries('exportEvents'))[0]).toMatchObject({ subject: { list: 'events', from: 0, to: 86_400_000, format: 'xlsx', rows: 0 } });
  expect((await vigil(['export', 'beds', '--data', here.data, '--out', join(dir, 'nowhere', 'beds.csv')])).code).toBe(1);
  expect((await entries('exportBeds'))[0]).toMatchObject({ outcome: 'failed', actor: { from: 'command line' } });
  expect((await vigil(['export', 'tokens', '--data', here.data, '--core', here.wall])).out).toContain('viewer');
  expect((await entries('exportTokens'))[0]).toMatchObject({ outcome: 'done', actor: { kind: 'local', name: 'local' }, subject: { list: 'tokens', format: 'csv' } });
  expect(await (await here.ask('GET', '/audit/verification')).json()).toMatchObject({ ok: true });
});

test('given messages that were refused, when their list is exported, then each is in it with its reason, by span, for who may see them', async () => {
  const broker = await here.client();
  for (const text of ['=no JSON', '{}', '[]']) await broker.publishAsync('vigil/v1/local/main/events/ehr/adt.admitted', text, { qos: 1 });
  const listed = async () => ((await (await here.ask('GET', '/dead-letters')).json()) as { items: { id: number; reason: string; received: number; size: number }[] }).items;
  await until('the letters', async () => (await listed()).length === 3);
  const told = (await listed()).reverse();
  const rows = table(await (await here.ask('GET', '/exports/dead-letters')).text());
  expect(rows.map(({ letter, reason, size, received_utc, replayed_utc }) => [Number(letter), reason, Number(size), Date.parse(received_utc!), replayed_utc])).toEqual(told.map(({ id, reason, size, received }) => [id, reason, size, received, '']));
  expect(table(await (await here.ask('GET', '/exports/dead-letters?to=1970-01-01T00:00:00Z')).text())).toEqual([]);
  expect((await vigil(['export', 'dead-letters', '--data', here.data])).out.split('\r\n').length).toBeGreaterThan(3);
  const { secret } = (await (await here.ask('POST', '/tokens', { body: { name: 'files', scopes: ['exports.read', 'views.read'] } })).json()) as { secret: string };
  expect((await here.ask('GET', '/exports/dead-letters', { token: secret })).status).toBe(403);
});

test('given a client that goes away in the middle, when the core is asked again, then it answers', async () => {
  const token = readLocalToken(storeFiles(here.data, DEFAULT_SITE).token)!;
  const leaving = get(`${here.wall}${API_BASE}/exports/events`, { headers: { authorization: `Bearer ${token}` } });
  const [response] = (await once(leaving, 'response')) as [NodeJS.ReadableStream];
  await once(response, 'data');
  leaving.destroy();
  expect(table(await (await here.ask('GET', '/exports/sources?format=csv')).text())).toHaveLength(1);
});
