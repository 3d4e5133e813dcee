import { expect, test } from 'vitest';
import { retryDelay } from '../../../renderer/link/backoff.ts';
import { socketUrl } from '../../../renderer/link/socket.ts';
import { shortLabel } from '../../../renderer/floorplan/bed-marks.ts';
import { stripDisplay, stripLayout } from '../../../renderer/panels/strip-layout.ts';
import { spanText } from '../../../renderer/panels/metric-tile.ts';
import { burnInShift, canvasScale, zoomOf } from '../../../renderer/shell/canvas.ts';
import { parseScreen } from '../../../renderer/shell/route.ts';
import { densityOf } from '../../../renderer/stores/display.ts';
import { metricItem } from '../../fixtures/board-items.ts';

const HOUR = 3_600_000;
/** A face whose letters are all 11 px wide. */
const measure = (text: string): number => text.length * 11;
const full = stripDisplay('full', 1, 'wall');

test('the address says which board, and parameters may stand on either side of the hash', () => {
  expect(parseScreen('', '')).toMatchObject({ route: { board: 'overview' }, u: 16.5, theme: 'dark', role: 'wall' });
  expect(parseScreen('?u=17.2', '#/floorplan/icu%201?theme=light')).toMatchObject({ route: { board: 'floorplan', plan: 'icu 1' }, u: 17.2, theme: 'light' });
  expect(parseScreen('', '#/or?role=desk').role).toBe('desk');
});

test.each(['', '0', 'x', '4000', '-3'])('a unit of "%s" px is not believed', (u) => {
  expect(parseScreen(`?u=${u}`, '').u).toBe(16.5);
});

test('boards turn only when there are two of them and a time', () => {
  expect(parseScreen('?rotate=30:overview,floorplan/icu,nonsense', '').rotation).toEqual({ seconds: 30, routes: [{ board: 'overview' }, { board: 'floorplan', plan: 'icu' }] });
  expect(parseScreen('?rotate=30:overview', '').rotation).toBeUndefined();
  expect(parseScreen('?rotate=0:overview,or', '').rotation).toBeUndefined();
});

test.each([[16.5, 'full'], [18, 'full'], [22.2, 'half'], [36.9, 'single']] as const)('a unit of %d px holds a %s layout', (u, density) => {
  expect(densityOf(u)).toBe(density);
});

test.each([[1920, 960, 'desk', 2], [1936, 1920, 'desk', 1], [1280, 1920, 'desk', 1], [1920, 960, 'wall', 1], [1920, 960, 'kiosk', 1]] as const)('a window of %d px that holds %d px of a %s is enlarged %d times', (outer, inner, role, zoom) => {
  expect(zoomOf(outer, inner, role)).toBe(zoom);
});

test('given a page that is enlarged twice, then the canvas is drawn as large as it was, in px that are twice as large', () => {
  expect([canvasScale(1920, 1080, 1), canvasScale(960, 540, 2)]).toEqual([1, 1]);
  expect(canvasScale(960, 540, 1)).toBe(0.5);
});

test('against burn-in the frame wanders by at most 6 px, 1 px at a time, and comes back', () => {
  const lap = Array.from({ length: 121 }, (_, minute) => burnInShift(minute));
  expect(Math.max(...lap.map(({ x, y }) => Math.max(Math.abs(x), Math.abs(y))))).toBe(6);
  for (const [i, { x, y }] of lap.slice(1).entries()) {
    expect(Math.abs(x - (lap[i]?.x ?? 0))).toBeLessThanOrEqual(1);
    expect(Math.abs(y - (lap[i]?.y ?? 0))).toBeLessThanOrEqual(1);
  }
  expect({ x: Math.abs(lap[120]?.x ?? 9), y: Math.abs(lap[120]?.y ?? 9) }).toEqual({ x: 0, y: 0 });
});

test('the link is on the page\'s own host, encrypted where the page is', () => {
  expect(socketUrl({ protocol: 'http:', host: '127.0.0.1:8073' })).toBe('ws://127.0.0.1:8073/link');
  expect(socketUrl({ protocol: 'https:', host: 'wall.example' })).toBe('wss://wall.example/link');
});

