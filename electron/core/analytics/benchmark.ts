/** One unit as measured over the days of a window: its values by day, null where not known. */
export interface Measured {
  readonly unit: string;
  /** Units are compared with those of their kind; null is compared with nobody. */
  readonly kind: string | null;
  readonly values: readonly (number | null)[];
}

export interface Benchmarked {
  readonly unit: string;
  readonly kind: string | null;
  /** Mean of the days that are known; null where none is. */
  readonly mean: number | null;
  readonly known: number;
  readonly unknown: number;
  /** Median of the means of all units of its kind, itself among them; null where it is the only one that is known. */
  readonly median: number | null;
  /** mean - median. */
  readonly difference: number | null;
  /** 1 is the best of its kind by the metric's direction, equals share a rank; null where no direction is bad or there is nobody to compare with. */
  readonly rank: number | null;
}

/** Units beside others of their kind. `bad` says which way is bad: values that are high, or low; undefined where neither is. */
export function benchmark(units: readonly Measured[], bad: 'high' | 'low' | undefined): Benchmarked[] {
  const means = units.map(({ unit, kind, values }) => {
    const known = values.filter((value) => value !== null);
    return { unit, kind, mean: known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length, known: known.length, unknown: values.length - known.length };
  });
  return means.map((own) => {
    const peers = means.flatMap(({ kind, mean }) => (own.kind !== null && kind === own.kind && mean !== null ? [mean] : []));
    if (own.mean === null || peers.length < 2) return { ...own, median: null, difference: null, rank: null };
    const middle = median(peers);
    const better = (value: number) => (bad === 'high' ? value < own.mean! : value > own.mean!);
    return { ...own, median: middle, difference: own.mean - middle, rank: bad === undefined ? null : 1 + peers.filter(better).length };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}
