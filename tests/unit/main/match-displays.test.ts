import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fingerprint } from '#shared/layout.ts';
import { matchDisplays } from '../../../electron/main/match-displays.ts';

const display = (given: Partial<Fingerprint> = {}): Fingerprint => ({ label: '', width: 1920, height: 1080, x: 0, y: 0, internal: false, ...given });
const row = (count: number): Fingerprint[] => Array.from({ length: count }, (_, index) => display({ x: index * 1920 }));

describe('given three displays of one model in a row', () => {
  const known = row(3);

  it('when the middle one is unplugged, then the outer two keep their screens', () => {
    expect([...matchDisplays(known, [known[0]!, known[2]!])].sort()).toEqual([[0, 0], [2, 1]]);
  });

  it('when the system lists them in another order, then each keeps its screen', () => {
    expect([...matchDisplays(known, [known[2]!, known[0]!, known[1]!])].sort()).toEqual([[0, 1], [1, 2], [2, 0]]);
  });

  it('when the desktop closes the gap after the left one was unplugged, then the screens nearest in place go on', () => {
    expect([...matchDisplays(known, row(2))].sort()).toEqual([[0, 0], [1, 1]]);
  });
});

it('given displays with names, when two change places, then the names decide', () => {
  const [left, right] = [display({ label: 'ICU' }), display({ label: 'OR', x: 1920 })];
  const swapped = [display({ label: 'OR' }), display({ label: 'ICU', x: 1920 })];
  expect([...matchDisplays([left, right], swapped)].sort()).toEqual([[0, 1], [1, 0]]);
});

it('given a lost display, when another model hangs in its place, then that one shows its boards', () => {
  expect([...matchDisplays([display({ label: 'old' })], [display({ label: 'new', width: 3840, height: 2160 })])]).toEqual([[0, 0]]);
});

it('given a display that shares neither name, size nor place, then it is new', () => {
  expect(matchDisplays([display()], [display({ width: 1280, height: 720, x: 1920 })]).size).toBe(0);
});

const someDisplay = fc.record({
  label: fc.constantFrom('', 'A', 'B'),
  width: fc.constantFrom(1920, 3840),
  height: fc.constant(1080),
  x: fc.integer({ min: 0, max: 3 }).map((place) => place * 1920),
  y: fc.constantFrom(0, 1080),
  internal: fc.boolean(),
});

it('never gives one display to two screens, nor one screen two displays', () => {
  fc.assert(
    fc.property(fc.array(someDisplay, { maxLength: 6 }), fc.array(someDisplay, { maxLength: 6 }), (known, present) => {
      const matched = matchDisplays(known, present);
      expect(new Set(matched.values()).size).toBe(matched.size);
      for (const [screen, index] of matched) {
        expect(known[screen]).toBeDefined();
        expect(present[index]).toBeDefined();
      }
    }),
  );
});

it('finds every display again that is there unchanged, whatever order it comes in', () => {
  const distinct = fc.uniqueArray(someDisplay, { maxLength: 6, selector: ({ x, y }) => `${x},${y}` });
  fc.assert(
    fc.property(distinct, fc.func(fc.integer()), (known, order) => {
      const present = [...known].sort((a, b) => order(a) - order(b));
      for (const [screen, index] of matchDisplays(known, present)) expect(present[index]).toEqual(known[screen]);
    }),
  );
});
