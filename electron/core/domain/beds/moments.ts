/** Times (epoch ms) in order, each as often as it was added. Most are added and dropped near the end. */
export class Moments {
  readonly #times: number[] = [];

  /** Oldest first; it is live: what comes later is in it. */
  get all(): readonly number[] {
    return this.#times;
  }

  get last(): number | undefined {
    return this.#times.at(-1);
  }

  add(t: number): void {
    this.#times.splice(this.#after(t), 0, t);
  }

  drop(t: number): void {
    const i = this.#after(t) - 1;
    if (this.#times[i] === t) this.#times.splice(i, 1);
  }

  /** Place behind everything up to `t`. */
  #after(t: number): number {
    let [from, to] = [0, this.#times.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#times[middle]! <= t) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
