const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** One that ran this long was well; its end begins a new series. */
const WELL_MS = 60_000;

/** Waits between restarts of what keeps ending: at once, then doubling from 250 ms to 10 s. */
export class BackOff {
  #failures = 0;

  /** @param ranMs how long it ran before it ended */
  next(ranMs: number): number {
    if (ranMs >= WELL_MS) this.#failures = 0;
    const failures = this.#failures++;
    return failures === 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  }
}
