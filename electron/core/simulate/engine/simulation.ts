import { Heap } from './heap.ts';

/** Something planned; it can be cancelled until it happens. */
export interface Planned {
  readonly time: number;
  cancelled: boolean;
}

interface Entry extends Planned {
  readonly order: number;
  readonly action: () => void;
}

/** What a process waits for: it is given what continues the process, to be called once. */
export type Wait = (resume: () => void) => void;

/** A course of things in time; it waits by yielding. */
export type Process = Generator<Wait, void, void>;

/**
 * A clock and a calendar of events. Time is a number in any unit, the caller's. Events of one time happen in the
 * order in which they were planned, so equal inputs give equal runs.
 */
export class Simulation {
  #now: number;
  #order = 0;
  readonly #calendar = new Heap<Entry>((a, b) => a.time < b.time || (a.time === b.time && a.order < b.order));

  constructor(start = 0) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** Time of the next event; undefined when nothing is planned. */
  get next(): number | undefined {
    this.#dropCancelled();
    return this.#calendar.peek()?.time;
  }

  /** Plans an action. Throws for a time before now. */
  at(time: number, action: () => void): Planned {
    if (!(time >= this.#now)) throw new RangeError(`cannot plan for ${time}: it is ${this.#now} already`);
    const entry: Entry = { time, order: this.#order++, action, cancelled: false };
    this.#calendar.push(entry);
    return entry;
  }

  after(delay: number, action: () => void): Planned {
    return this.at(this.#now + delay, action);
  }

  /** For processes: `yield simulation.wait(5)`. */
  wait(delay: number): Wait {
    return (resume) => void this.at(this.#now + delay, resume);
  }

  /** Begins a process now; it runs up to its first wait before this returns. */
  start(process: Process): void {
    const resume = (): void => {
      const { done, value } = process.next();
      if (!done) value(resume);
    };
    resume();
  }

  /** Lets the next event happen; false when there is none. */
  step(): boolean {
    this.#dropCancelled();
    const entry = this.#calendar.pop();
    if (!entry) return false;
    this.#now = entry.time;
    entry.action();
    return true;
  }

  /** Lets everything up to and including `until` happen; it is `until` then. */
  run(until: number): void {
    for (let next = this.next; next !== undefined && next <= until; next = this.next) this.step();
    this.#now = Math.max(this.#now, until);
  }

  #dropCancelled(): void {
    while (this.#calendar.peek()?.cancelled) this.#calendar.pop();
  }
}
