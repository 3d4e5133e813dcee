import { steadyClock, type SteadyClock } from './steady.ts';

/** The site's one clock: the wall's, or a replay's. Everything that asks for the time is given one. */
export interface Clock {
  readonly mode: 'wall' | 'replay';
  /** Site seconds per second. */
  readonly speed: number;
  /** Site time, epoch ms. */
  now(): number;
}

export const wallClock: SteadyClock = steadyClock(() => Date.now(), () => performance.now());

/**
 * A clock that starts at a moment of the past and runs at `speed`, up to `end` where it stops.
 * Monotonic: it does not follow changes of the machine's clock.
 */
export function replayClock(start: number, speed: number, end = Infinity): Clock {
  const origin = performance.now();
  return { mode: 'replay', speed, now: () => Math.min(end, start + (performance.now() - origin) * speed) };
}
