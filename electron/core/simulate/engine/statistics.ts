/** Mean and variance of observations, by Welford's recurrence. */
export class Tally {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const off = value - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (value - this.#mean);
  }

  get count(): number {
    return this.#count;
  }

  /** NaN without an observation. */
  get mean(): number {
    return this.#count === 0 ? NaN : this.#mean;
  }

  /** Of the sample; NaN with fewer than two observations. */
  get variance(): number {
    return this.#count < 2 ? NaN : this.#squares / (this.#count - 1);
  }
}

/** Mean of a level over time, such as the number in a queue. */
export class TimeAverage {
  #level: number;
  #since: number;
  #area = 0;
  #from: number;

  constructor(level: number, now: number) {
    this.#level = level;
    this.#since = this.#from = now;
  }

  set(level: number, now: number): void {
    this.#area += this.#level * (now - this.#since);
    this.#level = level;
    this.#since = now;
  }

  /** Forgets what was before `now`, the warm-up. */
  restart(now: number): void {
    this.#area = 0;
    this.#since = this.#from = now;
  }

  /** NaN while no time has passed. */
  mean(now: number): number {
    return (this.#area + this.#level * (now - this.#since)) / (now - this.#from);
  }
}
