/** One bucket of a course: `from <= t < to` in epoch ms; null where the value is not known. */
export interface CoursePoint {
  readonly from: number;
  readonly to: number;
  readonly value: number | null;
}

const HOUR = 3_600_000;

/**
 * Trailing mean over the last `n` buckets up to and including each: of those that are known, and null where fewer than
 * half of them are. Buckets that are missing count as unknown. Days need not be of equal length. Points go by time.
 */
export function movingAverage(points: readonly CoursePoint[], n: number): (number | null)[] {
  let begin = 0;
  return points.map(({ from, to }, i) => {
    // Half a bucket of slack: n days before the end of a day of 23 hours, the first of them has begun an hour ago.
    const since = to - (n + 0.5) * (to - from);
    while (points[begin]!.from < since) begin++;
    const known = points.slice(begin, i + 1).flatMap(({ value }) => (value === null ? [] : [value]));
    return known.length < n / 2 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}

/** Change from the bucket before to each, per hour between their ends; null after a gap and where either is not known. */
export function ratesOfChange(points: readonly CoursePoint[]): (number | null)[] {
  return points.map(({ from, to, value }, i) => {
    const before = points[i - 1];
    if (!before || before.to !== from || before.value === null || value === null) return null;
    return ((value - before.value) * HOUR) / (to - before.to);
  });
}
