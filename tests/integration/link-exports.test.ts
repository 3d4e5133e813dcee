import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { topicOf } from '#core/mqtt/publisher.ts';
import { fileAddress, type FileProgress, type WaitingExport } from '#shared/api/exports.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { commandPage } from '../rig/command-page.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

/** More than the way of a file holds at once, so that one can be met while it is under way. */
const EVENTS = 12_000;
const PASSWORD = 'a password of no worth';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
beforeAll(async () => {
  here = await Station.start('embedded', dir);
  for (const [name, role] of [['ada', 'admin'], ['kim', 'operator']]) expect((await here.ask('POST', '/users', { body: { name, roles: [role], password: PASSWORD } })).status).toBe(201);
  const client = await here.client();
  const now = Date.now();
  await Promise.all(Array.from({ length: EVENTS }, (_, i) => envelope('unit.staffing-reported', now - i, { unit: '4E', staffedBeds: i % 40 }, { id: `e${i}` })).map((event) => client.publishAsync(topicOf(event)!, JSON.stringify(event), { qos: 1 })));
  await until('the events to be stored', () => here.read<{ n: number }>('SELECT COUNT(*) AS n FROM ops_event')[0]!.n >= EVENTS);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A page at which somebody has signed in, and what it asks of exports. */
async function deskOf(name: string) {
  const page = await commandPage(here.wall);
  expect(await page.command('createSession', { body: { by: { name, password: PASSWORD } } })).toMatchObject({ ok: true });
  const made = async (operation: string, query: Record<string, string> = {}): Promise<WaitingExport> => ((await page.command(operation, { query })) as unknown as { value: WaitingExport }).value;
  const progress = async ({ file }: WaitingExport): Promise<FileProgress> => ((await page.command('getFileProgress', { params: { file } })) as unknown as { value: FileProgress }).value;
  const ends = (file: WaitingExport, state: FileProgress['state']) => until(`the file to be ${state}`, async () => (await progress(file)).state === state);
  return { ...page, made, progress, ends };
}

/** As a browser does that knows the address alone. */
const fetched = ({ file }: WaitingExport) => fetch(`${here.wall}${fileAddress(file)}`);

/** Takes the beginning of a file and no more for now. */
async function begun(file: WaitingExport): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = (await fetched(file)).body!.getReader();
  await reader.read();
  return reader;
}

test('given somebody who may, when a page has a list exported, then the file is fetched once by its name, its progress is told, and the trail says who took it', async () => {
  const { made, progress, ends, told } = await deskOf('ada');
  const file = await made('exportEvents', { format: 'csv' });
  expect(file.name).toBe('vigil-events.csv');
  expect((await progress(file)).state).toBe('waiting');
  const response = await fetched(file);
  expect([response.status, response.headers.get('content-disposition'), response.headers.get('cache-control')]).toEqual([200, 'attachment; filename="vigil-events.csv"', 'no-store']);
  const text = await response.text();
  expect(parse(text, { columns: true })).toHaveLength(EVENTS);
  await ends(file, 'sent');
  expect((await progress(file)).bytes).toBe(Buffer.byteLength(text));
  expect((await fetched(file)).status).toBe(404);
  const { items } = (await (await here.ask('GET', '/audit?action=exportEvents')).json()) as { items: object[] };
  expect(items).toMatchObject([{ actor: { kind: 'user', name: 'ada' }, outcome: 'done', subject: { list: 'events', format: 'csv' } }]);
  expect(JSON.stringify(told)).not.toContain('staffedBeds');
});

test('given who may not, or nobody, when a page asks for an export, then it is refused and the trail says so', async () => {
  const { command } = await deskOf('kim');
  expect(await command('exportBeds')).toMatchObject({ ok: false, error: { code: '403', message: expect.stringContaining('exports.read') as string } });
  expect(await (await here.ask('GET', '/audit?action=exportBeds')).json()).toMatchObject({ items: [{ actor: { name: 'kim' }, outcome: 'refused' }] });
  const stranger = await commandPage(here.wall);
  expect(await stranger.command('exportBeds')).toMatchObject({ ok: false, error: { code: '401' } });
  expect(await stranger.command('getPrometheus')).toMatchObject({ ok: false, error: { code: 'unknown-command' } });
});

test('given a file under way, when it is cancelled, then it ends for who fetches it, and stands in the trail', async () => {
  const { command, made, ends } = await deskOf('ada');
  const file = await made('exportEvents', { format: 'csv' });
  const reader = await begun(file);
  expect(await command('cancelFile', { params: { file: file.file } })).toMatchObject({ ok: true });
  await ends(file, 'cancelled');
  await expect((async () => { while (!(await reader.read()).done); })()).rejects.toThrow();
  expect(await (await here.ask('GET', '/audit?action=cancelFile')).json()).toMatchObject({ items: [{ actor: { name: 'ada' }, outcome: 'done' }] });
});

test('given a file under way, when who fetches it goes away, then the page is told; when they sign out, then theirs end', async () => {
  const { command, made, ends, progress } = await deskOf('ada');
  const left = await made('exportEvents', { format: 'xlsx' });
  const reader = await begun(left);
  await reader.cancel();
  await ends(left, 'left');
  const waiting = await made('exportUsers');
  expect((await progress(waiting)).state).toBe('waiting');
  await command('deleteSession');
  expect((await fetched(waiting)).status).toBe(404);
});
