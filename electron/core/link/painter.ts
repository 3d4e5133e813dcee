import type { Change } from '../views/context.ts';
import { Changes } from './changes.ts';
import type { Hub } from './hub.ts';
import type { LiveSite } from './live-site.ts';

/** Half a frame of a 60 Hz wall: patches go out at most this often, so that what comes just after one still makes the next frame. */
const FRAME_MS = 8;
/**
 * More changes than this at once are a burst. Then every second frame of the wall is enough: nobody reads faster, and the
 * time that painting would take goes into the commits that the wall waits for (docs/bench.md).
 */
const BURST = 32;
const BURST_MS = 25;
/** Sums follow at most this often: four times a second reads as at once, and does not flicker. */
const CALM_MS = 250;
const PACE_MS = 1_000;

/**
 * Decides when pages hear of changes: of things at once when the last frame is over, else with the next one, in a burst
 * with the one after that; of sums at once when none were told lately; of what only time moves, once a second.
 */
export class Painter {
  readonly #site: Pick<LiveSite, 'takeChanges'>;
  readonly #hub: Pick<Hub, 'refresh' | 'recompute'>;
  readonly #paced: NodeJS.Timeout;
  #pending: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #last = -Infinity;
  #pace = FRAME_MS;
  readonly #untold = new Changes();
  #sums: NodeJS.Timeout | undefined;
  #lastSums = -Infinity;

  constructor(site: Pick<LiveSite, 'takeChanges'>, hub: Pick<Hub, 'refresh' | 'recompute'>) {
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
    const wait = this.#pace - (performance.now() - this.#last);
    this.#pending = wait <= 0 ? setImmediate(() => this.#paint()) : setTimeout(() => this.#paint(), wait);
  }

  close(): void {
    clearInterval(this.#paced);
    clearTimeout(this.#pending as NodeJS.Timeout);
    clearImmediate(this.#pending as NodeJS.Immediate);
    clearTimeout(this.#sums);
  }

  #paint(): void {
    this.#pending = undefined;
    this.#last = performance.now();
    const wait = CALM_MS - (this.#last - this.#lastSums);
    if (wait <= 0) return this.#paintSums();
    this.#sums ??= setTimeout(() => this.#paintSums(), wait);
    this.#hub.refresh(this.#news());
  }

  #paintSums(): void {
    clearTimeout(this.#sums);
    this.#sums = undefined;
    this.#lastSums = performance.now();
    const news = this.#news();
    this.#hub.refresh(news, this.#untold.take());
  }

  #news(): Change[] {
    const changes = this.#site.takeChanges();
    this.#pace = changes.length > BURST ? BURST_MS : FRAME_MS;
    for (const change of changes) this.#untold.add(change);
    return changes;
  }
}
