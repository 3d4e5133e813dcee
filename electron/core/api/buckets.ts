/** What may be asked of one kind: `burst` at once, `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Keys that are held at most; beyond, the one that was refilled longest ago begins anew. */
const KEYS = 10_000;

/** Token buckets by key (RFC 2697's meter, one rate): a bucket fills by the rate, each taking costs one. Bounded in memory. */
export class Buckets {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #held = new Map<string, { tokens: number; at: number }>();

  /** @param now monotonic milliseconds */
  constructor(rate: Rate, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Takes one. 0 if there was one, else the seconds until there is, at least 1 and whole, as `Retry-After` has it. */
  take(key: string): number {
    const { perSecond, burst } = this.#rate;
    const now = this.#now();
    let bucket = this.#held.get(key);
    if (bucket) {
      this.#held.delete(key);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
      bucket.at = now;
    } else {
      if (this.#held.size >= KEYS) this.#held.delete(this.#held.keys().next().value!);
      bucket = { tokens: burst, at: now };
    }
    this.#held.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
    bucket.tokens--;
    return 0;
  }
}
