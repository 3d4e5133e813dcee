/** What is over lies together by its newest time, so many ms at once. */
const SPAN = 5 * 60_000;

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

const spanOf = (state: unknown) => Math.floor(newestTime(state) / SPAN);

/** What became over in one span of time, and what counts of it came to while nothing in it changes. */
class Span<S> {
  readonly states = new Map<string, S>();
  readonly #sums = new Map<string, { readonly basis: string; readonly sum: number }>();

  set(id: string, state: S): void {
    this.states.set(id, state);
    this.#sums.clear();
  }

  delete(id: string): boolean {
    this.#sums.clear();
    return this.states.delete(id);
  }

  sum(name: string, basis: string, weigh: (state: S) => number): number {
    const kept = this.#sums.get(name);
    if (kept?.basis === basis) return kept.sum;
    const sum = sumOf(this.states, weigh);
    this.#sums.set(name, { basis, sum });
    return sum;
  }
}

function sumOf<S>(states: ReadonlyMap<string, S>, weigh: (state: S) => number): number {
  let sum = 0;
  for (const state of states.values()) sum += weigh(state);
  return sum;
}

/**
 * The entities of one kind, those that are over by the span of their newest time: a question about the last day need
 * not look at what was over before it. Times of a state grow only by events, so what is over and has no time from `t`
 * on is no part of any count or duration from `t` on.
 */
export class Recent<S> {
  readonly #open = new Map<string, S>();
  readonly #over = new Map<number, Span<S>>();

  /** Adds what is not there yet. */
  add(id: string, state: S, isOpen: boolean): void {
    if (isOpen) {
      this.#open.set(id, state);
      return;
    }
    const at = spanOf(state);
    let span = this.#over.get(at);
    if (!span) this.#over.set(at, (span = new Span()));
    span.set(id, state);
  }

  /** Takes out what was added with the state `before`. */
  drop(id: string, before: S): void {
    if (this.#open.delete(id)) return;
    const at = spanOf(before);
    const span = this.#over.get(at);
    if (span?.delete(id) && span.states.size === 0) this.#over.delete(at);
  }

  /** Everything open, and what was over at `t` (epoch ms) or later; up to a span more than that. In no particular order. */
  since(t: number, visit: (state: S, id: string) => void): void {
    this.#open.forEach(visit);
    const first = Math.floor(t / SPAN);
    for (const [at, { states }] of this.#over) if (at >= first) states.forEach(visit);
  }

  /**
   * Sum of `weigh` over what {@link since} visits. `weigh` depends on the state, on `basis`, and on whether times are
   * before `to` (epoch ms): all of a span that has ended by then are. `name` stands for it, and may not stand for another.
   */
  sum(t: number, to: number, name: string, basis: string, weigh: (state: S) => number): number {
    let sum = sumOf(this.#open, weigh);
    const first = Math.floor(t / SPAN);
    for (const [at, span] of this.#over) {
      if (at >= first) sum += (at + 1) * SPAN <= to ? span.sum(name, basis, weigh) : sumOf(span.states, weigh);
    }
    return sum;
  }
}
