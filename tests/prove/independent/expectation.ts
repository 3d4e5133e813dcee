/** What one question to `vigil query` must answer; figures that are not listed are not compared. */
export interface Expectation {
  readonly metric: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly answer: Readonly<Record<string, number | null>>;
}

/** What one import must account for, by the summary of `vigil import --json`. */
export interface Accounted {
  readonly rows: number;
  /** Entities that must be in the store afterwards, by kind. */
  readonly entities: Readonly<Record<string, number>>;
}

export interface Expected {
  readonly accounted: Accounted;
  readonly queries: readonly Expectation[];
}

function percentile(sorted: readonly number[], p: number): number {
  const place = (sorted.length - 1) * p;
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}

/** Samples as a distribution answer: negative ones are excluded; percentiles are type 7. */
export function distribution(values: readonly number[], excludedBesides = 0): Expectation['answer'] {
  const samples = values.filter((value) => value >= 0).sort((a, b) => a - b);
  const excluded = values.length - samples.length + excludedBesides;
  if (samples.length === 0) return { count: 0, excluded, mean: null, p50: null, p90: null, max: null };
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return { count: samples.length, excluded, mean, p50: percentile(samples, 0.5), p90: percentile(samples, 0.9), max: samples.at(-1)! };
}

/** Share of the samples up to a limit; null where there are none. */
export const share = (values: readonly number[], limit: number): number | null => {
  const samples = values.filter((value) => value >= 0);
  return samples.length === 0 ? null : samples.filter((value) => value <= limit).length / samples.length;
};
