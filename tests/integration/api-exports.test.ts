import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
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
  expect([code, err]).toEqual([0, `rows: ${EVENTS} written\n`]);
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
