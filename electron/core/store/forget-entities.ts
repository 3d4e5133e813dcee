import type { EntityKind } from '#shared/events/define.ts';
import { newestBaseline } from './baselines.ts';
import { inTransaction, type Db } from './open.ts';

/** In `entity.open`: forgotten, and its row stays only because older baselines speak of it. */
const FORGOTTEN = -1;

/** Told of each entity that is let go: whoever has it in memory drops it. */
export type LetGo = (kind: EntityKind, id: string) => void;

interface Row {
  entity_id: number;
  kind: EntityKind;
  id: string;
}

/**
 * Forgets entities that are over and of which nothing was said since `before` (epoch ms), once the log has no event of
 * them: their state holds up to the newest baseline and no further. Who left a bed last stays, since what the bed is
 * comes of it. At most `limit` in one transaction; returns whether there is more.
 */
export function forgetEntities(db: Db, before: number, limit: number, letGo: LetGo): boolean {
  const newest = newestBaseline(db);
  if (newest?.completed == null) return false;
  const over = db.prepare<[number, number], Row>(`SELECT entity_id, kind, id FROM entity WHERE open = 0 AND changed < ? AND NOT EXISTS (SELECT 1 FROM ops_event e WHERE e.entity = entity_id)
    AND NOT EXISTS (SELECT 1 FROM bed_use u WHERE u.entity = entity_id) ORDER BY changed LIMIT ?`);
  const forget = db.prepare(`UPDATE entity SET state = NULL, open = ${FORGOTTEN} WHERE entity_id = ?`);
  const supersede = db.prepare('UPDATE baseline_entity SET until = ? WHERE entity = ? AND until IS NULL');
  const drop = dropIfUnknown(db, letGo);
  return inTransaction(db, () => {
    // What changed after the horizon has its events in the log: not to be walked through each time.
    const rows = over.all(Math.min(before, newest.horizon + 1), limit);
    for (const { entity_id: entity, kind, id } of rows) {
      forget.run(entity);
      supersede.run(newest.baseline_id + 1, entity);
      letGo(kind, id);
      drop(entity);
    }
    return rows.length >= limit;
  });
}

/** Deletes the row of a forgotten entity once no baseline and no event speaks of it. Call it inside a transaction. */
export function dropIfUnknown(db: Db, letGo: LetGo): (entity: number) => void {
  const drop = db.prepare<[number], Pick<Row, 'kind' | 'id'>>(`DELETE FROM entity WHERE entity_id = ? AND open = ${FORGOTTEN}
    AND NOT EXISTS (SELECT 1 FROM ops_event e WHERE e.entity = entity_id) AND NOT EXISTS (SELECT 1 FROM baseline_entity b WHERE b.entity = entity_id) RETURNING kind, id`);
  return (entity) => {
    const dropped = drop.get(entity);
    if (dropped) letGo(dropped.kind, dropped.id);
  };
}
