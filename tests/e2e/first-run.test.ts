import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
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
  here = await Station.start('unsaid', dir, { onLine: (line) => said.push(line) });
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

const LOGIN = { user: 'vigil-hub', password: 'a word of the broker' };

test('given a station with a broker of its own, when the hospital\'s is named, tried and used, then what is wrong is said, and the wall goes over to it', async () => {
  const broker = new Mosquitto(dir, await freePort(), undefined, LOGIN);
  await broker.start();
  onTestFinished(() => broker.stop());
  await page.getByLabel('The hospital\'s', { exact: true }).check();
  await page.getByLabel('Address').fill('broker');
  await polled(() => page.locator('.broker .refusal').innerText()).toContain('an address such as');
  await page.getByLabel('Address').fill(broker.url);
  await page.getByLabel('User', { exact: true }).fill(LOGIN.user);
  await page.locator('[name="broker-password"]').fill('another word');
  await page.locator('[data-try]').click();
  await polled(() => page.locator('[data-finding="broker"]').innerText()).toMatch(/^Failed: [\s\S]* does not answer: [\s\S]*\nWhat to do: [\s\S]*user name and password/);
  await page.locator('[name="broker-password"]').fill(LOGIN.password);
  await page.locator('[data-try]').click();
  await polled(() => page.locator('[data-finding="broker session"]').innerText()).toMatch(/^Passed: kept 1500 of 1500/);
  await picture('first-broker');
  await page.getByRole('button', { name: 'Use this broker' }).click();
  await polled(() => page.locator('[data-link]').innerText()).toBe(`Now: ${broker.url.replace('://', `://${LOGIN.user}:***@`)}, connected`);
  expect(await page.locator('[data-session]').innerText()).toBe('root');
  expect(await page.locator('[name="broker-password"]').inputValue()).toBe('');
  expect(await page.locator('[name="broker-password"]').getAttribute('placeholder')).toContain('kept');
  expect(await (await here.ask('GET', '/station')).json()).toMatchObject({ document: { broker: { address: broker.url, user: LOGIN.user } }, password: 'file' });
  await page.getByLabel('Vigil\'s own, for one machine').check();
  await page.getByRole('button', { name: 'Use this broker' }).click();
  await polled(() => page.locator('[data-link]').innerText()).toBe('Now: its own broker, connected');
});

test('given an unconfigured site, when it is named and its units are listed, then it is shown what the station is, and the site stands as written', async () => {
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
  await polled(() => page.locator('.review').innerText()).toContain('Saved as version 1');
  const { document } = (await (await here.ask('GET', '/config')).json()) as { document: { title: string; units: { beds: string[] }[] } };
  expect([document.title, document.units.map(({ beds }) => beds.length)]).toEqual(['Northgate General', [24, 12]]);
});

test('given a station that is set up, when accounts are made by role and groups of an identity provider get theirs, then they stand there, and the way leads to all settings', async () => {
  const roles = page.getByRole('region', { name: 'Roles' });
  await roles.getByRole('button', { name: 'New account' }).click();
  await roles.getByLabel('Name for signing in').fill('lena');
  await roles.getByLabel('shift-lead').check();
  await roles.getByLabel('PIN').fill('482913');
  await roles.getByRole('button', { name: 'Make the account' }).click();
  await polled(() => roles.locator('[data-user="lena"]').innerText()).toMatch(/shift-lead[\s\S]*PIN/);
  await roles.getByLabel('identity provider').check();
  await page.getByLabel('Address of the provider').fill('https://login.hospital.example');
  await page.getByLabel('Client', { exact: true }).fill('vigil');
  const groups = page.locator('[data-setting="oidc.roles"]');
  await groups.getByRole('button', { name: 'Add a row' }).click();
  await groups.getByLabel('Group of row 1').fill('bed-managers');
  await groups.getByLabel('Roles of row 1').fill('operator');
  await page.getByLabel('Why').fill('who signs in');
  await picture('first-roles');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await polled(() => page.locator('.review').innerText()).toContain('Saved as version 2');
  expect(await (await here.ask('GET', '/config')).json()).toMatchObject({ document: { oidc: { issuer: 'https://login.hospital.example', clientId: 'vigil', roles: { 'bed-managers': ['operator'] } } } });
  await page.getByRole('button', { name: 'To all settings' }).click();
  await page.locator('[data-section="station"]').click();
  await page.locator('[name="station-station"]').fill('desk-2');
  await page.locator('[name="station-why"]').fill('a second desk');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await polled(async () => ((await (await here.ask('GET', '/station')).json()) as { station: string }).station).toBe('desk-2');
  await picture('station-section');
});

test('given an account, when somebody asks to set up again, even with the code, then nothing is made', async () => {
  expect(await (await here.ask('GET', '/set-up', { token: null })).json()).toEqual({ needed: false });
  expect((await here.ask('POST', '/set-up', { token: null, body: { code: code(), name: 'mallory', password: PASSWORD } })).status).toBe(409);
  expect(((await (await here.ask('GET', '/users')).json()) as { items: unknown[] }).items.length).toBe(2);
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
    await page.locator('[data-fixed="broker"]').getByText('--broker says').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await polled(() => page.locator('.review').innerText()).toContain('Saved as version 1');
    expect(await (await other.ask('GET', '/config')).json()).toMatchObject({ version: 1, document: { title: 'Northgate General', timezone: 'Europe/Berlin' } });
  } finally {
    await other.stop();
    rmSync(fresh, { recursive: true, force: true });
  }
});