test('retries wait longer each time, up to ten seconds, never at one moment with the others', () => {
  expect(retryDelay(0, 0)).toBe(125);
  expect(retryDelay(0, 1)).toBe(250);
  expect(retryDelay(3, 1)).toBe(2000);
  expect(retryDelay(500, 1)).toBe(10_000);
});

test('tiles fill their row by count; a second row begins beyond nine', () => {
  const titles = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `kpi:${i}`, text: 'Occupancy' }));
  expect(stripLayout(titles(4), 'tall', full, measure)).toMatchObject({ rows: 1, across: 4, widths: [459, 459, 459, 459] });
  expect(stripLayout(titles(11), 'tall', full, measure)).toMatchObject({ rows: 2, across: 6 });
  expect(stripLayout(titles(11), 'tall', { ...full, density: 'half' }, measure).keys).toHaveLength(4);
  expect(stripLayout([], 'tall', full, measure).height).toBe(0);
});

test('a longer title makes the whole strip higher', () => {
  const short = stripLayout([{ key: 'a', text: 'Boarders' }], 'tall', full, measure);
  const nine = Array.from({ length: 9 }, (_, i) => ({ key: String(i), text: 'Utilisation in-room + turnover, prime time' }));
  expect(stripLayout(nine, 'tall', full, measure).height).toBeGreaterThan(short.height);
});

test('one long title makes its own tile wider before it makes all of them higher', () => {
  const titles = Array.from({ length: 9 }, (_, i) => ({ key: String(i), text: i === 4 ? 'Lab turnaround p90 of 0000\ncollected to reported' : 'Boarders' }));
  const { widths } = stripLayout(titles, 'tall', full, measure);
  expect(widths[4]).toBeGreaterThan(widths[0] ?? 0);
  expect(widths.reduce((sum, width) => sum + width, 0) + 8 * 12).toBeCloseTo(1872);
});

test('a definition stands on a line of its own', () => {
  const height = (text: string): number => stripLayout([{ key: 'a', text }], 'tall', full, measure).labelHeight;
  expect(height('Boarders\nadmitted')).toBe(2 * height('Boarders'));
  expect(height('Boarders admitted')).toBe(height('Boarders'));
});

test('given a first word for which the marks leave no room, then it stands below them', () => {
  const nine = Array.from({ length: 9 }, (_, i) => ({ key: String(i), text: 'Occupancy' }));
  const height = (role: 'wall' | 'desk'): number => stripLayout(nine, 'tall', stripDisplay('full', 1, role), measure).labelHeight;
  expect(height('desk')).toBe(2 * height('wall'));
});

test('given tiles too narrow for change and age beside each other, then the change has a line of its own', () => {
  const of = (n: number) => stripLayout(Array.from({ length: n }, (_, i) => ({ key: String(i), text: 'Boarders' })), 'tall', full, measure);
  expect([of(9).stacked, of(4).stacked]).toEqual([true, false]);
  expect(of(9).height).toBeGreaterThan(of(4).height);
  expect(of(9).sparkHeight).toBe(of(4).sparkHeight);
});

test('given no room for it, then a course is left out', () => {
  const four = Array.from({ length: 4 }, (_, i) => ({ key: String(i), text: 'Boarders' }));
  expect(stripLayout(four, 'tall', stripDisplay('single', 36.9 / 16.5, 'wall'), measure, 791).sparkHeight).toBe(0);
});

test('a window that begins with the site\'s day is today; others say how long they are', () => {
  const at = Date.UTC(2025, 10, 18, 14, 32);
  const item = metricItem(at, { metric: 'x', title: 'x', value: 1 });
  expect(spanText({ ...item, from: Date.UTC(2025, 10, 18), to: at + 1 }, 'UTC')).toBe('today');
  expect(spanText({ ...item, from: at - 8 * HOUR, to: at }, 'UTC')).toBe('8 h');
  expect(spanText(item, 'UTC')).toBe('now');
});

test.each([['7', '7'], ['MICU-07', '07'], ['B1204', '204']])('bed %s is labelled %s', (bed, label) => {
  expect(shortLabel(bed)).toBe(label);
});
