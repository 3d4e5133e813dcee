import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import mqtt from 'mqtt';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { topicOf } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { PASSWORD, polled } from '../rig/desk.ts';
import { DesktopApp } from '../rig/desktop-app.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

/** More than lies between a core and a file that is being saved. */
const EVENTS = 20_000;

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let x: XServer;
let app: DesktopApp;
let page: Page;

const api = async (method: string, path: string, body?: object) =>
  fetch(`http://127.0.0.1:${app.port}${API_BASE}${path}`, {
    method,
    headers: { authorization: `Bearer ${readLocalToken(storeFiles(join(app.home, 'store'), DEFAULT_SITE).token)!}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

beforeAll(async () => {
  const layout = join(dir, 'layout.yaml');
  writeFileSync(layout, 'role: desk\nscreens: []\n');
  x = await XServer.start(1);
  app = await DesktopApp.start({ display: x.display, shell: [`--layout=${layout}`] });
  await until('the core to serve', () => app.serves());
  for (const [name, role] of [['ada', 'admin'], ['kim', 'operator']]) expect((await api('POST', '/users', { name, roles: [role], password: PASSWORD })).status).toBe(201);
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${app.mqttPort}`);
  const now = Date.now();
  const events = Array.from({ length: EVENTS }, (_, i) => envelope('unit.staffing-reported', now - i, { unit: '4E', staffedBeds: i % 40 }, { id: `e${i}` }));
  await Promise.all(events.map((event) => client.publishAsync(topicOf(event)!, JSON.stringify(event), { qos: 1 })));
  await client.endAsync();
  page = await app.page('overview');
  page.setDefaultTimeout(20_000);
}, 240_000);
afterAll(async () => {
  await app?.stop();
  await x?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const session = () => page.locator('[data-session]');
const dialog = () => page.getByRole('dialog');
/** A control of the dialog; its label holds the words of its choices too. */
const field = (name: string) => dialog().locator(`[name="export-${name}"]`);
const state = () => page.locator('[data-export-state]').getAttribute('data-export-state');

async function signIn(name: string): Promise<void> {
  await session().click();
  await dialog().getByLabel('Name').fill(name);
  await dialog().getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await polled(() => session().innerText()).toBe(name);
}

/** What a person does at the dialog of the shell: says where. `held`: the saving waits until it is let go. */
const saveTo = (path: string, held: boolean) =>
  app.electron.evaluate(({ session: { defaultSession } }, [to, waits]) => {
    defaultSession.once('will-download', (_event, item) => {
      item.setSavePath(to);
      if (!waits) return;
      item.pause();
      Object.assign(globalThis, { go: () => item.resume(), ended: new Promise((resolve) => void item.once('done', (_done, how) => resolve(how))) });
    });
  }, [path, held] as const);

async function exportEvents(): Promise<void> {
  await session().click();
  await dialog().getByRole('button', { name: 'Export a list or trend' }).click();
  await field('list').selectOption('events');
  await field('from').fill('');
  await field('format').selectOption('csv');
  await dialog().getByRole('button', { name: 'Export', exact: true }).click();
}

beforeEach(async () => {
  await page.reload();
  await session().waitFor();
});

test('given a desk of the app, when the log is exported, then its progress is shown, the file has every event once, and the trail says who took it', async () => {
  await signIn('ada');
  const file = join(dir, 'events.csv');
  await saveTo(file, true);
  await exportEvents();
  await polled(state).toBe('sending');
  await polled(() => page.locator('[data-export-state]').innerText()).toMatch(/\d\s\w?B so far/);
  await app.electron.evaluate(() => (globalThis as unknown as { go(): void }).go());
  await polled(state).toBe('sent');
  const rows = () => (existsSync(file) ? (parse(readFileSync(file, 'utf8'), { columns: true, bom: true, skip_records_with_error: true }) as { id: string }[]) : []);
  await polled(() => rows().length).toBe(EVENTS);
  expect(new Set(rows().map(({ id }) => id)).size).toBe(EVENTS);
  expect(await (await api('GET', '/audit?action=exportEvents')).json()).toMatchObject({ items: [{ actor: { kind: 'user', name: 'ada' }, outcome: 'done', subject: { list: 'events', format: 'csv' } }] });
});

test('given an export under way, when it is cancelled, then it says so and nothing of it stays on the disk', async () => {
  await signIn('ada');
  const file = join(dir, 'cancelled.csv');
  await saveTo(file, true);
  await exportEvents();
  await polled(state).toBe('sending');
  await dialog().getByRole('button', { name: 'Cancel the export' }).click();
  await polled(state).toBe('cancelled');
  await app.electron.evaluate(() => (globalThis as unknown as { go(): void }).go());
  expect(await app.electron.evaluate(() => (globalThis as unknown as { ended: Promise<string> }).ended)).not.toBe('completed');
  await polled(() => existsSync(file)).toBe(false);
});

test('given who may not take files out, then none is offered; given an address that is no file of this core, then nothing is saved', async () => {
  await signIn('kim');
  await session().click();
  await dialog().getByRole('button', { name: 'Sign out' }).waitFor();
  expect(await page.getByText('Export').count()).toBe(0);
  await app.electron.evaluate(({ session: { defaultSession } }) => {
    Object.assign(globalThis, { refused: new Promise<boolean>((resolve) => void defaultSession.once('will-download', (event) => resolve(event.defaultPrevented))) });
  });
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'vigil://wall/index.html';
    link.download = 'page.html';
    link.click();
  });
  expect(await app.electron.evaluate(() => (globalThis as unknown as { refused: Promise<boolean> }).refused)).toBe(true);
});
