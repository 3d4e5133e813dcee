import fc from 'fast-check';
import { expect, test } from 'vitest';
import { steadyClock } from '#core/clock/steady.ts';

const START = Date.parse('2026-01-14T08:00:00Z');
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A machine whose clock can be set. */
function machine() {
  let passed = 0;
  let offset = 0;
  return {
    wall: () => START + passed + offset,
    monotonic: () => passed,
    wait: (ms: number) => void (passed += ms),
    set: (by: number) => void (offset += by),
  };
}

test('given a clock that steps back an hour, when time goes on, then the site\'s goes on at its pace and says so', () => {
  const m = machine();
  const clock = steadyClock(m.wall, m.monotonic);
  m.wait(10_000);
  expect(clock.now()).toBe(START + 10_000);
  m.set(-HOUR);
  m.wait(1_000);
  expect(clock.now()).toBe(START + 11_000);
  expect(clock.behindMs).toBe(HOUR);
});

test('given a clock that stepped back, when it comes forward again, then nothing has happened', () => {
  const m = machine();
  const clock = steadyClock(m.wall, m.monotonic);
  const backs: number[] = [];
  clock.onBack((ms) => void backs.push(ms));
  m.set(-HOUR);
  m.wait(MINUTE);
  clock.now();
  m.set(HOUR);
  expect({ now: clock.now(), behind: clock.behindMs, backs }).toEqual({ now: START + MINUTE, behind: 0, backs: [] });
});

test('given a clock that stepped back, when it still says so after five minutes, then it is believed, and those who keep times hear by how much', () => {
  const m = machine();
  const clock = steadyClock(m.wall, m.monotonic);
  const backs: number[] = [];
  clock.onBack((ms) => void backs.push(ms));
  m.set(-HOUR);
  clock.now();
  for (let i = 0; i < 6; i++) {
    m.wait(MINUTE);
    clock.now();
  }
  expect({ now: clock.now(), behind: clock.behindMs, backs }).toEqual({ now: START - HOUR + 6 * MINUTE, behind: 0, backs: [HOUR] });
});

test('given a machine that slept, when it wakes, then the site\'s clock is there at once', () => {
  const m = machine();
  const clock = steadyClock(m.wall, m.monotonic);
  m.set(8 * HOUR);
  expect(clock.now()).toBe(START + 8 * HOUR);
});

test('given any course of steps, when the time is asked, then it never goes back but where it is told', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 10 * MINUTE }), fc.oneof(fc.constant(0), fc.integer({ min: -1_500, max: 1_500 }), fc.integer({ min: -2 * HOUR, max: 2 * HOUR })))), (course) => {
      const m = machine();
      const clock = steadyClock(m.wall, m.monotonic);
      let back = 0;
      clock.onBack((ms) => (back = ms));
      let before = clock.now();
      for (const [wait, step] of course) {
        m.wait(wait);
        m.set(step);
        const now = clock.now();
        expect(now + back).toBeGreaterThanOrEqual(before);
        back = 0;
        before = now;
      }
    }),
  );
});
