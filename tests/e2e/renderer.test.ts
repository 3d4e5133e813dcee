import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Items } from '#shared/link/messages.ts';
import type { OrCaseItem, OrRoomItem } from '#shared/views/boards.ts';
import { frameItems, HOUR, metricItem, overviewItems } from '../fixtures/board-items.ts';
import { bedItem, floorplanItems, PLAN } from '../fixtures/floorplan-items.ts';
import { startLinkServer } from '../fixtures/link-server.ts';
import type { LinkServer } from '../fixtures/link-server.ts';
import { orItems } from '../fixtures/or-items.ts';

const BUILT = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const AT = Date.UTC(2025, 10, 18, 14, 32, 7);
/** Smallest type on a wall at u = 16.5: 1u. */
const ONE_U = 16.5 * 1.376;

const BOARDS = ['#/overview', '#/floorplan/critical', '#/or'] as const;

let browser: Browser;
let server: LinkServer;
let views: Record<string, Items>;
let page: Page;
let complaints: string[];

const painted = (target: Page): Promise<unknown> => target.waitForFunction(() => document.documentElement.dataset['paintedRevision'] !== undefined);

async function open(hash: string, size = { width: 1920, height: 1080 }): Promise<void> {
  page = await browser.newPage({ viewport: size });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(`${server.url}/${hash}`);
  await painted(page);
  await page.evaluate(() => document.fonts.ready);
}

