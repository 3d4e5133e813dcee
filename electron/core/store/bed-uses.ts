import { bedKey } from '#shared/events/types/bed.ts';
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
      ...statements(db),
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

export interface GatheredUse extends PastUse {
  readonly entity: number;
}

/** The past uses that all encounters together leave in the table, gathered one encounter after the other. */
export class GatheredUses {
  readonly #byBed = new Map<string, GatheredUse[]>();

  /** What several threads have gathered. */
  static of(uses: readonly GatheredUse[]): GatheredUses {
    const gathered = new GatheredUses();
    for (const use of uses) gathered.add(use.entity, [use]);
    return gathered;
  }

  get all(): GatheredUse[] {
    return [...this.#byBed.values()].flat();
  }

  /** Each encounter once: what its uses displace is not found again. */
  add(entity: number, uses: readonly PastUse[]): void {
    for (const use of uses) {
      const key = bedKey(use);
      const newest = this.#byBed.get(key) ?? [];
      newest.push({ ...use, entity });
      newest.sort((a, b) => b.vacatedAt - a.vacatedAt);
      const last = newest[KEPT_PER_BED - 1]?.vacatedAt ?? -Infinity;
      this.#byBed.set(key, newest.filter(({ vacatedAt }) => vacatedAt >= last));
    }
  }

  /** Makes the table say so, and writes only what it does not say yet. */
  putInto(db: Db): void {
    const { drop, put } = statements(db);
    const wanted = new Map(this.all.map((use) => [rowKey(use), use]));
    const rows = db.prepare<[], GatheredUse>('SELECT unit, bed, entity, taken_at AS takenAt, vacated_at AS vacatedAt FROM bed_use').all();
    for (const row of rows) {
      const use = wanted.get(rowKey(row));
      if (!use) drop.run(row.unit, row.bed, row.entity);
      else if (use.takenAt === row.takenAt && use.vacatedAt === row.vacatedAt) wanted.delete(rowKey(row));
    }
    for (const { unit, bed, entity, takenAt, vacatedAt } of wanted.values()) put.run(unit, bed, entity, takenAt, vacatedAt);
  }
}

const rowKey = (use: GatheredUse) => `${use.entity} ${bedKey(use)}`;

const statements = (db: Db) => ({
  drop: db.prepare<[string, string, number]>('DELETE FROM bed_use WHERE unit = ? AND bed = ? AND entity = ?'),
  put: db.prepare<[string, string, number, number, number]>('INSERT OR REPLACE INTO bed_use (unit, bed, entity, taken_at, vacated_at) VALUES (?, ?, ?, ?, ?)'),
});

const samePlace = (a: PastUse, b: PastUse) => a.unit === b.unit && a.bed === b.bed;

export type EncounterUse = PastUse & { readonly encounter: string };

const COLUMNS = 'use.unit, use.bed, use.taken_at AS takenAt, use.vacated_at AS vacatedAt, id AS encounter';

/**
 * Past uses of all beds up to `until` (epoch ms), a few for each: a function that gives the next ones, as many as it is
 * asked for, fewer only at the end.
 */
export function bedUsePages(db: Db, until: number): (size: number) => EncounterUse[] {
  const page = db.prepare<object, EncounterUse & { entity: number }>(
    `SELECT ${COLUMNS}, entity FROM bed_use AS use JOIN entity ON entity_id = entity
     WHERE (use.unit, use.bed, use.entity) > (@unit, @bed, @entity) AND use.vacated_at <= @until ORDER BY use.unit, use.bed, use.entity LIMIT @size`,
  );
  let last = { unit: '', bed: '', entity: 0 };
  return (size) => {
    const rows = page.all({ ...last, until: Math.min(until, Number.MAX_SAFE_INTEGER), size });
    const uses = rows.map(({ entity: _, ...use }) => use);
    const end = rows.at(-1);
    if (end) last = { unit: end.unit, bed: end.bed, entity: end.entity };
    return uses;
  };
}

/** All of them at once. */
export const readBedUses = (db: Db, until: number): EncounterUse[] => bedUsePages(db, until)(Number.MAX_SAFE_INTEGER);

/** The newest past use of each bed. */
export function newestBedUses(db: Db): EncounterUse[] {
  return db
    .prepare<[], EncounterUse>(
      `SELECT ${COLUMNS} FROM bed_use AS use JOIN entity ON entity_id = entity
       WHERE use.vacated_at = (SELECT MAX(vacated_at) FROM bed_use WHERE unit = use.unit AND bed = use.bed)`,
    )
    .all();
}
