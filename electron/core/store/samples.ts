import { siteDays } from '../metrics/days.ts';
import { horizonOf } from './history-horizon.ts';
import { inTransaction, type Db } from './open.ts';
import { Rollups } from './rollups.ts';
import type { SamplePoint } from './writer-protocol.ts';

/** Series of samples on the site's clock, with their rollups. Not part of state: they can be computed again from the log. */
export class SampleStore {
  readonly rollups: Rollups;
  readonly #db: Db;
  readonly #put;
  readonly #series;
  readonly #addSeries;
  readonly #ids = new Map<string, number>();

  /** @param zone IANA zone of the site: rollups of hours and days are those of its clock */
  constructor(db: Db, zone: string) {
    this.#db = db;
    this.#put = db.prepare('INSERT INTO metric_sample (series_id, at, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
    this.#series = db.prepare<[string], { series_id: number }>('SELECT series_id FROM metric_series WHERE series = ?');
    this.#addSeries = db.prepare('INSERT INTO metric_series (series) VALUES (?)');
    this.rollups = new Rollups(db, siteDays(zone));
  }

  /** Keeps points and rolls up what they close. A point from before what has been forgotten is not taken. */
  write(points: readonly SamplePoint[]): void {
    const horizon = horizonOf(this.#db, 'sample');
    this.#transaction(() => {
      for (const [series, at, value] of points) {
        if (at < horizon) continue;
        const id = this.#idOf(series);
        this.rollups.before(id, at);
        this.#put.run(id, at, value);
        this.rollups.after(id, at);
      }
    });
  }

  #transaction(work: () => void): void {
    try {
      inTransaction(this.#db, work);
    } catch (error) {
      // Rolled back: the numbers of new series do not exist, and nothing was rolled up.
      this.#ids.clear();
      this.rollups.forget();
      throw error;
    }
  }

  #idOf(series: string): number {
    const known = this.#ids.get(series);
    if (known !== undefined) return known;
    const id = this.#series.get(series)?.series_id ?? Number(this.#addSeries.run(series).lastInsertRowid);
    this.#ids.set(series, id);
    return id;
  }
}

/** Points of all series from a time on (epoch ms), oldest first. Read series by series, each by index. */
export function* readSamples(db: Db, from: number): Generator<{ series: string; at: number; value: number | null }> {
  const points = db.prepare<[number, number], { at: number; value: number | null }>('SELECT at, value FROM metric_sample WHERE series_id = ? AND at >= ? ORDER BY at');
  for (const { series_id, series } of db.prepare<[], { series_id: number; series: string }>('SELECT series_id, series FROM metric_series ORDER BY series').all()) {
    for (const point of points.all(series_id, from)) yield { series, ...point };
  }
}
