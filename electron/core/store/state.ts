import { createHash } from 'node:crypto';
import type { EntityKind } from '#shared/events/define.ts';
import { compareEvents } from '#shared/events/order.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { baselineStates, newestBaseline } from './baselines.ts';
import { scanLog } from './event-log.ts';
import type { Db } from './open.ts';

export interface EntityRow {
  readonly kind: EntityKind;
  readonly id: string;
  readonly state: unknown;
}

/** Current state of every entity, in key order. */
export function* currentEntities(db: Db): Generator<EntityRow> {
  const rows = db.prepare<[], { kind: EntityKind; id: string; state: string }>('SELECT kind, id, state FROM entity WHERE state IS NOT NULL ORDER BY kind, id').iterate();
  for (const { kind, id, state } of rows) yield { kind, id, state: JSON.parse(state) as unknown };
}

/** Name of a state: SHA-256 over its entities in key order. Positions, receive times and samples are not in it. */
export function hashState(entities: Iterable<EntityRow>): string {
  const hash = createHash('sha256');
  for (const { kind, id, state } of entities) hash.update(`${kind}\0${id}\0${JSON.stringify(state)}\n`);
  return hash.digest('hex');
}

/**
 * State of every entity at a time (epoch ms, inclusive), as known today: later corrections of earlier events count.
 * Throws if the time lies before the oldest baseline.
 */
export function entitiesAt(db: Db, until: number): EntityRow[] {
  const baseline = newestBaseline(db);
  if (baseline && until < baseline.horizon) {
    throw new RangeError(`The log reaches back to ${new Date(baseline.horizon).toISOString()}; ${new Date(until).toISOString()} is before that.`);
  }
  const folded = new Map<number, unknown>();
  for (const { entity, state } of baselineStates(db)) folded.set(entity, state);
  for (const { entity, events } of foldable(db, until)) {
    folded.set(entity, events.reduce<unknown>((state, event) => evolve(state, event), folded.get(entity)));
  }
  const keys = db.prepare<[], { entity_id: number; kind: EntityKind; id: string }>('SELECT entity_id, kind, id FROM entity ORDER BY kind, id').iterate();
  const rows: EntityRow[] = [];
  for (const { entity_id, kind, id } of keys) {
    const state = folded.get(entity_id);
    if (state !== undefined) rows.push({ kind, id, state });
  }
  return rows;
}

/** Events that change state, grouped by entity, each group in fold order. */
function* foldable(db: Db, until: number): Generator<{ entity: number; events: DomainEvent[] }> {
  const groups = new Map<number, DomainEvent[]>();
  for (const { event, entity } of scanLog(db, { by: 'position', until })) {
    if (!isFolded(event.type)) continue;
    const group = groups.get(entity);
    if (group) group.push(event);
    else groups.set(entity, [event]);
  }
  for (const [entity, events] of groups) yield { entity, events: events.sort(compareEvents) };
}
