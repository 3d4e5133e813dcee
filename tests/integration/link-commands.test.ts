import { afterAll, beforeAll, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '#shared/json.ts';
import { commandPage } from '../rig/command-page.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const PASSWORD = 'a password of no worth';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
beforeAll(async () => {
  here = await Station.start('embedded', dir);
  expect((await here.ask('POST', '/users', { body: { name: 'ada', roles: ['admin'], password: PASSWORD } })).status).toBe(201);
});
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

const page = () => commandPage(here.wall);

const signIn = { body: { by: { name: 'ada', password: PASSWORD } } };
const sessions = async () => (await (await here.ask('GET', '/audit?limit=200')).json()) as { items: { action: string; actor: { name: string } }[] };

test('given a page where nobody has signed in, when it gives commands, then it may what a wall may', async () => {
  const { command } = await page();
  expect(await command('getMetric', { params: { id: 'beds.occupied' } })).toMatchObject({ ok: true, value: { metric: 'beds.occupied' } });
  expect(await command('getConfig')).toMatchObject({ ok: false, error: { code: '401', message: expect.stringContaining('config.read') as string } });
  expect(await command('noSuchThing')).toMatchObject({ ok: false, error: { code: 'unknown-command' } });
  expect(await command('getMetric', { params: ['beds.occupied'] })).toMatchObject({ ok: false, error: { code: '400' } });
  expect(await command('createSession', { body: { by: { name: 'ada', password: 'wrong' } } })).toMatchObject({ ok: false, error: { code: '401' } });
});

test('given somebody who signs in at a page, when they change the site, then it is done once, in their name, and the page holds no secret', async () => {
  const { command, told, close } = await page();
  expect(await command('createSession', signIn)).toMatchObject({ ok: true, value: { name: 'ada', roles: ['admin'] } });
  const read = await command('getConfig');
  expect(read).toMatchObject({ ok: true, tag: expect.stringMatching(/^"/) as string });
  const { value, tag } = read as unknown as { value: { document: Record<string, Json> }; tag: string };
  const document = { ...value.document, title: 'Changed at a page' };
  expect(await command('putConfig', { body: { document, why: 'a test of commands' } })).toMatchObject({ ok: false, error: { code: '428' } });
  expect(await command('putConfig', { body: { document, why: 'a test of commands' }, ifMatch: tag })).toMatchObject({ ok: true });
  expect(await command('putConfig', { body: { document, why: 'a test of commands' }, ifMatch: tag })).toMatchObject({ ok: false, error: { code: '412' } });
  expect((await sessions()).items.find(({ action }) => action === 'putConfig')).toMatchObject({ actor: { name: 'ada' } });
  expect(JSON.stringify(told)).not.toContain('vigil_session_');
  close();
  await until('the session to end with the page', async () => (await sessions()).items.some(({ action, actor }) => action === 'deleteSession' && actor.name === 'ada'));
});

test('given somebody who signed in, when they sign out, then the page may what a wall may', async () => {
  const { command } = await page();
  await command('createSession', signIn);
  expect(await command('listUsers')).toMatchObject({ ok: true });
  expect(await command('deleteSession')).toMatchObject({ ok: true });
  expect(await command('listUsers')).toMatchObject({ ok: false, error: { code: '401' } });
});
