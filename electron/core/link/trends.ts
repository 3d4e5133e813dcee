import type { Scope } from '#shared/metrics/result.ts';
import { TREND_MS } from '#shared/views/trend.ts';
import { seriesName } from '../metrics/series-name.ts';
import type { SamplePoint } from '../store/writer-protocol.ts';
import type { Trend } from '../views/context.ts';

const MINUTE = 60_000;

/** Minute samples of the last hours in memory; the same points lie in the store. */
export class Trends {
  readonly #series = new Map<string, [number, number][]>();
  #sampled = -Infinity;

  load(points: Iterable<{ series: string; at: number; value: number | null }>): void {
    for (const { series, at, value } of points) {
      this.#sampled = Math.max(this.#sampled, at);
      if (value !== null) this.#of(series).push([at, value]);
    }
  }

  get(metric: string, scope: Scope): Trend {
    return this.#series.get(seriesName(metric, scope)) ?? [];
  }

  /** The minute that is due to be sampled at `now`; undefined when it was the last one. A clock that was given back goes through minutes again. */
  due(now: number): number | undefined {
    const minute = Math.floor(now / MINUTE) * MINUTE;
    return minute === this.#sampled ? undefined : minute;
  }

  add(points: readonly SamplePoint[], at: number): void {
    if (at < this.#sampled) this.#forgetFrom(at);
    this.#sampled = at;
    for (const [series, , value] of points) {
      if (value !== null) this.#of(series).push([at, value]);
    }
    for (const [series, known] of this.#series) {
      while (known.length > 0 && known[0]![0] < at - TREND_MS) known.shift();
      if (known.length === 0) this.#series.delete(series);
    }
  }

  #forgetFrom(at: number): void {
    for (const known of this.#series.values()) while (known.length > 0 && known.at(-1)![0] >= at) known.pop();
  }

  #of(series: string): [number, number][] {
    const known = this.#series.get(series) ?? [];
    this.#series.set(series, known);
    return known;
  }
}
