import { describe, expect, test } from 'vitest';
import type { OrCaseItem, OrRoomItem } from '#shared/views/boards.ts';
import { frameItems, HOUR, metricItem, overviewItems } from '../fixtures/board-items.ts';
import { bedItem, PLAN } from '../fixtures/floorplan-items.ts';
import { startLinkServer } from '../fixtures/link-server.ts';
import { AT, BUILT, useDrawnPage } from '../rig/drawn-page.ts';

/** Smallest type on a wall at u = 16.5: 1u. */
const ONE_U = 16.5 * 1.376;

const BOARDS = ['#/overview', '#/floorplan/critical', '#/or'] as const;

const drawn = useDrawnPage();

describe('what is painted', () => {
  test('every number on a tile is the one that its view sent, with its window and moment', async () => {
    await drawn.open('#/overview');
    for (const [key, item] of Object.entries(drawn.views['overview'] ?? {})) {
      if (!key.startsWith('kpi:')) continue;
      const { metric, value, at, figure, scope } = item as { metric: string; value: number | null; at: number; figure: string; scope: object };
      const shown = await drawn.page.locator(`.metric [data-metric="${metric}"]`).evaluate((el) => ({ ...(el as HTMLElement).dataset }));
      expect(shown).toMatchObject({ metric, value: String(value), at: String(at), figure, scope: JSON.stringify(scope) });
    }
    expect(await drawn.page.locator('.metric').count()).toBe(Object.keys(drawn.views['overview'] ?? {}).filter((key) => key.startsWith('kpi:')).length);
  });

  test('what has no data is absent, and what is unknown says why', async () => {
    const items = overviewItems(AT);
    for (const key of Object.keys(items)) if (key !== 'kpi:census.discharges') delete items[key];
    drawn.views['overview'] = items;
    await drawn.open('#/overview');
    expect(await drawn.page.locator('.metric').count()).toBe(1);
    expect(await drawn.page.locator('.pressure, .after, .census').count()).toBe(0);
    expect(await drawn.page.locator('.metric').innerText()).toContain('no discharge feed today');
    expect(await drawn.page.locator('.metric .value').innerText()).toBe('–');
  });

  test('a case too short for its name has it beside its bar, for who points at it, and at a desk in a list', async () => {
    const room = drawn.views['or']?.['room:OR-12'] as unknown as OrRoomItem;
    const phaco = (n: number, from: number): OrCaseItem => ({ ...room.cases[0]!, key: `12/${n}`, label: 'Phacoemulsification', short: 'Phaco', scheduledStart: null, scheduledEnd: null, inRoom: AT - from * HOUR, outOfRoom: AT - (from - 0.25) * HOUR });
    drawn.views['or'] = { ...drawn.views['or'], 'room:OR-12': JSON.parse(JSON.stringify({ ...room, cases: [phaco(1, 6), phaco(2, 4)], turnovers: [] })) };
    await drawn.open('#/or?role=desk');
    const row = drawn.page.getByRole('img', { name: 'Room 12:' });
    expect(await row.locator('.label').allTextContents()).toEqual(['Phaco', 'Phaco']);
    expect(await row.locator('title').allTextContents()).toEqual(['Phacoemulsification, 08:32 to 08:47, done', 'Phacoemulsification, 10:32 to 10:47, done']);
    const listed = drawn.page.getByRole('list', { name: 'Cases by room' });
    expect(await listed.getByRole('listitem').filter({ hasText: 'Room 12' }).innerText()).toMatch(/Phacoemulsification, 08:32 to 08:47, done/);
    const cases = Object.entries(drawn.views['or'] ?? {}).filter(([key]) => key.startsWith('room:')).flatMap(([, item]) => (item as unknown as OrRoomItem).cases);
    expect(await listed.locator('li li').count()).toBe(cases.length);
  });

  test('a replay of constructed events says so', async () => {
    drawn.views['frame'] = frameItems(AT, { replay: true });
    await drawn.open('#/overview');
    expect(await drawn.page.locator('header').innerText()).toMatch(/REPLAY 60×[\s\S]*CONSTRUCTED/);
  });

  const FAR = [22.2, 36.9].flatMap((u) => BOARDS.map((board) => `${board}?u=${u}`));

  /** Seconds of silence after which a feed is lost; the replay runs at 60x, and what is stale is to stay so. */
  const LIMITS = { stale: 3_600, lost: 60 } as const;

  test.each([...BOARDS, ...FAR].flatMap((hash) => [[hash, 'live'], [hash, 'stale'], [hash, 'lost']] as const))('%s, %s: no type under 1u, nothing beyond the canvas or over another text', async (hash, age) => {
    const frame = frameItems(AT, { stale: true, lost: true, replay: true });
    const old = age === 'live' ? undefined : { lastContact: AT - 240_000, intervalSeconds: 30, silenceLimitSeconds: LIMITS[age] };
    drawn.views['frame'] = !old ? frame : { ...frame, 'feed:adt': { source: 'adt', title: 'ADT', ...old }, 'feed:or': { source: 'or', title: 'OR', ...old } };
    await drawn.open(hash);
    const faultsNow = () => drawn.page.evaluate((least) => {
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
        const line = element.closest('.feeds, .line, .legend, .side--title')?.getBoundingClientRect();
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
    // The first layout may still go by another face's widths; how long a busy machine takes to load ours is not what is tested.
    await expect.poll(faultsNow, { timeout: 15_000 }).toEqual([]);
  });

  test('on a 4K display the plan is drawn at the display\'s own resolution', async () => {
    await drawn.open('#/floorplan/critical', { width: 3840, height: 2160 });
    expect(await drawn.page.locator('canvas[data-patch^="bed "]').first().evaluate((c) => (c as HTMLCanvasElement).width / (c as HTMLCanvasElement).clientWidth)).toBeCloseTo(2, 1);
  });
});

describe('changes', () => {
  test('a patch is painted, named on the document element and acknowledged', async () => {
    await drawn.open('#/overview');
    const item = { ...metricItem(AT, { metric: 'beds.occupancy_rate', title: 'Occupancy', value: 0.512 }) };
    drawn.server.patch('overview', { 'kpi:beds.occupancy_rate': JSON.parse(JSON.stringify(item)) }, { eventTime: 8_888_888_888_888 });
    await drawn.page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] === '8888888888888');
    expect(await drawn.page.locator('.metric [data-metric="beds.occupancy_rate"]').innerText()).toMatch(/51\.2\s*%/);
    expect(await drawn.page.evaluate(() => document.documentElement.dataset['paintedRevision'])).toBe('2');
    await expect.poll(() => drawn.server.heard.some((m) => m.t === 'ack' && m.revision === 2)).toBe(true);
  });

  test('after a gap the view is asked for anew', async () => {
    await drawn.open('#/overview');
    const asked = (): number => drawn.server.heard.filter((m) => m.t === 'subscribe' && m.view === 'overview').length;
    drawn.server.patch('overview', { census: null }, { skip: true });
    await expect.poll(asked).toBe(2);
  });

  test('a changed bed is drawn anew, its neighbour is not touched', async () => {
    await drawn.open('#/floorplan/critical');
    const unit = PLAN.units[0];
    const [first, second] = unit?.beds ?? [];
    if (!unit || !first || !second) throw new Error('the plan has no beds');
    const pixel = (bed: typeof first): Promise<string> =>
      drawn.page.locator(`canvas[data-patch="bed ${unit.unit}/${bed.bed}"]`).evaluate((c, at) => [...((c as HTMLCanvasElement).getContext('2d')?.getImageData(at.x, at.y, 1, 1).data ?? [])].join(), {
        x: Math.round(bed.w / 2), y: 12,
      });
    const before = [await pixel(first), await pixel(second)];
    drawn.server.patch('floorplan', { [`bed:${unit.unit}/${first.bed}`]: JSON.parse(JSON.stringify({ ...bedItem(unit.unit, first.bed, 9, AT) })) }, { eventTime: 8_888_888_888_888 });
    await drawn.page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] === '8888888888888');
    expect(await pixel(first)).not.toBe(before[0]);
    expect(await pixel(second)).toBe(before[1]);
  });
});

describe('honesty', () => {
  test('when the core dies the header says so, and the page finds the next one by itself', async () => {
    await drawn.open('#/overview');
    const { port } = new URL(drawn.server.url);
    await drawn.server.close();
    await drawn.page.locator('header [role=alert]').filter({ hasText: 'NO LINK' }).waitFor();
    expect(await drawn.page.locator('.metric').count()).toBeGreaterThan(0);
    drawn.views['overview'] = { 'kpi:ed.boarders': overviewItems(AT)['kpi:ed.boarders'] ?? null };
    drawn.server = await startLinkServer(BUILT, (view) => drawn.views[view], Number(port));
    await expect.poll(() => drawn.page.locator('.metric').count(), { timeout: 30_000 }).toBe(1);
    expect(await drawn.page.locator('header').innerText()).not.toContain('NO LINK');
    drawn.complaints = drawn.complaints.filter((text) => !text.includes('ERR_CONNECTION_REFUSED') && !text.includes('WebSocket connection'));
  });
});
