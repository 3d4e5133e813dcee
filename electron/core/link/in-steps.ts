/** Where steps get their time from. */
export interface Pace {
  /** Ms of a monotonic clock. */
  now(): number;
  /** Calls after `ms`; returns how not to. */
  after(ms: number, call: () => void): () => void;
}

const REAL: Pace = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Does work in steps, and pauses after each for at least as long as it took, so that the loop has half of its time for
 * others. A step returns how long it has nothing to do, in ms. `failed` is told what a step throws, and no other follows.
 * Returns how to stop.
 */
export function inSteps(step: () => number, failed: (error: unknown) => void, pace: Pace = REAL): () => void {
  let stop = pace.after(0, next);
  function next(): void {
    const began = pace.now();
    try {
      const idle = step();
      stop = pace.after(Math.max(idle, pace.now() - began), next);
    } catch (error) {
      failed(error);
    }
  }
  return () => stop();
}
