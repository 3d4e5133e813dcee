import type { Clock } from './clock.ts';

/** Differences that time services correct without a step; they are followed at once. */
const FOLLOW_MS = 2_000;
/** A clock that stepped back and still says so after this time is right, and was wrong before. */
const BELIEVE_MS = 5 * 60_000;

/** The machine's clock without its steps back, and what it does in the meantime. */
export interface SteadyClock extends Clock {
  /** How far the machine's clock stands behind the site's, ms; 0 while they agree. */
  readonly behindMs: number;
  /** Is called when the site's clock gives way and goes back by `ms`. */
  onBack(listener: (ms: number) => void): void;
}

/**
 * A wall clock that keeps its pace when the machine's steps back: receive times, ages and ticks go on by monotonic
 * time. When the machine has said the same for five minutes the site's clock goes back too, once, and tells so; when
 * the machine's comes forward again before, nothing has happened. Steps forward (a machine that slept) are followed.
 * @param wall the machine's clock, epoch ms
 * @param monotonic ms that only grow
 */
export function steadyClock(wall: () => number, monotonic: () => number): SteadyClock {
  let anchor = { wall: wall(), at: monotonic() };
  let behindSince: number | undefined;
  let behind = 0;
  let last = anchor.wall;
  let told: (ms: number) => void = () => {};
  const follow = (to: number) => {
    anchor = { wall: to, at: monotonic() };
    behindSince = undefined;
    behind = 0;
  };
  const now = (): number => {
    const machine = wall();
    const carried = anchor.wall + monotonic() - anchor.at;
    if (machine >= carried - FOLLOW_MS) {
      follow(machine);
      // Small corrections back are waited for.
      return (last = Math.max(last, machine));
    }
    behindSince ??= monotonic();
    behind = carried - machine;
    if (monotonic() - behindSince < BELIEVE_MS) return (last = Math.max(last, carried));
    const back = carried - machine;
    follow(machine);
    last = machine;
    told(back);
    return machine;
  };
  return {
    mode: 'wall',
    speed: 1,
    now,
    get behindMs() {
      now();
      return behind;
    },
    onBack: (listener) => void (told = listener),
  };
}
