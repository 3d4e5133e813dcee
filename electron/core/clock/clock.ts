import { steadyClock, type SteadyClock } from './steady.ts';

/** The site's one clock: the wall's, a replay's, or the demo hospital's. Everything that asks for the time is given one. */
export interface Clock {
  readonly mode: 'wall' | 'replay' | 'demo';
  /** Site seconds per second. */
  readonly speed: number;
  /** Site time, epoch ms. */
  now(): number;
}

export const wallClock: SteadyClock = steadyClock(() => Date.now(), () => performance.now());

/**
 * A clock that starts at a moment of the past and runs at `speed`, up to `end` where it stops.
 * Monotonic: it does not follow changes of the machine's clock. Whole milliseconds, as all times of the store are.
 */
export function replayClock(start: number, speed: number, end = Infinity): Clock {
  const origin = performance.now();
  return { mode: 'replay', speed, now: () => Math.floor(Math.min(end, start + (performance.now() - origin) * speed)) };
}

/** What a clock is made of, so that a thread of its own can have the same one. */
export interface ClockOrigin {
  /** Site time, epoch ms, at the moment `at` of the machine; undefined: the wall's time. */
  readonly start: number | undefined;
  /** Epoch ms by the machine's monotonic clock. */
  readonly at: number;
  readonly speed: number;
}

/** Now by the machine's monotonic clock, comparable between threads. */
export const machineNow = (): number => performance.timeOrigin + performance.now();

/** The demo hospital's clock: real time, or one that starts at a moment and runs at `speed`. */
export function sharedClock({ start, at, speed }: ClockOrigin): Clock {
  return { mode: 'demo', speed, now: start === undefined ? () => wallClock.now() : () => Math.floor(start + (machineNow() - at) * speed) };
}
