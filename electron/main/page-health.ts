/** A page that has painted nothing for this long hangs; the first paint may take longer on a slow machine. */
const SILENT_MS = 15_000;
const FIRST_PAINT_MS = 30_000;

export type Remedy = 'reload' | 'recreate' | 'relaunch';

const LADDER: readonly Remedy[] = ['reload', 'reload', 'recreate', 'recreate', 'relaunch'];
/** A page that painted this long is well again. */
const WELL_MS = 60_000;

/** Decides from a page's signs of life what to do about it: mild first, harder while nothing helps. */
export class PageHealth {
  #deadline: number;
  #tried = 0;
  #wellSince: number | undefined;

  /** @param now monotonic ms, as everywhere here */
  constructor(now: number) {
    this.#deadline = now + FIRST_PAINT_MS;
  }

  painted(now: number): void {
    this.#deadline = now + SILENT_MS;
    this.#wellSince ??= now;
    if (now - this.#wellSince >= WELL_MS) this.#tried = 0;
  }

  /** The machine slept: silence during that time says nothing. */
  resumed(now: number): void {
    this.#deadline = Math.max(this.#deadline, now + SILENT_MS);
  }

  /** Whether it has been silent for too long; asked again only after another such time. */
  hangs(now: number): boolean {
    if (now < this.#deadline) return false;
    this.#deadline = now + FIRST_PAINT_MS;
    return true;
  }

  /** The page's process has ended: what to do now. */
  gone(now: number): Remedy {
    this.#deadline = now + FIRST_PAINT_MS;
    this.#wellSince = undefined;
    return LADDER[Math.min(this.#tried++, LADDER.length - 1)]!;
  }
}