beforeAll(async () => {
  if (!existsSync(`${BUILT}/index.html`)) throw new Error('out/renderer is missing: npm run build');
  browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(() => browser.close());

beforeEach(async () => {
  complaints = [];
  views = { frame: frameItems(AT), overview: overviewItems(AT), floorplan: floorplanItems(AT), or: orItems(AT) };
  server = await startLinkServer(BUILT, (view) => views[view]);
});
afterEach(async () => {
  await page.close();
  await server.close();
  expect(complaints).toEqual([]);
});

describe('what is painted', () => {
  test('every number on a tile is the one that its view sent, with its window and moment', async () => {
    await open('#/overview');
    for (const [key, item] of Object.entries(views['overview'] ?? {})) {
      if (!key.startsWith('kpi:')) continue;
      const { metric, value, at, figure, scope } = item as { metric: string; value: number | null; at: number; figure: string; scope: object };
      const shown = await page.locator(`.metric [data-metric="${metric}"]`).evaluate((el) => ({ ...(el as HTMLElement).dataset }));
      expect(shown).toMatchObject({ metric, value: String(value), at: String(at), figure, scope: JSON.stringify(scope) });
    }
    expect(await page.locator('.metric').count()).toBe(Object.keys(views['overview'] ?? {}).filter((key) => key.startsWith('kpi:')).length);
  });

  test('what has no data is absent, and what is unknown says why', async () => {
    const items = overviewItems(AT);
    for (const key of Object.keys(items)) if (key !== 'kpi:census.discharges') delete items[key];
    views['overview'] = items;
    await open('#/overview');
    expect(await page.locator('.metric').count()).toBe(1);
    expect(await page.locator('.pressure, .after, .census').count()).toBe(0);
    expect(await page.locator('.metric').innerText()).toContain('no discharge feed today');
    expect(await page.locator('.metric .value').innerText()).toBe('–');
  });

  test('a case too short for its name has it beside its bar, for who points at it, and at a desk in a list', async () => {
    const room = views['or']?.['room:OR-12'] as unknown as OrRoomItem;
    const phaco = (n: number, from: number): OrCaseItem => ({ ...room.cases[0]!, key: `12/${n}`, label: 'Phacoemulsification', short: 'Phaco', scheduledStart: null, scheduledEnd: null, inRoom: AT - from * HOUR, outOfRoom: AT - (from - 0.25) * HOUR });
    views['or'] = { ...views['or'], 'room:OR-12': JSON.parse(JSON.stringify({ ...room, cases: [phaco(1, 6), phaco(2, 4)], turnovers: [] })) };
    await open('#/or?role=desk');
    const row = page.getByRole('img', { name: 'Room 12:' });
    expect(await row.locator('.label').allTextContents()).toEqual(['Phaco', 'Phaco']);
    expect(await row.locator('title').allTextContents()).toEqual(['Phacoemulsification, 08:32 to 08:47, done', 'Phacoemulsification, 10:32 to 10:47, done']);
    const listed = page.getByRole('list', { name: 'Cases by room' });
    expect(await listed.getByRole('listitem').filter({ hasText: 'Room 12' }).innerText()).toMatch(/Phacoemulsification, 08:32 to 08:47, done/);
    const cases = Object.entries(views['or'] ?? {}).filter(([key]) => key.startsWith('room:')).flatMap(([, item]) => (item as unknown as OrRoomItem).cases);
    expect(await listed.locator('li li').count()).toBe(cases.length);
  });

  test('a replay of constructed events says so', async () => {
    views['frame'] = frameItems(AT, { replay: true });
    await open('#/overview');
    expect(await page.locator('header').innerText()).toMatch(/REPLAY 60×[\s\S]*CONSTRUCTED/);
  });

  const FAR = [22.2, 36.9].flatMap((u) => BOARDS.map((board) => `${board}?u=${u}`));

  test.each([...BOARDS, ...FAR].flatMap((hash) => [[hash, 'live'], [hash, 'stale']] as const))('%s, %s: no type under 1u, nothing beyond the canvas or over another text', async (hash, age) => {
    const frame = frameItems(AT, { stale: true, lost: true, replay: true });
    const old = { lastContact: AT - 240_000, intervalSeconds: 30, silenceLimitSeconds: 300 };
    views['frame'] = age === 'live' ? frame : { ...frame, 'feed:adt': { source: 'adt', title: 'ADT', ...old }, 'feed:or': { source: 'or', title: 'OR', ...old } };
    await open(hash);
    const faultsNow = () => page.evaluate((least) => {
      const found: string[] = [];
      const headline: DOMRect[] = [];
      const walk = document.createTreeWalker(document.querySelector('.canvas') as Node, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.textContent?.trim();
        const element = node.parentElement;
        if (!text || !element || element.closest('.sr-only, title, [popover]')) continue;
        if (parseFloat(getComputedStyle(element).fontSize) < least - 0.1) found.push(`small: ${text}`);
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        // A footer or legend that has no room for its last entries leaves them out whole, below its one line.
        const line = element.closest('.feeds, .legend, .side--title')?.getBoundingClientRect();
        if (line && box.top >= line.bottom) continue;
        if (box.left < 0 || box.top < 0 || box.right > 1920.5 || box.bottom > 1080.5) found.push(`beyond: ${text}`);
        const tile = element.closest('.tile')?.getBoundingClientRect();
        if (element.closest('header')) {
          const over = headline.some((other) => box.left < other.right - 1 && box.right > other.left + 1 && box.top < other.bottom - 12 && box.bottom > other.top + 12);
          if (over) found.push(`over another text: ${text}`);
          headline.push(box);
        }
        if (tile && (box.right > tile.right + 0.5 || box.bottom > tile.bottom + 0.5) && getComputedStyle(element).overflow !== 'hidden') found.push(`out of its tile: ${text}`);
      }
      return found;
    }, ONE_U);
    // The first layout may still go by another face's widths.
    await expect.poll(faultsNow).toEqual([]);
  });

  test('on a 4K display the plan is drawn at the display\'s own resolution', async () => {
    await open('#/floorplan/critical', { width: 3840, height: 2160 });
    expect(await page.locator('canvas[data-patch^="bed "]').first().evaluate((c) => (c as HTMLCanvasElement).width / (c as HTMLCanvasElement).clientWidth)).toBeCloseTo(2, 1);
  });
});

describe('changes', () => {
  test('a patch is painted, named on the document element and acknowledged', async () => {
    await open('#/overview');
    const item = { ...metricItem(AT, { metric: 'beds.occupancy_rate', title: 'Occupancy', value: 0.512 }) };
    server.patch('overview', { 'kpi:beds.occupancy_rate': JSON.parse(JSON.stringify(item)) }, { eventTime: 8_888_888_888_888 });
    await page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] === '8888888888888');
    expect(await page.locator('.metric [data-metric="beds.occupancy_rate"]').innerText()).toMatch(/51\.2\s*%/);
    expect(await page.evaluate(() => document.documentElement.dataset['paintedRevision'])).toBe('2');
    await expect.poll(() => server.heard.some((m) => m.t === 'ack' && m.revision === 2)).toBe(true);
  });

  test('after a gap the view is asked for anew', async () => {
    await open('#/overview');
    const asked = (): number => server.heard.filter((m) => m.t === 'subscribe' && m.view === 'overview').length;
    server.patch('overview', { census: null }, { skip: true });
    await expect.poll(asked).toBe(2);
  });

  test('a changed bed is drawn anew, its neighbour is not touched', async () => {
    await open('#/floorplan/critical');
    const unit = PLAN.units[0];
    const [first, second] = unit?.beds ?? [];
    if (!unit || !first || !second) throw new Error('the plan has no beds');
    const pixel = (bed: typeof first): Promise<string> =>
      page.locator(`canvas[data-patch="bed ${unit.unit}/${bed.bed}"]`).evaluate((c, at) => [...((c as HTMLCanvasElement).getContext('2d')?.getImageData(at.x, at.y, 1, 1).data ?? [])].join(), {
        x: Math.round(bed.w / 2), y: 12,
      });
    const before = [await pixel(first), await pixel(second)];
    server.patch('floorplan', { [`bed:${unit.unit}/${first.bed}`]: JSON.parse(JSON.stringify({ ...bedItem(unit.unit, first.bed, 9, AT) })) }, { eventTime: 8_888_888_888_888 });
    await page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] === '8888888888888');
    expect(await pixel(first)).not.toBe(before[0]);
    expect(await pixel(second)).toBe(before[1]);
  });
});

