import type { Scope } from '#shared/metrics/result.ts';
import { siteDays, type SiteDays } from '../metrics/days.ts';
import { definitionOf } from '../metrics/evaluate.ts';
import { seriesName } from '../metrics/series-name.ts';
import { horizonOf } from './history-horizon.ts';
import type { Db } from './open.ts';
import { bucketOf, ROLLUP_STEPS, type RollupStep } from './rollups.ts';

export const SERIES_STEPS = ['1m', ...ROLLUP_STEPS] as const;
export type SeriesStep = (typeof SERIES_STEPS)[number];

/** Longest answer: a year by hours, a week by minutes. Beyond it a coarser step says more. */
export const SERIES_LIMIT = 12_000;

const HOUR = 3_600_000;
const LONGEST: Readonly<Record<Exclude<SeriesStep, '1d'>, number>> = { '1m': 8 * HOUR, '15m': 4 * 24 * HOUR, '1h': 62 * 24 * HOUR };

/** One bucket. Times are epoch ms; values are in the metric's unit and null where every sample of the bucket was unknown. */
export interface SeriesPoint {
  readonly from: number;
  readonly to: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly last: number | null;
  /** Samples with a value. */
  readonly count: number;
  /** Samples, one a minute, that were unknown. What is missing to the bucket's minutes was not sampled at all. */
  readonly unknown: number;
}

export interface SeriesAnswer {
  readonly metric: string;
  readonly scope: Scope;
  readonly step: SeriesStep;
  /** Buckets that begin in the range and hold a sample, oldest first. */
  readonly points: SeriesPoint[];
  /** Why there are none. */
  readonly reason?: string;
}

export interface SeriesQuery {
  readonly metric: string;
  readonly scope: Scope;
  /** Epoch ms, `from <= t < to`. */
  readonly from: number;
  readonly to: number;
  /** Absent: the finest that the range asks for and that is still kept. */
  readonly step?: SeriesStep;
}

/** The finest step whose answer is no longer than a chart shows and whose samples have not been forgotten. */
export function stepFor(db: Db, from: number, to: number): SeriesStep {
  const kept = (step: SeriesStep) => from >= horizonOf(db, step === '1m' ? 'sample' : step);
  for (const step of ['1m', '15m', '1h'] as const) if (to - from <= LONGEST[step] && kept(step)) return step;
  return '1d';
}

/**
 * The course of a sampled metric, by index; the bucket that is not over yet is computed from its samples.
 * @throws MetricError for a metric that does not exist; RangeError when the answer would be longer than {@link SERIES_LIMIT}
 */
export function series(db: Db, zone: string, { metric, scope, from, to, step = stepFor(db, from, to) }: SeriesQuery): SeriesAnswer {
  definitionOf(metric);
  const row = db.prepare<[string], { series_id: number }>('SELECT series_id FROM metric_series WHERE series = ?').get(seriesName(metric, scope));
  if (!row) return { metric, scope, step, points: [], reason: 'this metric has not been sampled in this scope' };
  const points = step === '1m' ? raw(db, row.series_id, from, to) : rolled(db, row.series_id, siteDays(zone), step, from, to);
  if (points.length > SERIES_LIMIT) throw new RangeError(`more than ${SERIES_LIMIT} points of ${step}: ask for a shorter range or a coarser step`);
  return { metric, scope, step, points, ...(points.length === 0 ? { reason: 'there is no sample in the range' } : {}) };
}

/** Longest answer of several series together: a month of forty units by hours, a day by minutes. */
export const TOGETHER_LIMIT = 5 * SERIES_LIMIT;

/** Several courses in one answer. @throws as {@link series} does, RangeError also when they are too long together */
export function seriesTogether(db: Db, zone: string, queries: readonly SeriesQuery[]): SeriesAnswer[] {
  let points = 0;
  return queries.map((query) => {
    const answer = series(db, zone, query);
    if ((points += answer.points.length) > TOGETHER_LIMIT) throw new RangeError(`more than ${TOGETHER_LIMIT} points of ${answer.step} in all: ask for a shorter range, a coarser step or one unit`);
    return answer;
  });
}

interface Sample {
  at: number;
  value: number | null;
}

const samplesOf = (db: Db, id: number, from: number, to: number, most = 100 * SERIES_LIMIT): Sample[] =>
  db.prepare<[number, number, number, number], Sample>('SELECT at, value FROM metric_sample WHERE series_id = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?').all(id, from, to, most);

function raw(db: Db, id: number, from: number, to: number): SeriesPoint[] {
  return samplesOf(db, id, from, to, SERIES_LIMIT + 1).map(({ at, value }) => ({
    from: at, to: at + 60_000, min: value, max: value, mean: value, last: value, count: value === null ? 0 : 1, unknown: value === null ? 1 : 0,
  }));
}

function rolled(db: Db, id: number, days: SiteDays, step: RollupStep, from: number, to: number): SeriesPoint[] {
  const rows = db
    .prepare<[number, number, number], Omit<SeriesPoint, 'from' | 'to' | 'mean'> & { at: number; sum: number | null }>(
      `SELECT at, min, max, sum, last, count, unknown FROM metric_rollup_${step} WHERE series_id = ? AND at >= ? AND at < ? ORDER BY at LIMIT ${SERIES_LIMIT + 1}`,
    )
    .all(id, from, to);
  const points = rows.map(({ at, sum, ...rest }) => ({ from: at, to: bucketOf(days, step, at).to, ...rest, mean: sum === null ? null : sum / rest.count }));
  const newest = db.prepare<[number], { at: number | null }>(`SELECT MAX(at) AS at FROM metric_rollup_${step} WHERE series_id = ?`).get(id)!.at;
  const open = Math.max(newest === null ? -Infinity : bucketOf(days, step, newest).to, from);
  return open < to ? [...points, ...fresh(samplesOf(db, id, open, bucketOf(days, step, to - 1).to), days, step, from)] : points;
}

/** Buckets that no rollup holds yet, from their samples. */
function fresh(samples: readonly Sample[], days: SiteDays, step: RollupStep, from: number): SeriesPoint[] {
  const points: SeriesPoint[] = [];
  for (let i = 0; i < samples.length; ) {
    const bucket = bucketOf(days, step, samples[i]!.at);
    const begin = i;
    while (i < samples.length && samples[i]!.at < bucket.to) i++;
    const known = samples.slice(begin, i).flatMap(({ value }) => (value === null ? [] : [value]));
    if (bucket.from < from) continue;
    points.push({
      from: bucket.from,
      to: bucket.to,
      min: known.length > 0 ? Math.min(...known) : null,
      max: known.length > 0 ? Math.max(...known) : null,
      mean: known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null,
      last: known.at(-1) ?? null,
      count: known.length,
      unknown: i - begin - known.length,
    });
  }
  return points;
}
