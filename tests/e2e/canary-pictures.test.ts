import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { withCanaries, withGossip } from '../fixtures/canaries.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { distanceWithin } from '../fixtures/nearness.ts';
import { readPicture } from '../rig/read-picture.ts';
import { Station } from '../rig/station.ts';

/** Capital letters that look like no digit and like no other letter, and a word that is in no other text. */
const CANARY = 'HAWKETEM';
const PATIENT = { id: `${CANARY}-MRN`, name: `${CANARY}, ${CANARY}` };
const PASSWORD = 'a password of no worth';
/** Reading is not exact: what has at most a quarter of a word's letters wrong counts as that word. */
const READ_AS = 0.25;
const SITE = `
tenant: local
site: main
title: Northgate General
units:
  - { id: MICU, name: MICU, kind: icu, beds: ['1', '2', '3', '4'] }
  - { id: 4E, name: Cardiology, kind: ward, beds: ['1', '2'] }
or: { rooms: [{ id: '1' }, { id: '2' }] }
`;
const PICTURES = process.env['VIGIL_PICTURES'];

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let here: Station;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  const config = join(dir, 'site.yaml');
  writeFileSync(config, SITE);
  here = await Station.start('embedded', dir, { flags: ['--config', config] });
  const now = Date.now();
  const publisher = await Publisher.connect(here.broker);
  const events = [
    ...[...eventTypes.keys()].map((type) => envelope(type, now - 60_000, withGossip(type, withCanaries(type, CANARY), CANARY))),
    envelope('adt.admitted', now - 30_000, { encounter: `${CANARY}-V1`, patient: PATIENT, location: { unit: 'MICU', unitKind: 'icu', bed: '1' } }),
    envelope('or.case-scheduled', now - 30_000, { case: `${CANARY}-C1`, encounter: `${CANARY}-V1`, patient: PATIENT, room: '1', scheduledStart: new Date(now).toISOString(), scheduledMinutes: 90, procedure: 'Appendectomy' }),
  ];
  for (const event of events) await new Promise<void>((resolve) => void publisher.publish(topicOf(event)!, JSON.stringify(event), resolve));
  await publisher.close();
  for (const [name, role] of [['ada', 'admin'], ['kim', 'operator'], ['shea', 'shift-lead']]) expect((await here.ask('POST', '/users', { body: { name, roles: [role], password: PASSWORD } })).status).toBe(201);
  browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  // Twice as fine as a wall: its smallest words are then as high as what the reader was trained on.
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, deviceScaleFactor: 2 });
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await here?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function open(hash: string): Promise<void> {
  await page.goto('about:blank');
  await page.context().clearCookies();
  await page.goto(`${here.wall}/#/${hash}`);
  await page.locator('header time').waitFor();
  await page.evaluate(() => document.fonts.ready);
}

async function signIn(name: string): Promise<void> {
  await page.locator('[data-session]').click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('[data-session]').innerText(), { timeout: 20_000 }).toBe(name);
}

const openBed = () => page.getByRole('button', { name: 'Bed 1 of MICU', exact: true }).click();
const panel = () => page.locator('[data-bed-panel]');

/** Which of the words the picture of the page shows, as far as they can be read. */
async function read(name: string, words: readonly string[]): Promise<string[]> {
  const png = await page.screenshot();
  const text = await readPicture(png);
  if (PICTURES) {
    writeFileSync(join(PICTURES, `${name}.png`), png);
    writeFileSync(join(PICTURES, `${name}.txt`), `${words.map((word) => `${word} ${distanceWithin(text, word)}`).join('\n')}\n${text}`);
  }
  return words.filter((word) => distanceWithin(text, word) <= READ_AS);
}

test.each([
  ['overview', ['House status', 'Northgate General', 'Cardiology'], async () => { await open('overview'); await page.getByText('Cardiology').first().waitFor(); }],
  ['floorplan', ['Critical care', 'Northgate General', 'MICU'], async () => { await open('floorplan/critical-care'); await page.locator('canvas').first().waitFor(); }],
  ['or', ['Operating rooms', 'Northgate General'], async () => { await open('or'); await page.locator('main svg text.title').first().waitFor(); }],
  ['settings', ['Settings', 'Cardiology'], async () => { await open('settings'); await signIn('ada'); await page.locator('[data-section="units"]').click(); await page.locator('[data-setting="units"]').waitFor(); }],
  ['a bed for an operator', ['occupied', 'MICU', 'See who patients are'], async () => { await open('floorplan/critical-care?role=desk'); await signIn('kim'); await openBed(); await panel().getByRole('button', { name: 'See who patients are' }).waitFor(); }],
])('given canaries in every personal field, when %s is shown and its picture is read, then its own words are found and no canary', async (name, words, show) => {
  await show();
  expect(await read(name, [...words, CANARY])).toEqual(words);
});

test('given who may see patients, when they look, then the reader finds the canary: it would have found one above', async () => {
  await open('floorplan/critical-care?role=desk');
  await signIn('shea');
  await openBed();
  await panel().getByRole('button', { name: 'Show patient' }).click();
  await panel().getByText(PATIENT.name).waitFor();
  expect(await read('a bed for a shift lead', [CANARY, PATIENT.id])).toEqual([CANARY, PATIENT.id]);
});
