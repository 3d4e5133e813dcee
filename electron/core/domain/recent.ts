const HOUR = 3_600_000;

/**
 * Newest time in a state, epoch ms: the largest number in it. All other numbers of states (minutes, levels, amounts up
 * to 1e12) are smaller than any time since 2001.
 */
export function newestTime(state: unknown): number {
  if (typeof state === 'number') return state;
  if (state === null || typeof state !== 'object') return -Infinity;
  let newest = -Infinity;
  for (const part of Object.values(state)) newest = Math.max(newest, newestTime(part));
  return newest;
}

/**
 * The entities of one kind, those that are over by the hour of their newest time: a question about the last day need
 * not look at what was over before it. Times of a state grow only by events, so what is over and has no time from `t`
 * on is no part of any count or duration from `t` on.
 */
export class Recent<S> {
  readonly #open = new Map<string, S>();
  readonly #over = new Map<number, Map<string, S>>();
  readonly #hours = new Map<string, number>();

  put(id: string, state: S, isOpen: boolean): void {
    this.drop(id);
    if (isOpen) {
      this.#open.set(id, state);
      return;
    }
    const hour = Math.floor(newestTime(state) / HOUR);
    const bucket = this.#over.get(hour);
    if (bucket) bucket.set(id, state);
    else this.#over.set(hour, new Map([[id, state]]));
    this.#hours.set(id, hour);
  }

  drop(id: string): void {
    this.#open.delete(id);
    const hour = this.#hours.get(id);
    if (hour === undefined) return;
    this.#hours.delete(id);
    const bucket = this.#over.get(hour)!;
    bucket.delete(id);
    if (bucket.size === 0) this.#over.delete(hour);
  }

  /** Everything open, and what was over at `t` (epoch ms) or later; up to an hour more than that. */
  *since(t: number): Generator<[string, S]> {
    yield* this.#open;
    const first = Math.floor(t / HOUR);
    for (const [hour, bucket] of this.#over) if (hour >= first) yield* bucket;
  }
}
