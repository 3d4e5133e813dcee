import { entitiesAt, hashState } from './state.ts';
import { newestBaseline } from './baselines.ts';
import type { Db } from './open.ts';

/**
 * Forgets events up to and including `horizon` (epoch ms) after writing the state they led to as the new baseline.
 * Rebuild is baseline + tail from then on; an event from before the horizon is refused as `before-baseline`.
 * Returns the number of events forgotten. Throws if the horizon is not after the last one, or after `now`.
 */
export function trim(db: Db, horizon: number, now: number): number {
  const before = newestBaseline(db);
  if (before && horizon <= before.horizon) throw new RangeError(`Already trimmed up to ${new Date(before.horizon).toISOString()}.`);
  if (horizon > now) throw new RangeError(`${new Date(horizon).toISOString()} is ahead of the clock: until then every event would be refused as before the baseline.`);
  return db.transaction(() => {
    const states = entitiesAt(db, horizon);
    const entityId = db.prepare<[string, string], { entity_id: number }>('SELECT entity_id FROM entity WHERE kind = ? AND id = ?');
    const put = db.prepare('INSERT INTO baseline_entity (entity, state) VALUES (?, ?)');
    db.exec('DELETE FROM baseline_entity');
    for (const { kind, id, state } of states) put.run(entityId.get(kind, id)!.entity_id, JSON.stringify(state));
    const trimmed = db.prepare('DELETE FROM ops_event WHERE time <= ?').run(horizon).changes;
    db.prepare('INSERT INTO baseline (horizon, state_hash, created, events_trimmed) VALUES (?, ?, ?, ?)').run(horizon, hashState(states), now, trimmed);
    return trimmed;
  })();
}
