/** Seconds that a rate looks back. */
const WINDOW_S = 5;

/** Events a second of each source over the last five seconds of a monotonic clock (ms). */
export class Rates {
  readonly #counts = new Map<string, { second: number; slots: number[] }>();

  add(uri: string, n: number, now: number): void {
    const counted = this.#upTo(uri, Math.floor(now / 1_000));
    const slot = counted.second % WINDOW_S;
    counted.slots[slot] = counted.slots[slot]! + n;
  }

  perSecond(uri: string, now: number): number {
    if (!this.#counts.has(uri)) return 0;
    return this.#upTo(uri, Math.floor(now / 1_000)).slots.reduce((sum, n) => sum + n, 0) / WINDOW_S;
  }

  /** Moves a source's window on, emptying the seconds that it passes. */
  #upTo(uri: string, second: number): { second: number; slots: number[] } {
    const counted = this.#counts.get(uri) ?? { second, slots: Array.from({ length: WINDOW_S }, () => 0) };
    this.#counts.set(uri, counted);
    for (let passed = Math.max(counted.second, second - WINDOW_S); passed < second; passed++) counted.slots[(passed + 1) % WINDOW_S] = 0;
    counted.second = second;
    return counted;
  }
}