describe('honesty', () => {
  test('when the core dies the header says so, and the page finds the next one by itself', async () => {
    await open('#/overview');
    const { port } = new URL(server.url);
    await server.close();
    await page.locator('header [role=alert]').filter({ hasText: 'NO LINK' }).waitFor();
    expect(await page.locator('.metric').count()).toBeGreaterThan(0);
    views['overview'] = { 'kpi:ed.boarders': overviewItems(AT)['kpi:ed.boarders'] ?? null };
    server = await startLinkServer(BUILT, (view) => views[view], Number(port));
    await expect.poll(() => page.locator('.metric').count(), { timeout: 30_000 }).toBe(1);
    expect(await page.locator('header').innerText()).not.toContain('NO LINK');
    complaints = complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED') && !text.includes('WebSocket connection'));
  });

  test('given a site of which no source was heard, then the footer says so in words', async () => {
    views['frame'] = { frame: frameItems(AT)['frame'] ?? null };
    await open('#/overview');
    expect(await page.locator('footer').innerText()).toMatch(/Data age\s+nothing was heard from any source yet/);
  });

  describe('of a floor plan whose sources fall silent', () => {
    const contact = (secondsAgo: number, key = 'bed'): Items => ({ [`feed:${key}`]: { source: key, title: key, lastContact: AT - secondsAgo * 1000, intervalSeconds: 30, silenceLimitSeconds: 300 } });
    /** As the invented plan has them. */
    const [OCCUPIED, FREE] = ['bed MICU/1', 'bed MICU/10'];
    const drawn = (patch: string): Promise<string> => page.locator(`canvas[data-patch="${patch}"]`).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const label = () => page.locator('.plan[role="img"]').getAttribute('aria-label');
    const told = (text: RegExp) => expect.poll(label, { timeout: 10_000 }).toMatch(text);

    test('given a bed system that is stale, then what it tells of a free bed looks stale, an occupied one does not; once it speaks again all is as before', async () => {
      await open('#/floorplan/critical');
      const before = { occupied: await drawn(OCCUPIED), free: await drawn(FREE), ground: await drawn('ground MICU') };
      expect(await label()).toBe('Floor plan: Floor plan');
      server.patch('frame', contact(240));
      await told(/MICU STALE 4 min/);
      await expect.poll(() => drawn(FREE)).not.toBe(before.free);
      expect(await drawn(OCCUPIED)).toBe(before.occupied);
      expect(await drawn('ground MICU')).not.toBe(before.ground);
      server.patch('frame', contact(0));
      await told(/^Floor plan: Floor plan$/);
      await expect.poll(() => drawn(FREE)).toBe(before.free);
      expect(await drawn('ground MICU')).toBe(before.ground);
    });

    test('given sources that are lost, then no bed shows what they said last, nor any figure of its unit', async () => {
      await open('#/floorplan/critical');
      const [before, pods] = [await drawn(OCCUPIED), await drawn('pods MICU')];
      server.patch('frame', contact(240, 'adt'));
      await told(/STALE/);
      await expect.poll(() => drawn(OCCUPIED)).not.toBe(before);
      const stale = await drawn(OCCUPIED);
      server.patch('frame', { ...contact(400, 'adt'), ...contact(400) });
      await told(/MICU NO DATA 14:25/);
      await expect.poll(() => drawn(OCCUPIED)).not.toBe(stale);
      const nothing = await drawn(OCCUPIED);
      // Whatever its item says now, nothing of it is drawn.
      server.patch('floorplan', { 'bed:MICU/1': { unit: 'MICU', bed: '1', status: 'dirty', since: AT } }, { eventTime: 8_888_888_888_888 });
      await page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] === '8888888888888');
      expect(await drawn(OCCUPIED)).toBe(nothing);
      expect(await drawn('pods MICU')).not.toBe(pods);
    });

    test('while sources are heard, ages that pass draw nothing anew', async () => {
      await open('#/floorplan/critical');
      await page.evaluate(() => {
        const { clearRect } = CanvasRenderingContext2D.prototype;
        CanvasRenderingContext2D.prototype.clearRect = function (...args) {
          document.body.dataset['drawn'] = `${document.body.dataset['drawn'] ?? ''} ${this.canvas.dataset['patch']}`;
          return clearRect.apply(this, args);
        };
      });
      for (const [seconds, state] of [[45, 'ageing'], [2, 'fresh'], [80, 'ageing']] as const) {
        server.patch('frame', { ...contact(seconds), ...contact(seconds, 'adt') });
        for (const feed of ['adt', 'bed']) await page.locator(`footer [data-feed="${feed}"][data-state="${state}"]`).waitFor();
      }
      expect(await page.evaluate(() => document.body.dataset['drawn'])).toBeUndefined();
    });
  });

  test('without further contact a tile goes stale and then loses its value, with nobody telling it', async () => {
    const quick = { source: 'adt', title: 'ADT', lastContact: AT, intervalSeconds: 1, silenceLimitSeconds: 8 };
    views['frame'] = { ...frameItems(AT), 'feed:adt': quick };
    await open('#/overview');
    const tile = page.locator('.metric', { has: page.locator('[data-metric="beds.occupancy_rate"]') });
    await expect.poll(() => tile.getAttribute('data-state'), { timeout: 30_000, interval: 100 }).toBe('stale');
    expect(await tile.innerText()).toContain('STALE');
    await expect.poll(() => tile.getAttribute('data-state'), { timeout: 30_000, interval: 100 }).toBe('lost');
    expect(await tile.innerText()).toMatch(/NO DATA 14:32/);
    expect(await tile.locator('.value').innerText()).toBe('–');
    expect(await page.locator('footer').innerText()).toContain('ADT NO DATA');
  });
});
