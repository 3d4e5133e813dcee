import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { UnitCardItem } from '#shared/views/boards.ts';
import { largestFree } from '../../../renderer/floorplan/free-space.ts';
import type { Rect } from '../../../renderer/floorplan/free-space.ts';
import { cellsOf, gridOf } from '../../../renderer/floorplan/pod-box.ts';

const apart = (a: Rect, b: Rect): boolean => a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;

test('given beds along all four walls, then the box has the middle of the unit', () => {
  const beds = [{ x: 0, y: 0, w: 100, h: 20 }, { x: 0, y: 80, w: 100, h: 20 }, { x: 0, y: 40, w: 20, h: 20 }, { x: 80, y: 40, w: 20, h: 20 }];
  expect(largestFree({ x: 0, y: 0, w: 100, h: 100 }, beds)).toEqual({ x: 20, y: 20, w: 60, h: 60 });
});

test('given a unit full of beds, then there is no room', () => {
  expect(largestFree({ x: 0, y: 0, w: 10, h: 10 }, [{ x: 0, y: 0, w: 10, h: 10 }])).toBeNull();
});

test('wherever the beds stand, the box lies in the unit and on none of them, and no cell of the grid is larger', () => {
  const ground = { x: 0, y: 0, w: 12, h: 12 };
  const bed = fc.record({ x: fc.integer({ min: 0, max: 10 }), y: fc.integer({ min: 0, max: 10 }), w: fc.integer({ min: 1, max: 2 }), h: fc.integer({ min: 1, max: 2 }) });
  const whole = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);
  fc.assert(
    fc.property(fc.array(bed, { maxLength: 8, size: 'max' }), (beds) => {
      let most = 0;
      for (const x of whole(0, 12)) for (const y of whole(0, 12)) for (const w of whole(1, 12 - x)) for (const h of whole(1, 12 - y)) {
        if (w * h > most && beds.every((one) => apart({ x, y, w, h }, one))) most = w * h;
      }
      const free = largestFree(ground, beds);
      expect(free === null ? 0 : free.w * free.h).toBe(most);
      if (!free) return;
      expect(beds.every((one) => apart(free, one))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

const card = (pods: UnitCardItem['pods'], load: UnitCardItem['load']): UnitCardItem => ({ pods, load }) as UnitCardItem;

test('a box tells the patients and beds of each pod, who is leaving, and the load as the core judged it', () => {
  const pods = [{ id: 'a', title: 'Pod A', beds: 7, occupied: 6, leaving: 2 }, { id: 'b', title: 'Pod B', beds: 7, occupied: 7, leaving: 0 }];
  expect(cellsOf(card(pods, { ratio: 1.172, label: 'load per RN', severity: 'warn', step: 2 }))).toMatchObject([
    { labels: ['Pod A', 'A'], value: '6', of: ' / 7', plan: '2 leaving', severity: 'normal' },
    { labels: ['Pod B', 'B'], value: '7', of: ' / 7', plan: '', severity: 'normal' },
    { labels: ['load per RN', 'per RN', 'RN'], value: '1.17', of: '', severity: 'warn' },
  ]);
  expect(cellsOf(card([], null))).toEqual([]);
});

test.each([
  ['wide', 1000, 160, { columns: 4, oneLine: false }],
  ['square', 370, 160, { columns: 2, oneLine: false }],
  ['narrow', 170, 160, { columns: 1, oneLine: true }],
] as const)('cells stand as the box has room: %s', (_, width, height, grid) => {
  expect(gridOf(grid.columns === 4 ? 4 : 3, width, height, 22)).toMatchObject(grid);
});

test('where not even a line a row fits, there is no box', () => {
  expect(gridOf(3, 170, 70, 22)).toBeNull();
  expect(gridOf(3, 90, 400, 22)).toBeNull();
});
