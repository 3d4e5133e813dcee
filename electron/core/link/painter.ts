import type { Hub } from './hub.ts';
import type { LiveSite } from './live-site.ts';

/** Half a frame of a 60 Hz wall: patches go out at most this often, so that what comes just after one still makes the next frame. */
const FRAME_MS = 8;
const PACE_MS = 1_000;

/**
 * Decides when pages hear of changes: at once when the last frame is over, else with the next frame; what only time
 * moves, once a second.
 */
export class Painter {
  readonly #site: LiveSite;
  readonly #hub: Hub;
  readonly #paced: NodeJS.Timeout;
  #pending: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #last = -Infinity;

  constructor(site: LiveSite, hub: Hub) {
    this.#site = site;
    this.#hub = hub;
    this.#paced = setInterval(() => {
      this.#site.takeChanges();
      this.#hub.recompute();
    }, PACE_MS);
  }

  /** Something was committed. */
  changed(): void {
    if (this.#pending) return;
    const wait = FRAME_MS - (performance.now() - this.#last);
    this.#pending = wait <= 0 ? setImmediate(() => this.#paint()) : setTimeout(() => this.#paint(), wait);
  }

  close(): void {
    clearInterval(this.#paced);
    clearTimeout(this.#pending as NodeJS.Timeout);
    clearImmediate(this.#pending as NodeJS.Immediate);
  }

  #paint(): void {
    this.#pending = undefined;
    this.#last = performance.now();
    this.#hub.refresh(this.#site.takeChanges());
  }
}
