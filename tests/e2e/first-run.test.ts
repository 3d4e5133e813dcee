import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Station } from '../rig/station.ts';

const PASSWORD = 'some words that nobody knows';
const PICTURES = process.env['VIGIL_PICTURES'];
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const said: string[] = [];

let here: Station;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  here = await Station.start('embedded', dir, { onLine: (line) => said.push(line) });
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(20_000);
});
afterAll(async () => {
  await browser?.close();
  await here?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Long: passwords are hashed slowly, and the machine may be at other work. */
const polled = <T>(get: () => T) => expect.poll(get, { timeout: 20_000 });
const code = () => /with the code ([0-9A-Z-]{14})/.exec(said.join('\n'))?.[1];
const picture = async (name: string) => PICTURES && page.screenshot({ path: join(PICTURES, `${name}.png`) });

async function writeAccount(withCode: string): Promise<void> {
  const form = page.locator('[data-first-account]');
  await form.getByLabel('Code from the log').fill(withCode);
  await form.getByLabel('Name for signing in').fill('root');
  await form.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await form.getByLabel('Password once more').fill(PASSWORD);
  await form.getByRole('button').click();
}

test('given a core without an account, when somebody writes a wrong code, then no account is made; with the one of the log it is, and they are signed in', async () => {
  await polled(code).toBeDefined();
  await page.goto(`${here.wall}/#/settings`);
  await writeAccount('0000-0000-0000');
  await polled(() => page.locator('[role="alert"]').innerText()).toContain('not the code');
  await picture('first-account');
  await writeAccount(code()!.toLowerCase());
  await polled(() => page.locator('[data-session]').innerText()).toBe('root');
  expect(await (await here.ask('GET', '/users')).json()).toMatchObject({ items: [{ name: 'root', roles: ['admin'] }] });
  const { items } = (await (await here.ask('GET', '/audit?limit=50')).json()) as { items: { action: string; outcome: string; subject: object }[] };
  expect(items.filter(({ action }) => action === 'setUp').map(({ outcome }) => outcome).sort()).toEqual(['done', 'refused']);
  expect(JSON.stringify(items)).not.toContain(code());
});

test('given an unconfigured site, when it is named and its units are listed, then it is shown what the station is, and the site stands as written', async () => {
  await polled(() => page.locator('[data-fact="Broker"]').innerText()).toMatch(/its own, on port \d+[\s\S]*--broker/);
  expect(await page.locator('[data-fact="Key of pseudonyms"]').innerText()).toContain('no real patients');
  await page.getByLabel('Title of the walls').fill('Northgate General');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByLabel('Units, one a line').fill('4E; Cardiology; hotel; 1');
  await polled(() => page.locator('.faults').innerText()).toContain('no kind of unit');
  await page.getByLabel('Units, one a line').fill('4E; Cardiology; ward; 01-24\nED; Emergency; ed; A1-A12');
  await polled(() => page.locator('.steps').innerText()).toContain('2 units, 36 beds');
  await page.getByLabel('Why').fill('set up');
  await polled(() => page.locator('[data-change]').count()).toBe(3);
  await picture('first-site');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('[data-section="units"]').waitFor();
  expect(await page.locator('.review').innerText()).toContain('Saved as version 1');
  const { document } = (await (await here.ask('GET', '/config')).json()) as { document: { title: string; units: { beds: string[] }[] } };
  expect([document.title, document.units.map(({ beds }) => beds.length)]).toEqual(['Northgate General', [24, 12]]);
});

test('given an account, when somebody asks to set up again, even with the code, then nothing is made', async () => {
  expect(await (await here.ask('GET', '/set-up', { token: null })).json()).toEqual({ needed: false });
  expect((await here.ask('POST', '/set-up', { token: null, body: { code: code(), name: 'mallory', password: PASSWORD } })).status).toBe(409);
  expect(((await (await here.ask('GET', '/users')).json()) as { items: unknown[] }).items.length).toBe(1);
});

test('given the exported configuration of another site, when it is chosen on a fresh one, then it is proposed whole, and saved', async () => {
  const fresh = mkdtempSync(join(tmpdir(), 'vigil-'));
  const other = await Station.start('embedded', fresh);
  try {
    const bundle = (await (await here.ask('GET', '/config/export')).json()) as object;
    const file = join(fresh, 'northgate.json');
    writeFileSync(file, JSON.stringify(bundle));
    expect((await other.ask('POST', '/users', { body: { name: 'ada', roles: ['admin'], password: PASSWORD } })).status).toBe(201);
    await page.goto(`${other.wall}/#/settings`);
    await page.locator('[data-session]').click();
    await page.getByRole('dialog').getByLabel('Name').fill('ada');
    await page.getByRole('dialog').getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('[name="site-file"]').setInputFiles({ name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await polled(() => page.locator('.steps [role="alert"]').innerText()).toContain('no exported configuration');
    await page.locator('[name="site-file"]').setInputFiles(file);
    await page.getByLabel('Why').fill('as at the other site');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[data-section="units"]').waitFor();
    expect(await (await other.ask('GET', '/config')).json()).toMatchObject({ version: 1, document: { title: 'Northgate General', timezone: 'Europe/Berlin' } });
  } finally {
    await other.stop();
    rmSync(fresh, { recursive: true, force: true });
  }
});
