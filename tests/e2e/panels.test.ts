import { describe, expect, test } from 'vitest';
import type { Items } from '#shared/link/messages.ts';
import { frameItems, HOUR, overviewItems } from '../fixtures/board-items.ts';
import { orItems } from '../fixtures/or-items.ts';
import { AT, useDrawnPage } from '../rig/drawn-page.ts';

const drawn = useDrawnPage();

/** The frame with every source silent for so long. */
function silentFor(seconds: number): Items {
  const items = frameItems(AT);
  for (const [key, item] of Object.entries(items)) {
    if (key.startsWith('feed:')) items[key] = { ...(item as object), lastContact: AT - seconds * 1000, intervalSeconds: 30, silenceLimitSeconds: 600 };
  }
  return items;
}

/** Each panel, and what in it comes from its sources. */
const PANELS = [
  ['#/overview', '.metric', '.figure:not(:text-is("–")), .spark, .pointer, .foot .line:not(:empty), .shape'],
  ['#/overview', '.pressure', '[data-value]:not([data-value="null"]), .cell:not(.cell--none), .cell--over'],
  ['#/overview', '.after', '[data-value], .bar, .level, .crit, .warn, text'],
  ['#/overview', '.census', '[data-value], path, circle, text'],
  ['#/or', '.holds', 'li, .crit, .warn'],
  ['#/or', '.timeline', '.planned, .done, .running, .predicted, .over, .gap, .end, .cancelled, .service:not(:empty), [class*="late--"]'],
] as const;

describe('age', () => {
  test.each(PANELS)('given sources that are lost, then on %s the panel %s says since when and shows nothing of them', async (board, panel, told) => {
    drawn.views['frame'] = silentFor(7200);
    await drawn.open(board);
    const found = drawn.page.locator(panel).first();
    await expect.poll(() => found.getAttribute('data-state')).toBe('lost');
    expect(await found.innerText()).toContain('NO DATA 12:32');
    expect(await drawn.page.locator(panel).locator(told).evaluateAll((all) => all.map((one) => one.outerHTML))).toEqual([]);
    expect(await drawn.page.locator(`${panel}.tile--crit, ${panel}.tile--warn`).count()).toBe(0);
    expect(await drawn.page.locator(panel).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? '').filter((label) => /\d+ (of|beds|now)/.test(label)))).toEqual([]);
  });

  test.each(PANELS)('given sources that are stale, then on %s the panel %s is hatched, says how old it is and shows what it last knew', async (board, panel, told) => {
    drawn.views['frame'] = silentFor(240);
    await drawn.open(board);
    const found = drawn.page.locator(panel).first();
    await expect.poll(() => found.getAttribute('data-state')).toBe('stale');
    expect(await found.innerText()).toContain('STALE 4 min');
    expect(await found.evaluate((one) => getComputedStyle(one, '::after').backgroundImage)).toContain('repeating-linear-gradient');
    expect(await drawn.page.locator(panel).locator(told).count()).toBeGreaterThan(0);
  });

  test('given operating rooms whose source is lost, then the heading counts none of them', async () => {
    await drawn.open('#/or');
    expect(await drawn.page.locator('header').innerText()).toContain('13 of 14 rooms open');
    await drawn.page.close();
    drawn.views['frame'] = silentFor(7200);
    await drawn.open('#/or');
    expect(await drawn.page.locator('header').innerText()).not.toContain('rooms open');
  });
});

describe('what a number is', () => {
  const tile = (metric: string) => drawn.page.locator('.metric', { has: drawn.page.locator(`[data-metric="${metric}"]`) });

  test.each([16.5, 22.2, 36.9])('with type of %d px tiles name scope, definition, window, and unit and span of the change', async (u) => {
    drawn.views['overview'] = Object.fromEntries(Object.entries(overviewItems(AT)).filter(([key]) => /kpi:(lab|ed.length)/.test(key)));
    await drawn.open(`#/overview?u=${u}`);
    expect((await tile('lab.turnaround').innerText()).replace(/\s+/g, ' ')).toMatch(/Lab p90 STAT, collected to reported 52 min ≤60 8 h ▼3 min in 2 h 9 s/);
    expect(await tile('lab.turnaround').getAttribute('aria-label')).toContain('Lab turnaround, STAT, collected to reported: p90 52 min, normal ≤60, 8 h, down 3 min in 2 h');
    expect((await tile('ed.length_of_stay').innerText()).replace(/\s+/g, ' ')).toMatch(/ED stay p90 arrival to departure 4 h 24 ≤4 h 88 in 8 h ▲12 min in 2 h/);
  });

  test.each([16.5, 22.2, 36.9])('with type of %d px the tile of utilisation says which one it is', async (u) => {
    await drawn.open(`#/or?u=${u}`);
    expect((await tile('or.utilisation').innerText()).replace(/\s+/g, ' ')).toMatch(/Utilisation in-room \+ turnover 74 %.*today.*▲2 pp in 2 h/);
  });
});

test('given an outage in a course, then its line is broken there', async () => {
  const items = overviewItems(AT);
  const occupancy = items['kpi:beds.occupancy_rate'] as { trend: [number, number][] };
  occupancy.trend = occupancy.trend.filter(([t]) => t < AT - 4 * HOUR || t > AT - 3 * HOUR);
  const census = items['census'] as { points: [number, number][] };
  census.points = census.points.filter(([t]) => t < AT - 4 * HOUR || t > AT - 3 * HOUR);
  drawn.views['overview'] = items;
  await drawn.open('#/overview');
  const lines = (panel: string) => drawn.page.locator(`${panel} path[stroke="var(--data)"]`).first().evaluate((path) => (path.getAttribute('d') ?? '').split('M').length - 1);
  expect([await lines('.metric'), await lines('.census')]).toEqual([2, 2]);
});

test('given a cancelled case, then its plan is crossed out, and the legend says what that means', async () => {
  const items = orItems(AT);
  const room = items['room:OR-6'] as { cases: { state: string }[] };
  room.cases.at(-1)!.state = 'cancelled';
  drawn.views['or'] = items;
  await drawn.open('#/or');
  expect(await drawn.page.locator('.timeline .cancelled').count()).toBe(1);
  expect(await drawn.page.getByRole('img', { name: /^Room 6: 4 cases, 1 cancelled/ }).count()).toBe(1);
  expect(await drawn.page.getByRole('list', { name: 'Legend' }).innerText()).toContain('cancelled');
});

test('given a patient who waits for a bed, when the bed in which the patient lies is pressed, then it says that the waiting is done there', async () => {
  await drawn.open('#/floorplan/critical?role=desk');
  await drawn.page.getByRole('button', { name: 'Bed 7 of MICU', exact: true }).click();
  expect(await drawn.page.locator('[data-bed-panel]').innerText()).toContain('Waits here for an inpatient bed since 09:32');
});
