import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { AccessStore } from '#core/access/access-store.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PASSWORD = 'correct horse battery';
/** Sixteen times less than what is usual: the tests ask for many. */
const CHEAP = { N: 2 ** 11, r: 8, p: 3 };
const MINUTE = 60_000;
let files = 0;
let now: number;
let store: AccessStore;
beforeEach(() => {
  now = 1_700_000_000_000;
  store = new AccessStore(join(dir, `${++files}.access.db`), loadSiteKey(DEFAULT_SITE), () => now, CHEAP);
});
afterEach(() => store.close());

const login = (name = 'ann', password = PASSWORD) => store.signIn({ name, password }, '127.0.0.1');

test('given wrong attempts, when they go on, then the next must wait, longer each time, also for the right password, and for names that are none', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD });
  const status = (attempt: Promise<unknown>) => attempt.then(() => 201, (error: { status: number }) => error.status);
  for (const name of ['ann', 'nobody']) {
    for (let n = 0; n < 3; n++) expect(await status(login(name, 'wrong'))).toBe(401);
    expect(await status(login(name))).toBe(429);
  }
  const waits: number[] = [];
  for (let n = 0; n < 4; n++) {
    const refused = await login().catch((error: { retryAfter: number }) => error);
    waits.push((refused as { retryAfter: number }).retryAfter);
    now += waits.at(-1)! * 1_000;
    expect(await status(login('ann', 'wrong'))).toBe(401);
  }
  expect(waits).toEqual([1, 2, 4, 8]);
  now += 15 * MINUTE;
  expect(await status(login())).toBe(201);
  expect(await status(login('ann', 'wrong'))).toBe(401);
  // Many at once are no way round.
  const burst = await Promise.all(Array.from({ length: 8 }, () => status(login('ann', 'wrong'))));
  expect(burst.filter((one) => one === 401)).toHaveLength(2);
});

/** An attempt every three minutes for a day: its minutes. */
const ATTEMPTS = Array.from({ length: (24 * 60) / 3 }, (_, n) => n * 3);
const from = (address: string, password = 'wrong') => store.signIn({ name: 'ann', password }, address).then(() => 201, (error: { status: number }) => error.status);

test('given somebody who guesses from another address all day, when its owner signs in, then they need not wait, and are no help to the other', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD });
  let guesses = 0;
  for (const minute of ATTEMPTS) {
    now += 3 * MINUTE;
    if ((await from('10.0.0.66')) === 401) guesses++;
    if (minute % 30 === 0) expect(await from('10.0.0.7', PASSWORD)).toBe(201);
  }
  expect(guesses).toBeGreaterThan(80);
  expect(guesses).toBeLessThan(120);
  // Nor by a name that is written like what is counted for them.
  for (const name of ['10.0.0.7 ann', 'at 10.0.0.7 ann', 'ann 10.0.0.7']) for (let n = 0; n < 4; n++) await store.signIn({ name, password: 'wrong' }, `10.0.1.${n}`).catch(() => undefined);
  expect(await from('10.0.0.7', PASSWORD)).toBe(201);
});

test('given guesses at one name from ever other addresses, then they must wait all the same', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD });
  let guesses = 0;
  for (const minute of ATTEMPTS) {
    now += 3 * MINUTE;
    if ((await from(`10.0.${minute >> 8}.${minute & 255}`)) === 401) guesses++;
  }
  expect(guesses).toBeLessThan(140);
});

test('given somebody with a badge of their own, when they try others in between, then they must wait all the same; a misread now and then costs a kiosk nothing', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], badge: 'CARD-77-1234' });
  const show = (badge: string, from = 'kiosk') => store.signIn({ badge }, from).then(() => 201, (error: { status: number }) => error.status);
  let guesses = 0;
  // An hour of it, an attempt a second.
  for (let n = 0; n < 60 * 60; n += 2) {
    now += 2_000;
    if ((await show(`CARD-${n}`)) === 401) guesses++;
    await show('CARD-77-1234');
  }
  expect(guesses).toBeLessThan(24);
  for (let n = 0; n < 300; n++) {
    now += MINUTE;
    if (n % 10 === 0) expect(await show('misread', 'another kiosk')).toBe(401);
    expect(await show('CARD-77-1234', 'another kiosk')).toBe(201);
  }
});
