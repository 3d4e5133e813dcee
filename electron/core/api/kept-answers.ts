import { entityTag } from './entity-tag.ts';

/** An answer as it goes out: its bytes, made once, and their entity tag. */
export class Kept<T = unknown> {
  /** What the bytes say; for the compiler alone. */
  declare readonly answer: T;
  readonly bytes: Buffer;
  readonly tag: string;

  constructor(answer: T) {
    this.bytes = Buffer.from(JSON.stringify(answer));
    this.tag = entityTag(this.bytes);
  }
}

interface Entry {
  readonly answer: Promise<Kept>;
  /** When it was asked for, and how many changes the site had seen then. */
  readonly at: number;
  readonly changes: number;
  /** What making it took, ms. */
  cost: number;
}

/** While the site changes, an answer is made anew at most this often: sums are told at the same pace to pages. */
const CHANGED_MS = 250;
/** What time alone moves, moves once a second. */
const STILL_MS = 1_000;
/** Making one answer takes at most one in so many milliseconds: it shares its thread with ingest and painting. */
const SHARE = 40;
/** Answers kept, by question; the one not asked for the longest goes first. */
const MOST = 128;

/** Answers that many ask for: made once for all of them, and anew when something changed. */
export class KeptAnswers {
  readonly #changes: () => number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param changes grows with each change of what answers are made of
   * @param now ms of a clock that never goes back
   */
  constructor(changes: () => number, now: () => number = () => performance.now()) {
    this.#changes = changes;
    this.#now = now;
  }

  /** The answer to the question that `key` names; `make` is called when none is kept that still holds. A question that fails is asked again. */
  of<T>(key: string, make: () => T | Promise<T>): Promise<Kept<T>> {
    const known = this.#entries.get(key);
    this.#entries.delete(key);
    const entry = known && this.#holds(known) ? known : this.#made(key, make);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST) break;
      this.#entries.delete(oldest);
    }
    return entry.answer as Promise<Kept<T>>;
  }

  #holds({ at, changes, cost }: Entry): boolean {
    const age = this.#now() - at;
    return age < Math.max(changes === this.#changes() ? STILL_MS : CHANGED_MS, cost * SHARE);
  }

  #made(key: string, make: () => unknown): Entry {
    const at = this.#now();
    const changes = this.#changes();
    const answer = (async () => new Kept(await make()))();
    const entry: Entry = { answer, at, changes, cost: 0 };
    answer.then(
      () => (entry.cost = this.#now() - at),
      () => this.#entries.get(key) === entry && this.#entries.delete(key),
    );
    return entry;
  }
}
