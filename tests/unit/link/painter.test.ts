import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Painter } from '#core/link/painter.ts';
import type { Change } from '#core/views/context.ts';

const bed = (id: string, before?: string, after?: string) => ({ kind: 'bed', id, before, after }) as unknown as Change;

/** A painter over what is committed by hand; `told` are the ids of each call, things and sums. */
function world() {
  let waiting: Change[] = [];
  const told: { things: Change[]; sums?: Change[] }[] = [];
  const painter = new Painter(
    { takeChanges: () => waiting.splice(0) },
    { refresh: (things, sums) => void told.push({ things: [...things], ...(sums ? { sums: [...sums] } : {}) }), recompute: () => {} },
  );
  const commit = (...changes: Change[]) => {
    waiting = [...waiting, ...changes];
    painter.changed();
  };
  return { painter, told, commit };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('given a quiet core, when one bed changes, then the bed and what sums it up go out together and at once', () => {
  const { painter, told, commit } = world();
  commit(bed('A'));
  vi.advanceTimersByTime(0);
  expect(told).toEqual([{ things: [bed('A')], sums: [bed('A')] }]);
  painter.close();
});

test('given beds that change with each frame, then things go out with each, and sums at most four times a second with all that changed since', () => {
  const { painter, told, commit } = world();
  for (let i = 0; i < 40; i++) {
    commit(bed('A', `${i}`, `${i + 1}`), bed(`${i}`));
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(250);
  const sums = told.filter((call) => call.sums);
  expect(told.length).toBeGreaterThanOrEqual(40);
  expect(told.flatMap(({ things }) => things)).toHaveLength(80);
  expect(sums).toHaveLength(3);
  expect(sums[1]!.sums![0]).toEqual(bed('A', '1', '25'));
  expect(sums.flatMap((call) => call.sums!.map(({ id }) => id)).filter((id) => id !== 'A')).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`));
  painter.close();
});

test('given a burst of changes, then the next go out after two frames; and once they are few again, with each frame', () => {
  const { painter, told, commit } = world();
  const beds = (count: number) => Array.from({ length: count }, (_, i) => bed(`${i}`));
  const tellings = (ms: number, count: number) => {
    const before = told.length;
    for (let i = 0; i < ms; i++) {
      commit(...beds(count));
      vi.advanceTimersByTime(1);
    }
    return told.length - before;
  };
  expect(tellings(100, 1)).toBeGreaterThanOrEqual(10);
  expect(tellings(100, 40)).toBeLessThanOrEqual(5);
  tellings(30, 1);
  expect(tellings(100, 1)).toBeGreaterThanOrEqual(10);
  painter.close();
});

test('given sums that wait, when the painter closes, then nothing is told any more', () => {
  const { painter, told, commit } = world();
  commit(bed('A'));
  vi.advanceTimersByTime(10);
  commit(bed('B'));
  vi.advanceTimersByTime(10);
  painter.close();
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(2);
});
