import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventTypes } from '#shared/events/registry.ts';
import type { MetricResult } from '#shared/metrics/result.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { LinkPage } from '../rig/link-page.ts';
import { freePort } from '../rig/ports.ts';
import { vigil } from '../rig/vigil-run.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The demo hospital from ten in the morning of one day, an hour in six seconds. */
async function demo(data: string, ...flags: string[]) {
  const lines: string[] = [];
  const core = new CoreProcess(['--data', data, '--port', '0', '--mqtt-port', String(await freePort()), '--demo', '--day', '2026-03-03', '--begin', '10:00', '--speed', '600', ...flags], (line) => lines.push(line));
  ends.push(() => core.stop());
  const { wall } = await core.start();
  const page = await LinkPage.connect(wall);
  ends.push(() => page.close());
  return { core, page, lines, wall };
}

test('given a new store, when the demo is started, then the wall is full at once, says what it is, and goes on', async () => {
  const data = join(temporaryDir(), 'data');
  const { page, wall } = await demo(data, '--days-history', '0');
  const [frame, overview, rooms] = [await page.follow(1, 'frame'), await page.follow(2, 'overview'), await page.follow(3, 'or')];
  await page.wait('the frame to say what it is', () => {
    const item = frame.items['frame'] as { clock: { mode: string; speed: number }; constructed: boolean; beds: number } | undefined;
    return item?.clock.mode === 'demo' && item.clock.speed === 600 && item.constructed && item.beds === 612;
  });
  const value = (metric: string) => (Object.entries(overview.items).find(([key]) => key.startsWith(`kpi:${metric}`))?.[1] as MetricItem | undefined)?.value;
  expect(value('beds.occupancy')).toBeGreaterThan(0.8);
  expect(value('ed.nedocs')).toBeTypeOf('number');
  const census = (await (await fetch(`${wall}/api/v1/ops/metrics/ed.census`)).json()) as MetricResult;
  expect(census).toMatchObject({ value: expect.toSatisfy((n: number) => n > 0) as number });
  expect(Object.keys(overview.items).filter((key) => key.startsWith('unit:')).length).toBeGreaterThanOrEqual(24);
  expect(Object.keys(rooms.items).filter((key) => key.startsWith('room:'))).toHaveLength(14);
  // What comes after the history comes over the broker.
  const before = JSON.stringify(overview.items);
  await page.wait('the hospital to go on', () => JSON.stringify(overview.items) !== before);
});

test('given a demo that was stopped, when it is started again, then it goes on; with another seed it begins anew', async () => {
  const data = join(temporaryDir(), 'data');
  const first = await demo(data, '--days-history', '0');
  const overview = await first.page.follow(1, 'overview');
  const before = JSON.stringify(overview.items);
  await first.page.wait('the hospital to go on', () => JSON.stringify(overview.items) !== before);
  await first.core.stop();
  const again = await demo(data, '--days-history', '0');
  expect(again.lines.join('')).toMatch(/caught up with/);
  await again.core.stop();
  const other = await demo(data, '--days-history', '0', '--seed', '2');
  expect(other.lines.join('')).toMatch(/of history loaded/);
});

test("given a store with a hospital's events, when the demo is to use it, then it refuses and leaves it alone", async () => {
  const data = join(temporaryDir(), 'data');
  openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: true }).close();
  const { code, err } = await vigil(['demo', '--data', data, '--port', '0', '--mqtt-port', '0']);
  expect(code).toBe(1);
  expect(err).toMatch(/holds a hospital's events.*--data directory of its own/);
});

test('the file of a demo is the same for one seed, and of the contract', async () => {
  const run = (seed: string) => vigil(['demo', '--to', '-', '--days', '0.2', '--day', '2026-03-03', '--seed', seed]);
  const [one, again, other] = [await run('1'), await run('1'), await run('2')];
  expect(one.code).toBe(0);
  expect(again.out === one.out).toBe(true);
  expect(other.out === one.out).toBe(false);
  const lines = one.out.trimEnd().split('\n').map((line) => JSON.parse(line) as { type: string; data: unknown });
  expect(lines.length).toBeGreaterThan(5_000);
  expect(lines.every(({ type, data }) => eventTypes.get(type)?.data.safeParse(data).success)).toBe(true);
});

test('an unknown scenario is refused, naming those there are', async () => {
  const { code, err } = await vigil(['demo', '--data', join(temporaryDir(), 'data'), '--scenario', 'snow']);
  expect(code).toBe(1);
  expect(err).toMatch(/no scenario snow\. There are: analyser-outage, .*winter-surge/);
});
