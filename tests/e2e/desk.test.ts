import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { Station } from '../rig/station.ts';

const PASSWORD = 'a password of no worth';
const PIN = '402719';
const BADGE = 'badge-0042';
const PATIENT = { id: 'MRN-4711', name: 'Quillfeather, Eva' };
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const PICTURES = process.env['VIGIL_PICTURES'];

let here: Station;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  here = await Station.start('embedded', dir);
  for (const body of [{ name: 'ada', roles: ['admin'], password: PASSWORD }, { name: 'kim', roles: ['operator'], password: PASSWORD, pin: PIN, badge: BADGE }, { name: 'shea', roles: ['shift-lead'], password: PASSWORD }]) expect((await here.ask('POST', '/users', { body })).status).toBe(201);
});
afterAll(async () => {
  await browser?.close();
  await here?.stop();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(async () => {
  await page.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function open(hash: string, size = { width: 1920, height: 1080 }): Promise<void> {
  page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${here.wall}/${hash}`);
  await page.locator('header time').waitFor();
  await page.evaluate(() => document.fonts.ready);
}

/** Long: passwords are hashed slowly, and the machine may be at other work. */
const polled = <T>(get: () => T) => expect.poll(get, { timeout: 20_000 });

async function picture(name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

const session = () => page.locator('[data-session]');
const dialog = () => page.getByRole('dialog');

async function signIn(name: string, password = PASSWORD): Promise<void> {
  await session().click();
  await dialog().getByLabel('Name').fill(name);
  await dialog().getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await polled(() => session().innerText()).toBe(name);
}

/** Everything that the page's document holds, what stands in fields too. */
const everything = () => page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value).join(' '));

describe('signing in at a page', () => {
  test('given a wall, then nothing asks anybody to sign in', async () => {
    await open('#/overview');
    expect(await page.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
    await page.goto(`${here.wall}/#/settings?role=wall`);
    await polled(() => page.locator('main').innerText()).toContain('at a desk');
  });

  test('given a desk, when a wrong password is written, then the core\'s words say so, and the right one signs in by keyboard alone', async () => {
    await open('#/overview?role=desk');
    await session().focus();
    await page.keyboard.press('Enter');
    await polled(() => page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('name');
    await page.keyboard.type('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type('not this one');
    await picture('sign-in-desk');
    await page.keyboard.press('Enter');
    await dialog().getByRole('alert').waitFor();
    expect(await dialog().getByRole('alert').innerText()).toMatch(/wrong/i);
    await dialog().getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await polled(() => session().innerText()).toBe('ada');
    expect(await everything()).not.toContain(PASSWORD);
    await session().click();
    await picture('session-desk');
    await dialog().getByRole('button', { name: 'Sign out' }).click();
    await polled(() => session().innerText()).toBe('Sign in');
  });

  test.each([
    ['badge', async () => { await page.keyboard.type(BADGE); }, () => page.keyboard.press('Enter')],
    ['PIN', async () => {
      await dialog().getByLabel('Name').fill('kim');
      for (const digit of PIN) await dialog().getByRole('button', { name: digit, exact: true }).click();
    }, () => dialog().getByRole('button', { name: 'Sign in' }).click()],
  ])('given a kiosk, when somebody signs in by %s, then a countdown shows the end of rest, and they may stay', async (way, write, send) => {
    await open('#/overview?role=kiosk');
    await page.clock.install();
    await session().click();
    await write();
    await picture(`sign-in-kiosk-${way}`);
    await send();
    await polled(() => session().innerText()).toBe('kim');
    expect(await page.locator('[data-countdown]').count()).toBe(0);
    await page.clock.runFor(60_000);
    await polled(() => page.locator('[data-countdown]').innerText()).toMatch(/Signs out in 0:\d\d/);
    await page.getByRole('button', { name: 'Stay' }).click();
    await polled(() => page.locator('[data-countdown]').count()).toBe(0);
    await page.clock.runFor(110_000);
    await polled(() => session().innerText()).toBe('Sign in');
    expect(await page.getByRole('alert').innerText()).toContain('nothing was done');
  });

  test('given that the core ended the session, when anything is asked, then the page signs out and says so', async () => {
    await open('#/settings');
    await signIn('kim');
    expect((await here.ask('PUT', '/users/kim', { body: { disabled: true } })).status).toBe(200);
    await here.ask('PUT', '/users/kim', { body: { disabled: false } });
    await session().click();
    await dialog().getByRole('button', { name: 'See who patients are' }).click();
    await dialog().getByLabel('Why must you').fill('somebody collapsed in front of 4E');
    await dialog().getByRole('button', { name: 'Break the glass' }).click();
    await polled(() => session().innerText()).toBe('Sign in');
    expect(await page.getByRole('alert').first().innerText()).toContain('has ended');
  });
});

test('given somebody who signed in by password, when they change it, then the old one must be right, and the new one is what signs in', async () => {
  const [old, next] = [PASSWORD, 'other words of no worth'];
  expect((await here.ask('POST', '/users', { body: { name: 'mo', roles: ['operator'], password: old } })).status).toBe(201);
  await open('#/overview?role=desk');
  await signIn('mo');
  await session().click();
  await dialog().getByRole('button', { name: 'Change password' }).click();
  const write = async (present: string) => {
    await dialog().getByLabel('Present password').fill(present);
    await dialog().getByLabel('New password, 15').fill(next);
    await dialog().getByLabel('New password once more').fill(next);
    await dialog().getByRole('button', { name: 'Change it' }).click();
  };
  await write('not this one');
  await polled(() => dialog().innerText()).toContain('old password is wrong');
  await write(old);
  await polled(() => dialog().innerText()).toContain('Your password is changed');
  expect(await everything()).not.toContain(next);
  const by = (password: string) => here.ask('POST', '/session', { token: null, body: { by: { name: 'mo', password }, bearer: true } });
  expect([(await by(old)).status, (await by(next)).status]).toEqual([401, 201]);
});

describe('a bed of the floor plan', () => {
  const bed = () => page.getByRole('button', { name: 'Bed 1 of MICU', exact: true });
  const panel = () => page.locator('[data-bed-panel]');
  const trail = async () => ((await (await here.ask('GET', '/audit?limit=100')).json()) as { items: { action: string; actor: { name: string } }[] }).items.filter(({ action }) => action === 'getPatientInBed').map(({ actor }) => actor.name);

  beforeAll(async () => {
    const publisher = await Publisher.connect(here.broker);
    const event = envelope('adt.admitted', Date.now() - 60_000, { encounter: 'E-1', patient: PATIENT, location: { unit: 'MICU', unitKind: 'icu', bed: '1' } });
    await new Promise<void>((resolve) => void publisher.publish(topicOf(event)!, JSON.stringify(event), resolve));
    await publisher.close();
  });

  test('given a wall, then no bed can be pressed', async () => {
    await open('#/floorplan/critical-care');
    await page.locator('canvas').first().waitFor();
    expect(await bed().count()).toBe(0);
  });

  test('given a desk where nobody has signed in, when a bed is pressed, then its facts are shown and nobody who lies there', async () => {
    await open('#/floorplan/critical-care?role=desk');
    await bed().click();
    await polled(() => panel().innerText()).toContain('occupied');
    expect(await panel().getByRole('button', { name: 'Show patient' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await polled(() => panel().count()).toBe(0);
    await bed().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await polled(() => panel().innerText()).toContain('MICU 2');
  });

  test('given a shift lead, when they look, then the patient is shown, the header says so, the trail holds it, and after half a minute nothing of it is left', async () => {
    await open('#/floorplan/critical-care?role=desk');
    await signIn('shea');
    await page.clock.install();
    await bed().click();
    await panel().getByRole('button', { name: 'Show patient' }).click();
    await polled(() => panel().innerText()).toContain(PATIENT.name);
    expect(await page.locator('header').innerText()).not.toContain('No PHI');
    await picture('bed-patient');
    expect(await trail()).toEqual(['shea']);
    await page.clock.runFor(31_000);
    await polled(everything).not.toContain(PATIENT.name);
    expect(await page.locator('header').innerText()).toContain('No PHI');
    await panel().getByRole('button', { name: 'Show patient' }).click();
    await polled(() => panel().innerText()).toContain(PATIENT.name);
    await session().click();
    await dialog().getByRole('button', { name: 'Sign out' }).click();
    await polled(everything).not.toContain(PATIENT.name);
  });

  test('given an operator, when they break the glass with a reason, then they see the patient, and the header counts down', async () => {
    await open('#/floorplan/critical-care?role=desk');
    await signIn('kim');
    await bed().click();
    await panel().getByRole('button', { name: 'See who patients are' }).click();
    await panel().getByLabel('Why must you').fill('somebody collapsed in MICU');
    await panel().getByRole('button', { name: 'Break the glass' }).click();
    await panel().getByRole('button', { name: 'Show patient' }).click();
    await polled(() => panel().innerText()).toContain(PATIENT.name);
    expect(await page.locator('header').innerText()).toMatch(/Patients shown for 1[45]:\d\d/);
    await panel().getByRole('button', { name: 'Close' }).click();
    await polled(everything).not.toContain(PATIENT.name);
  });
});

const row = (key: string) => page.locator(`[data-setting="${key}"]`);

describe('the settings board', () => {
  test('given who may not read settings, then it says what that takes, and shows none', async () => {
    await open('#/settings');
    await polled(() => page.locator('main').innerText()).toContain('Sign in');
    await signIn('kim');
    await polled(() => page.locator('main').innerText()).toContain('config.read');
    expect(await page.locator('[data-setting]').count()).toBe(0);
  });

  test('given an administrator, when they change a setting, then its faults, its diff and its version are shown, and it is in force', async () => {
    await open('#/settings');
    await signIn('ada');
    await page.getByRole('button', { name: 'All settings instead' }).click();
    await row('title').waitFor();
    expect(await row('tenant').locator('input').isDisabled()).toBe(true);
    await picture('settings');
    await row('timezone').getByLabel('timezone').fill('Europe/Nowhere');
    await polled(() => row('timezone').innerText()).toContain('no time zone');
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await picture('settings-fault');
    await row('timezone').getByLabel('timezone').fill('Europe/Berlin');
    await row('title').getByLabel('title').fill('Northgate General');
    await page.locator('[data-change="/title"], [data-change]').first().waitFor();
    await polled(() => page.locator('[data-change]').allInnerTexts()).toEqual([expect.stringContaining('Northgate General'), expect.stringContaining('Europe/Berlin')]);
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Why').fill('the site gets its name');
    await picture('settings-review');
    await page.getByRole('button', { name: 'Save' }).click();
    await polled(() => page.locator('.review').innerText()).toContain('in force now');
    await polled(() => page.locator('header').innerText()).toContain('Northgate General');
  });

  test('given units in rows, when one is written, then it is in the document', async () => {
    await open('#/settings');
    await signIn('ada');
    await page.locator('[data-section="units"]').click();
    await row('units').getByRole('button', { name: 'Add a row' }).click();
    await page.keyboard.type('4E');
    await row('units').getByLabel('name of row 1').fill('4E Cardiology');
    await row('units').getByLabel('kind of row 1').selectOption('ward');
    await row('units').getByLabel('beds of row 1').pressSequentially('01, 02, 03');
    await page.getByLabel('Why').fill('the first ward');
    await picture('settings-units');
    await page.getByRole('button', { name: 'Save' }).click();
    await polled(() => page.locator('.review').innerText()).toContain('in force now');
    const { document } = (await (await here.ask('GET', '/config')).json()) as { document: { units: unknown } };
    expect(document.units).toEqual([{ id: '4E', name: '4E Cardiology', kind: 'ward', beds: ['01', '02', '03'] }]);
  });

  test('given that somebody was first, when it is saved, then what they changed is shown, the edit stays, and it can be saved on top', async () => {
    await open('#/settings');
    await signIn('ada');
    await row('title').getByLabel('title').fill('Northgate East');
    const read = await here.ask('GET', '/config');
    const { document } = (await read.json()) as { document: object };
    expect((await here.ask('PUT', '/config', { body: { document: { ...document, timezone: 'UTC' }, why: 'first of two' }, headers: { 'if-match': read.headers.get('etag')! } })).status).toBe(200);
    await page.getByLabel('Why').fill('second of two');
    await page.getByRole('button', { name: 'Save' }).click();
    await polled(() => page.locator('.meanwhile').innerText()).toMatch(/was first: first of two[\s\S]*timezone/);
    await picture('settings-meanwhile');
    expect(await row('title').getByLabel('title').inputValue()).toBe('Northgate East');
    await page.getByRole('button', { name: 'Save' }).click();
    await polled(() => page.locator('.review').innerText()).toContain('in force now');
    expect(await (await here.ask('GET', '/config')).json()).toMatchObject({ document: { title: 'Northgate East', timezone: 'UTC' } });
  });

  test('given changes, then the history tells who, when and why, what each did, and an earlier one can be put in force again', async () => {
    await open('#/settings');
    await signIn('ada');
    await page.locator('[data-section="history"]').click();
    await page.locator('[data-version="1"]').waitFor();
    expect(await page.locator('[data-version="1"]').innerText()).toMatch(/ada[\s\S]*the site gets its name/);
    await page.getByRole('button', { name: 'What version 2 changed' }).click();
    await polled(() => page.locator('.diff').innerText()).toContain('4E Cardiology');
    await page.getByLabel('Why should version 1').fill('the ward was a mistake');
    await picture('settings-history');
    await page.getByRole('button', { name: 'Put version 1 in force' }).click();
    await polled(async () => ((await (await here.ask('GET', '/config')).json()) as { document: unknown }).document).toMatchObject({ title: 'Northgate General', timezone: 'Europe/Berlin' });
    await polled(() => page.locator('[data-version]').first().innerText()).toContain('the ward was a mistake');
  });

  test('given an administrator, when they make an account and a token, then the account works, the secret is shown once, and nothing of either stays', async () => {
    await open('#/settings');
    await signIn('ada');
    await page.locator('[data-section="users"]').click();
    await page.getByRole('button', { name: 'New account' }).click();
    await page.getByLabel('Name for signing in').fill('lee');
    await page.getByRole('checkbox', { name: 'shift-lead' }).check();
    await page.locator('[name="new-password"]').fill('short');
    await polled(() => page.locator('form').innerText()).toMatch(/15/);
    await page.locator('[name="new-pin"]').fill('112233');
    await polled(() => page.locator('form').innerText()).toContain('too easy to guess');
    await page.locator('[name="new-pin"]').fill('');
    await page.locator('[name="new-password"]').fill(`${PASSWORD} of lee`);
    await picture('settings-user');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.locator('[data-user="lee"]').waitFor();
    expect(await everything()).not.toContain(`${PASSWORD} of lee`);
    expect((await here.ask('POST', '/session', { body: { by: { name: 'lee', password: `${PASSWORD} of lee` } }, token: null })).status).toBe(201);
    await page.locator('[data-section="tokens"]').click();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('Name', { exact: true }).fill('warehouse');
    await page.getByRole('checkbox', { name: 'exports.read' }).check();
    await page.getByRole('button', { name: 'Make the token' }).click();
    const secret = await page.locator('code').innerText();
    expect(secret).toMatch(/^vigil_token_/);
    await picture('settings-token');
    await session().click();
    await dialog().getByRole('button', { name: 'Sign out' }).click();
    await polled(() => page.locator('main').innerText()).toContain('Sign in');
    expect(await everything()).not.toContain(secret);
    expect(await everything()).not.toContain('warehouse');
  });
});
