import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inSteps, type Pace } from '#core/link/in-steps.ts';

/** Time that goes on only by what is told to take it, and the calls that wait for theirs. */
function world() {
  let now = 0;
  let waiting: { at: number; call: () => void } | undefined;
  const pace: Pace = {
    now: () => now,
    after(ms, call) {
      const one = (waiting = { at: now + ms, call });
      return () => void (waiting === one && (waiting = undefined));
    },
  };
  /** Waits for the next call; how long that was, undefined when there is none. */
  const wait = () => {
    if (!waiting) return undefined;
    const { at, call } = waiting;
    const paused = at - now;
    [now, waiting] = [at, undefined];
    call();
    return paused;
  };
  return { pace, wait, take: (ms: number) => void (now += ms) };
}
const unheard = (error: unknown) => {
  throw error;
};

test('given work in steps of any length, when it is done, then others have at least as much time after each step as it took', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ takes: fc.nat(500), idle: fc.nat(1_000) }), { minLength: 1 }), (steps) => {
      const { pace, wait, take } = world();
      const left = [...steps];
      inSteps(() => {
        const { takes, idle } = left.shift() ?? { takes: 0, idle: 0 };
        take(takes);
        return idle;
      }, unheard, pace);
      expect(wait()).toBe(0);
      for (const { takes, idle } of steps) expect(wait()).toBe(Math.max(takes, idle));
    }),
  );
});

test('given work in steps, when it is stopped or a step fails, then no step follows, and the failure is told', () => {
  const stopped = world();
  const stop = inSteps(() => 0, unheard, stopped.pace);
  stopped.wait();
  stop();
  expect(stopped.wait()).toBeUndefined();

  const broken = world();
  const heard: unknown[] = [];
  inSteps(() => {
    throw new Error('no such file');
  }, (error) => heard.push(error), broken.pace);
  broken.wait();
  expect({ heard, next: broken.wait() }).toEqual({ heard: [new Error('no such file')], next: undefined });
});
