import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/json.ts';
import type { Items } from '#shared/link/messages.ts';
import { frameItems } from '../fixtures/board-items.ts';
import { AT, useDrawnPage } from '../rig/drawn-page.ts';

const drawn = useDrawnPage();
const FEEDS = ['ADT', 'Beds', 'ED', 'OR', 'ICU', 'Lab', 'Imaging', 'Pharmacy', 'Revenue', 'Staffing'];

test('given a site of which no source was heard, then the footer says so in words', async () => {
  drawn.views['frame'] = { frame: frameItems(AT)['frame'] ?? null };
  await drawn.open('#/overview');
  expect(await drawn.page.locator('footer').innerText()).toMatch(/Data age\s+nothing was heard from any source yet/);
});

test.each([[6, true], [10, false]])('given %i feeds, then the age of each is seen, and the name of the site where they leave room for it (%s)', async (many, named) => {
  const feeds = FEEDS.slice(0, many).map((title) => [`feed:${title}`, { source: title, title, lastContact: AT - 50_000, intervalSeconds: 60, silenceLimitSeconds: 600 }] as const);
  drawn.views['frame'] = { frame: { ...(frameItems(AT)['frame'] as object), title: 'Demo hospital (simulated)' } as Json, ...Object.fromEntries(feeds) };
  await drawn.open('#/overview');
  const seen = (selector: string) => drawn.page.locator(`footer ${selector}`).evaluateAll((all) => {
    const { bottom } = document.querySelector('footer')!.getBoundingClientRect();
    return all.filter((one) => one.getBoundingClientRect().bottom <= bottom).length;
  });
  await expect.poll(() => seen('[data-feed]')).toBe(many);
  expect(await seen('.site')).toBe(named ? 1 : 0);
});

describe('a floor plan whose sources fall silent', () => {
  const contact = (secondsAgo: number, key = 'bed'): Items => ({ [`feed:${key}`]: { source: key, title: key, lastContact: AT - secondsAgo * 1000, intervalSeconds: 30, silenceLimitSeconds: 300 } });
  /** As the invented plan has them. */
  const [OCCUPIED, FREE] = ['bed MICU/1', 'bed MICU/10'];
  const look = (patch: string): Promise<string> => drawn.page.locator(`canvas[data-patch="${patch}"]`).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const label = () => drawn.page.locator('.plan[role="img"]').getAttribute('aria-label');
  const told = (text: RegExp) => expect.poll(label, { timeout: 10_000 }).toMatch(text);

  test('given a bed system that is stale, then what it tells of a free bed looks stale, an occupied one does not; once it speaks again all is as before', async () => {
    await drawn.open('#/floorplan/critical');
    const before = { occupied: await look(OCCUPIED), free: await look(FREE), ground: await look('ground MICU') };
    expect(await label()).toBe('Floor plan: Floor plan');
    drawn.server.patch('frame', contact(240));
    await told(/MICU STALE 4 min/);
    await expect.poll(() => look(FREE)).not.toBe(before.free);
    expect(await look(OCCUPIED)).toBe(before.occupied);
    expect(await look('ground MICU')).not.toBe(before.ground);
    drawn.server.patch('frame', contact(0));
    await told(/^Floor plan: Floor plan$/);
    await expect.poll(() => look(FREE)).toBe(before.free);
    expect(await look('ground MICU')).toBe(before.ground);
  });

  test('given sources that are lost, then no bed shows what they said last, nor any figure of its unit', async () => {
    await drawn.open('#/floorplan/critical');
    const [before, pods] = [await look(OCCUPIED), await look('pods MICU')];
    drawn.server.patch('frame', contact(240, 'adt'));
    await told(/STALE/);
    await expect.poll(() => look(OCCUPIED)).not.toBe(before);
    const stale = await look(OCCUPIED);
    drawn.server.patch('frame', { ...contact(400, 'adt'), ...contact(400) });
    await told(/MICU NO DATA 14:25/);
    await expect.poll(() => look(OCCUPIED)).not.toBe(stale);
    const nothing = await look(OCCUPIED);
    // Whatever its item says now, nothing of it is drawn.
    drawn.server.patch('floorplan', { 'bed:MICU/1': { unit: 'MICU', bed: '1', status: 'dirty', since: AT } }, { eventTime: 8_888_888_888_888 });
    await drawn.page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] === '8888888888888');
    expect(await look(OCCUPIED)).toBe(nothing);
    expect(await look('pods MICU')).not.toBe(pods);
  });

  test('while sources are heard, ages that pass draw nothing anew', async () => {
    await drawn.open('#/floorplan/critical');
    await drawn.page.evaluate(() => {
      const { clearRect } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.clearRect = function (...args) {
        document.body.dataset['drawn'] = `${document.body.dataset['drawn'] ?? ''} ${this.canvas.dataset['patch']}`;
        return clearRect.apply(this, args);
      };
    });
    for (const [seconds, state] of [[45, 'ageing'], [2, 'fresh'], [80, 'ageing']] as const) {
      drawn.server.patch('frame', { ...contact(seconds), ...contact(seconds, 'adt') });
      for (const feed of ['adt', 'bed']) await drawn.page.locator(`footer [data-feed="${feed}"][data-state="${state}"]`).waitFor();
    }
    expect(await drawn.page.evaluate(() => document.body.dataset['drawn'])).toBeUndefined();
  });
});

test('without further contact a tile goes stale and then loses its value, with nobody telling it', async () => {
  const quick = { source: 'adt', title: 'ADT', lastContact: AT, intervalSeconds: 1, silenceLimitSeconds: 8 };
  drawn.views['frame'] = { ...frameItems(AT), 'feed:adt': quick };
  await drawn.open('#/overview');
  const tile = drawn.page.locator('.metric', { has: drawn.page.locator('[data-metric="beds.occupancy_rate"]') });
  await expect.poll(() => tile.getAttribute('data-state'), { timeout: 30_000, interval: 100 }).toBe('stale');
  expect(await tile.innerText()).toContain('STALE');
  await expect.poll(() => tile.getAttribute('data-state'), { timeout: 30_000, interval: 100 }).toBe('lost');
  expect(await tile.innerText()).toMatch(/NO DATA 14:32/);
  expect(await tile.locator('.value').innerText()).toBe('–');
  expect(await drawn.page.locator('footer').innerText()).toContain('ADT NO DATA');
});
