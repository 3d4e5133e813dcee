import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelBelow, linePath, linear, stretches, ticks } from '../../../renderer/charts/scale.ts';
import { heatStep } from '../../../renderer/panels/heat.ts';
import { waterfall } from '../../../renderer/panels/waterfall.ts';
import type { AfterDecisionsItem } from '#shared/views/boards.ts';

test('a scale is fixed: what lies beyond it stays at its end', () => {
  const x = linear([0, 200], [0, 100]);
  expect([-5, 0, 50, 200, 900].map(x)).toEqual([0, 0, 25, 100, 100]);
  expect(linear([0, 10], [40, 0])(2.5)).toBe(30);
  expect(linear([3, 3], [0, 100])(3)).toBe(0);
});

test('counts step and rates slope', () => {
  const points = [[0, 10], [5, 20]] as const;
  expect(linePath(points, false)).toBe('M0.0 10.0L5.0 20.0');
  expect(linePath(points, true)).toBe('M0.0 10.0H5.0V20.0');
});

const minutes = (...all: number[]) => all.map((minute) => [minute * 60_000, minute] as const);

test('given an outage between two points, then no line joins them', () => {
  expect(stretches(minutes(0, 5, 10, 45, 50))).toEqual([minutes(0, 5, 10), minutes(45, 50)]);
  expect(stretches(minutes(0, 5, 15, 20, 22))).toEqual([minutes(0, 5, 15, 20, 22)]);
  expect(stretches([])).toEqual([]);
});

test('given any points, then they all lie in a stretch, in order, and none bridges more than a point may stand for', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 480 })), (all) => {
      const points = minutes(...all.sort((a, b) => a - b));
      const found = stretches(points);
      expect(found.flat()).toEqual(points);
      for (const stretch of found) for (const [i, [t]] of stretch.slice(1).entries()) expect(t - (stretch[i]?.[0] ?? 0)).toBeLessThanOrEqual(600_000);
      for (const [i, stretch] of found.slice(1).entries()) expect((stretch[0]?.[0] ?? 0) - (found[i]?.at(-1)?.[0] ?? 0)).toBeGreaterThan(600_000);
    }),
  );
});

test('a point measured alone is drawn as a dot', () => {
  expect(linePath([[3, 4]], true)).toBe('M3.0 4.0h0');
});

test.each([[[60, 58], false], [[90], true], [[110, 130], false], [[], false]] as const)('with a course at %j a label of 20 px on a line at 100 goes below it: %s', (drawn, below) => {
  expect(labelBelow(100, drawn, 20)).toBe(below);
});

test('ticks are round and lie inside their domain', () => {
  expect(ticks([540, 612], 3)).toEqual([550, 600]);
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (from, span) => {
      const found = ticks([from, from + span], 4);
      expect(found.length).toBeLessThanOrEqual(6);
      for (const tick of found) {
        expect(tick).toBeGreaterThanOrEqual(from - span * 1e-6);
        expect(tick).toBeLessThanOrEqual(from + span * (1 + 1e-6));
      }
    }),
  );
});

test.each([[0.5, '0'], [0.75, '75'], [0.846, '85'], [0.9, '85'], [0.92, '92'], [0.95, '97'], [0.97, '100'], [1.06, '100']] as const)('with limits .92 and .97 a cell of %d has the ground of %s', (value, step) => {
  expect(heatStep(value, 0.92, 0.97)).toBe(step);
});

const decisions = { now: 574, staffed: 612, steps: [{ label: 'Disch', delta: -22 }, { label: 'ED', delta: 14 }], after: 566 } as unknown as AfterDecisionsItem;

test('each movement of the waterfall begins where the one before it ended', () => {
  const { bars, y, cut } = waterfall(decisions, 200);
  expect(bars.map(({ kind }) => kind)).toEqual(['now', 'out', 'in', 'after']);
  expect(bars[1]?.y).toBeCloseTo(y(574));
  expect((bars[1]?.y ?? 0) + (bars[1]?.height ?? 0)).toBeCloseTo(y(552));
  expect((bars[2]?.y ?? 0) + (bars[2]?.height ?? 0)).toBeCloseTo(y(552));
  expect(bars[3]?.y).toBeCloseTo(y(566));
  expect(cut).toBe(true);
});

test('a small house is drawn from zero, without a break', () => {
  const { y, cut } = waterfall({ ...decisions, now: 3, staffed: 6, steps: [], after: 3 }, 100);
  expect(cut).toBe(false);
  expect(y(0)).toBe(100);
});
