/** Figures of a set of durations. In the unit of the samples. */
export interface Distribution {
  readonly count: number;
  readonly excluded: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly max: number | null;
  /** Share of samples at or under `target`. */
  readonly within: number | null;
}

/**
 * Percentile `p` (0-1) of ascending numbers by linear interpolation between closest ranks: type 7 of
 * Hyndman and Fan 1996, the default of R and NumPy. Null for no numbers.
 */
export function percentile(ascending: ArrayLike<number>, p: number): number | null {
  if (ascending.length === 0) return null;
  const rank = (ascending.length - 1) * p;
  const below = Math.floor(rank);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (rank - below) * (high - low);
}

/** Count, mean, type 7 percentiles, maximum and share at or under `target` of the samples; all null for none. */
export function distribution(samples: readonly number[], excluded: number, target: number | null): Distribution {
  const count = samples.length;
  if (count === 0) return { count, excluded, mean: null, p50: null, p90: null, max: null, within: null };
  const ascending = Float64Array.from(samples).sort();
  let sum = 0;
  let within = 0;
  for (const sample of ascending) {
    sum += sample;
    if (target !== null && sample <= target) within += 1;
  }
  return {
    count,
    excluded,
    mean: sum / count,
    p50: percentile(ascending, 0.5),
    p90: percentile(ascending, 0.9),
    max: ascending[count - 1]!,
    within: target === null ? null : within / count,
  };
}
