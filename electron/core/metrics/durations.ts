import { inWindow, type Context, type Samples } from './context.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Collects durations whose end falls in the window. A missing start or end makes no sample; a negative duration is excluded. */
export class Durations {
  readonly #context: Pick<Context, 'from' | 'to'>;
  readonly #unit: number;
  readonly #samples: number[] = [];
  #excluded = 0;

  /** @param unit ms of the unit that samples are told in */
  constructor(context: Pick<Context, 'from' | 'to'>, unit: number = MINUTE) {
    this.#context = context;
    this.#unit = unit;
  }

  /** Takes one duration, times in epoch ms. True when it became a sample. */
  add(start: number | undefined, end: number | undefined): boolean {
    if (start === undefined || !inWindow(this.#context, end)) return false;
    if (end < start) this.#excluded += 1;
    else this.#samples.push((end - start) / this.#unit);
    return end >= start;
  }

  /** Counts a duration that the metric's definition does not admit. */
  exclude(end: number): void {
    if (inWindow(this.#context, end)) this.#excluded += 1;
  }

  done(): Samples {
    return { samples: this.#samples, excluded: this.#excluded };
  }
}
