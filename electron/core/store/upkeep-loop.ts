import type { Upkeep, UpkeepState } from './upkeep.ts';

/** Between two steps the thread is free for at least this long, and for twice as long as the step took. */
const REST_MS = 20;
const REST_SHARE = 2;

/** Runs upkeep in the writer thread's free moments. `blocked` holds it back while the disk refuses batches. */
export class UpkeepLoop {
  readonly #upkeep: Upkeep;
  readonly #blocked: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #now = 0;

  constructor(upkeep: Upkeep, blocked: () => boolean) {
    this.#upkeep = upkeep;
    this.#blocked = blocked;
  }

  /** The site's clock moved on (epoch ms). */
  tick(now: number): void {
    this.#now = now;
    if (!this.#timer && this.#upkeep.due(now)) this.#later(REST_MS);
  }

  get state(): UpkeepState {
    return this.#upkeep.state;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#blocked()) return;
      const start = performance.now();
      if (this.#upkeep.step(this.#now)) this.#later(Math.max(REST_MS, REST_SHARE * (performance.now() - start)));
    }, ms);
  }
}
