import type { Db } from './open.ts';
import type { SamplePoint } from './writer-protocol.ts';

/** Series of gauge samples on the site's clock, for trends. Not part of state: they can be computed again from the log. */
export class SampleStore {
  readonly #db: Db;
  readonly #put;

  constructor(db: Db) {
    this.#db = db;
    this.#put = db.prepare('INSERT INTO metric_sample (series, at, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
  }

  write(points: readonly SamplePoint[]): void {
    this.#db.transaction(() => {
      for (const point of points) this.#put.run(...point);
    })();
  }
}

/** Points of all series from a time on (epoch ms), oldest first. */
export function readSamples(db: Db, from: number): { series: string; at: number; value: number | null }[] {
  return db.prepare<[number], { series: string; at: number; value: number | null }>('SELECT series, at, value FROM metric_sample WHERE at >= ? ORDER BY series, at').all(from);
}
