const HOUR = 3_600_000;

/**
 * Newest time in a state, epoch ms: the largest number in it. All other numbers of states (minutes, levels, amounts up
 * to 1e12) are smaller than any time since 2001.
 */
export function newestTime(state: unknown): number {
  if (typeof state === 'number') return state;
  if (state === null || typeof state !== 'object') return -Infinity;
  let newest = -Infinity;
  for (const key in state) {
    const time = newestTime((state as Record<string, unknown>)[key]);
    if (time > newest) newest = time;
  }
  return newest;
}

const hourOf = (state: unknown) => Math.floor(newestTime(state) / HOUR);

/**
 * The entities of one kind, those that are over by the hour of their newest time: a question about the last day need
 * not look at what was over before it. Times of a state grow only by events, so what is over and has no time from `t`
 * on is no part of any count or duration from `t` on.
 */
export class Recent<S> {
  readonly #open = new Map<string, S>();
  readonly #over = new Map<number, Map<string, S>>();

  /** Adds what is not there yet. */
  add(id: string, state: S, isOpen: boolean): void {
    if (isOpen) {
      this.#open.set(id, state);
      return;
    }
    const hour = hourOf(state);
    const bucket = this.#over.get(hour);
    if (bucket) bucket.set(id, state);
    else this.#over.set(hour, new Map([[id, state]]));
  }

  /** Takes out what was added with the state `before`. */
  drop(id: string, before: S): void {
    if (this.#open.delete(id)) return;
    const hour = hourOf(before);
    const bucket = this.#over.get(hour);
    if (bucket?.delete(id) && bucket.size === 0) this.#over.delete(hour);
  }

  /** Everything open, and what was over at `t` (epoch ms) or later; up to an hour more than that. In no particular order. */
  since(t: number, visit: (state: S, id: string) => void): void {
    this.#open.forEach(visit);
    const first = Math.floor(t / HOUR);
    for (const [hour, bucket] of this.#over) if (hour >= first) bucket.forEach(visit);
  }
}
