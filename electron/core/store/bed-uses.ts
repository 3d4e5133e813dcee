import type { PastUse } from '../domain/beds/past-use.ts';
import { KEPT_PER_BED } from './migrations/006-bed-uses.ts';
import type { Db } from './open.ts';

/**
 * Who left which bed last: a bed that nobody cleans is dirty for as long as nobody does, also when the stay that left
 * it so is long over and read no more. A few for each bed, so that a correction of the last stay finds the one before.
 */
export class BedUses {
  readonly #statements;

  constructor(db: Db) {
    this.#statements = {
      drop: db.prepare<[string, string, number]>('DELETE FROM bed_use WHERE unit = ? AND bed = ? AND entity = ?'),
      put: db.prepare<[string, string, number, number, number]>('INSERT OR REPLACE INTO bed_use (unit, bed, entity, taken_at, vacated_at) VALUES (?, ?, ?, ?, ?)'),
      prune: db.prepare<[object]>(
        `DELETE FROM bed_use WHERE unit = @unit AND bed = @bed AND vacated_at <
         (SELECT vacated_at FROM bed_use WHERE unit = @unit AND bed = @bed ORDER BY vacated_at DESC LIMIT 1 OFFSET ${KEPT_PER_BED - 1})`,
      ),
    };
  }

  /** Notes what became of the beds that an encounter has left, where that differs from what stood there `before`. */
  write(entity: number, before: readonly PastUse[], now: readonly PastUse[]): void {
    for (const old of before) if (!now.some((use) => samePlace(use, old))) this.#statements.drop.run(old.unit, old.bed, entity);
    for (const use of now) {
      const { unit, bed, takenAt, vacatedAt } = use;
      const old = before.find((one) => samePlace(one, use));
      if (old?.takenAt === takenAt && old.vacatedAt === vacatedAt) continue;
      this.#statements.put.run(unit, bed, entity, takenAt, vacatedAt);
      this.#statements.prune.run({ unit, bed });
    }
  }
}

const samePlace = (a: PastUse, b: PastUse) => a.unit === b.unit && a.bed === b.bed;

/** Past uses of all beds with the encounter, those up to `until` (epoch ms); a few for each bed of the site. */
export function* readBedUses(db: Db, until = Infinity): Generator<PastUse & { encounter: string }> {
  const rows = db.prepare<[number], PastUse & { encounter: string }>(
    `SELECT unit, bed, taken_at AS takenAt, vacated_at AS vacatedAt, id AS encounter FROM bed_use JOIN entity ON entity_id = entity WHERE vacated_at <= ?`,
  );
  yield* rows.iterate(Math.min(until, Number.MAX_SAFE_INTEGER));
}

/** The newest past use of each bed. */
export function newestBedUses(db: Db): (PastUse & { encounter: string })[] {
  return db
    .prepare<[], PastUse & { encounter: string }>(
      `SELECT unit, bed, taken_at AS takenAt, vacated_at AS vacatedAt, id AS encounter FROM bed_use AS use JOIN entity ON entity_id = entity
       WHERE vacated_at = (SELECT MAX(vacated_at) FROM bed_use WHERE unit = use.unit AND bed = use.bed)`,
    )
    .all();
}
