import type { SiteDays, Span } from '../metrics/days.ts';
import type { Db } from './open.ts';

export const ROLLUP_STEPS = ['15m', '1h', '1d'] as const;
export type RollupStep = (typeof ROLLUP_STEPS)[number];

const QUARTER = 15 * 60_000;

/** The quarter of an hour that holds `t`. Offsets of all zones are whole quarters, so hours and days are made of whole ones. */
const quarterOf = (t: number): Span => {
  const from = Math.floor(t / QUARTER) * QUARTER;
  return { from, to: from + QUARTER };
};

/** The bucket of a step that holds `t` (epoch ms): hours and days are the site's own. */
export function bucketOf(days: SiteDays, step: RollupStep, t: number): Span {
  return step === '15m' ? quarterOf(t) : step === '1h' ? days.hourOf(t) : days.dayOf(t);
}

interface Open {
  /** All before this is rolled up; a sample that comes from before it is late. */
  rolled: number;
  /** Hour and day that hold rolled quarters and are not over. */
  hour: Span | undefined;
  day: Span | undefined;
}

/**
 * Rollups of 15 min, 1 h and 1 day, made as buckets close: of a quarter by the first sample after it, of hours and days
 * from their quarters. A sample that comes late computes its closed buckets again. Buckets without a sample have no row.
 */
export class Rollups {
  readonly #days: SiteDays;
  readonly #statements;
  readonly #open = new Map<number, Open>();

  constructor(db: Db, days: SiteDays) {
    this.#days = days;
    const fromQuarters = (step: RollupStep) =>
      db.prepare(`
        INSERT OR REPLACE INTO metric_rollup_${step} (series_id, at, min, max, sum, last, count, unknown)
        SELECT @id, @from, MIN(min), MAX(max), SUM(sum),
          (SELECT last FROM metric_rollup_15m WHERE series_id = @id AND at >= @from AND at < @to AND count > 0 ORDER BY at DESC LIMIT 1), SUM(count), SUM(unknown)
        FROM metric_rollup_15m WHERE series_id = @id AND at >= @from AND at < @to HAVING COUNT(*) > 0`);
    this.#statements = {
      newest: db.prepare<[number], { at: number | null }>('SELECT MAX(at) AS at FROM metric_rollup_15m WHERE series_id = ?'),
      next: db.prepare<[number, number, number], { at: number | null }>('SELECT MIN(at) AS at FROM metric_sample WHERE series_id = ? AND at >= ? AND at < ?'),
      newestSample: db.prepare<[number], { at: number | null }>('SELECT MAX(at) AS at FROM metric_sample WHERE series_id = ?'),
      roll: {
        '15m': db.prepare(`
          INSERT OR REPLACE INTO metric_rollup_15m (series_id, at, min, max, sum, last, count, unknown)
          SELECT @id, @from, MIN(value), MAX(value), SUM(value),
            (SELECT value FROM metric_sample WHERE series_id = @id AND at >= @from AND at < @to AND value IS NOT NULL ORDER BY at DESC LIMIT 1), COUNT(value), COUNT(*) - COUNT(value)
          FROM metric_sample WHERE series_id = @id AND at >= @from AND at < @to HAVING COUNT(*) > 0`),
        '1h': fromQuarters('1h'),
        '1d': fromQuarters('1d'),
      },
    };
  }

  /** To be called before a sample of `at` (epoch ms) is written: closes what it closes. */
  before(id: number, at: number): void {
    const open = this.#of(id);
    if (at >= open.rolled + QUARTER || open.rolled === -Infinity) this.#closeUpTo(id, quarterOf(at).from, open);
  }

  /** To be called after it was written: if it was late, its closed buckets are computed again. */
  after(id: number, at: number): void {
    const open = this.#of(id);
    if (at < open.rolled) this.#again(id, at, open);
  }

  /** Rolls up all that lies before `until` (epoch ms, the end of a quarter), for a series that may never be sampled again. */
  closeUpTo(id: number, until: number): void {
    this.#closeUpTo(id, until, this.#of(id));
  }

  forget(): void {
    this.#open.clear();
  }

  #closeUpTo(id: number, until: number, open: Open): void {
    for (let from = open.rolled; from < until; from = open.rolled) {
      const { at } = this.#statements.next.get(id, from, until)!;
      if (at === null) break;
      const quarter = quarterOf(at);
      if (open.hour && quarter.from >= open.hour.to) this.#finish(id, '1h', open);
      if (open.day && quarter.from >= open.day.to) this.#finish(id, '1d', open);
      this.#roll(id, '15m', quarter);
      open.rolled = quarter.to;
      open.hour ??= this.#days.hourOf(quarter.from);
      open.day ??= this.#days.dayOf(quarter.from);
    }
    if (open.hour && open.hour.to <= until) this.#finish(id, '1h', open);
    if (open.day && open.day.to <= until) this.#finish(id, '1d', open);
    open.rolled = Math.max(open.rolled, until);
  }

  #finish(id: number, step: '1h' | '1d', open: Open): void {
    this.#roll(id, step, (step === '1h' ? open.hour : open.day)!);
    if (step === '1h') open.hour = undefined;
    else open.day = undefined;
  }

  /** A late sample: the quarter it lies in, and the hour and day if they are over. */
  #again(id: number, at: number, open: Open): void {
    this.#roll(id, '15m', quarterOf(at));
    const hour = this.#days.hourOf(at);
    const day = this.#days.dayOf(at);
    if (hour.to <= open.rolled) this.#roll(id, '1h', hour);
    else open.hour = hour;
    if (day.to <= open.rolled) this.#roll(id, '1d', day);
    else open.day = day;
  }

  #roll(id: number, step: RollupStep, { from, to }: Span): void {
    this.#statements.roll[step].run({ id, from, to });
  }

  #of(id: number): Open {
    const known = this.#open.get(id);
    if (known) return known;
    const rolled = this.#rolledUpTo(id);
    const unfinished = (span: Span) => (span.to > rolled ? span : undefined);
    const open: Open = rolled === -Infinity ? { rolled, hour: undefined, day: undefined } : { rolled, hour: unfinished(this.#days.hourOf(rolled - 1)), day: unfinished(this.#days.dayOf(rolled - 1)) };
    this.#open.set(id, open);
    return open;
  }
  /** Samples and rollups commit together, so all before the newest sample's quarter is rolled up; in a file from before rollups, nothing is. */
  #rolledUpTo(id: number): number {
    const quarter = this.#statements.newest.get(id)!.at;
    if (quarter === null) return -Infinity;
    const sample = this.#statements.newestSample.get(id)!.at;
    return Math.max(quarter + QUARTER, sample === null ? -Infinity : quarterOf(sample).from);
  }
}
