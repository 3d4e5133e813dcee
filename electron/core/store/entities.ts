import type { EntityKind } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import type { AdtState } from '../domain/adt/state.ts';
import { pastUses } from '../domain/beds/past-use.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { isOpen } from '../domain/open.ts';
import type { EncounterState } from '../domain/states.ts';
import { BedUses } from './bed-uses.ts';
import type { EventLog } from './event-log.ts';
import type { Db } from './open.ts';

/** Entities kept in memory, more than a large hospital has open; the rest is read back from the table when an event asks for it. */
const CACHE_LIMIT = 8_192;

interface Cached {
  readonly entityId: number;
  readonly kind: EntityKind;
  readonly id: string;
  state: unknown;
  /** The event that folded last; undefined when none is in the log. */
  last: DomainEvent | undefined;
  /** Newest event time, epoch ms. */
  changed: number;
  /** An event of this batch came late: the entity is folded again from its own events before it is written. */
  late: boolean;
  /** The stays as they were when their past uses of beds were written last. */
  usesOf: AdtState | undefined;
}

/** An event whose sender, or whoever else, is told whether it changed its entity. */
interface Told {
  changed: boolean;
}

/** One entity whose state a batch changed. */
export interface Change {
  readonly kind: EntityKind;
  readonly id: string;
  readonly state: unknown;
  /** Newest event time of the entity, epoch ms. */
  readonly changed: number;
}

/**
 * Current state of every entity, folded from its own events. In order, one event is one step; a late event refolds
 * its entity from the baseline and the log, so any arrival order ends in one state.
 */
export class Entities {
  readonly #log: EventLog;
  readonly #bedUses: BedUses;
  readonly #statements;
  readonly #cache = new Map<string, Cached>();
  readonly #dirty = new Set<Cached>();
  /** Late events of this batch to be told of, with their entity's state before them, as JSON. */
  readonly #late = new Map<Cached, { before: string | undefined; told: Told[] }>();

  constructor(db: Db, log: EventLog) {
    this.#log = log;
    this.#bedUses = new BedUses(db);
    this.#statements = {
      get: db.prepare<[string, string], { entity_id: number; state: string | null; changed: number }>('SELECT entity_id, state, changed FROM entity WHERE kind = ? AND id = ?'),
      byId: db.prepare<[number], { kind: EntityKind; id: string }>('SELECT kind, id FROM entity WHERE entity_id = ?'),
      add: db.prepare('INSERT INTO entity (kind, id, changed) VALUES (?, ?, ?)'),
      put: db.prepare('UPDATE entity SET state = ?, open = ?, changed = ? WHERE entity_id = ?'),
      baseline: db.prepare<[number], { state: string }>('SELECT state FROM baseline_entity WHERE entity = ? AND until IS NULL ORDER BY baseline DESC LIMIT 1'),
    };
  }

  /** Row of an entity, made when first heard of. */
  entityId(kind: EntityKind, id: string, time: number): number {
    return this.#load(kind, id, time).entityId;
  }

  /**
   * Folds an event that was just appended to the log. `told` learns whether the entity has another state then: at once,
   * or of late events with the next {@link flush}, whether all of them together changed it.
   */
  apply(kind: EntityKind, id: string, event: DomainEvent, told?: Told): void {
    const entity = this.#load(kind, id, event.time);
    if (!isFolded(event.type)) return;
    this.#dirty.add(entity);
    // Once for all late events of a batch: a source that floods one entity out of order must not hold up the others.
    if (entity.late || (entity.last && compareEvents(event, entity.last) < 0)) {
      entity.late = true;
      if (told) this.#tellLater(entity, told);
      return;
    }
    const before = told && JSON.stringify(entity.state);
    entity.state = evolve(entity.state, event);
    entity.last = event;
    entity.changed = event.time;
    if (told) told.changed = JSON.stringify(entity.state) !== before;
  }

  #tellLater(entity: Cached, told: Told): void {
    const late = this.#late.get(entity);
    if (late) late.told.push(told);
    else this.#late.set(entity, { before: JSON.stringify(entity.state), told: [told] });
  }

  /** Folds an entity anew from baseline and log, after an event of its past was replaced. `told`: see {@link apply}. */
  refold(entityId: number, told?: Told): void {
    const { kind, id } = this.#statements.byId.get(entityId)!;
    const entity = this.#load(kind, id, 0);
    if (told) this.#tellLater(entity, told);
    entity.late = true;
    this.#dirty.add(entity);
  }

  /** Writes what changed since the last call; returns it for whoever paints it. */
  flush(): Change[] {
    const changes: Change[] = [];
    for (const entity of this.#dirty) {
      if (entity.late) this.#refold(entity);
      const text = entity.state === undefined ? null : JSON.stringify(entity.state);
      this.#statements.put.run(text, entity.state !== undefined && isOpen(entity.kind, entity.state) ? 1 : 0, entity.changed, entity.entityId);
      this.#writeUses(entity);
      const late = this.#late.get(entity);
      for (const told of late?.told ?? []) told.changed = text !== (late!.before ?? null);
      changes.push({ kind: entity.kind, id: entity.id, state: entity.state, changed: entity.changed });
    }
    this.#dirty.clear();
    this.#late.clear();
    if (this.#cache.size > CACHE_LIMIT) this.#evict();
    return changes;
  }

  /** Forgets an entity in memory: its row says something else now. */
  letGo(kind: EntityKind, id: string): void {
    this.#cache.delete(keyOf(kind, id));
  }

  /** After a rolled-back transaction memory is ahead of the file: forget it. */
  forget(): void {
    this.#cache.clear();
    this.#dirty.clear();
    this.#late.clear();
  }

  #writeUses(entity: Cached): void {
    const adt = adtOf(entity);
    if (adt === entity.usesOf) return;
    this.#bedUses.write(entity.entityId, pastUses(entity.usesOf), pastUses(adt));
    entity.usesOf = adt;
  }

  #refold(entity: Cached): void {
    const baseline = this.#statements.baseline.get(entity.entityId);
    const events = this.#log.ofEntity(entity.entityId).filter((event) => isFolded(event.type));
    entity.state = events.reduce<unknown>((state, event) => evolve(state, event), baseline && (JSON.parse(baseline.state) as unknown));
    entity.last = events.at(-1);
    entity.late = false;
    entity.changed = entity.last?.time ?? entity.changed;
  }

  #load(kind: EntityKind, id: string, time: number): Cached {
    const key = keyOf(kind, id);
    const hit = this.#cache.get(key);
    if (hit) return hit;
    const row = this.#statements.get.get(kind, id);
    const state = row === undefined || row.state === null ? undefined : (JSON.parse(row.state) as unknown);
    const entity: Cached = row
      ? { entityId: row.entity_id, kind, id, state, last: this.#log.newestOfEntity(row.entity_id), changed: row.changed, late: false, usesOf: adtOf({ kind, state }) }
      : { entityId: Number(this.#statements.add.run(kind, id, time).lastInsertRowid), kind, id, state, last: undefined, changed: time, late: false, usesOf: adtOf({ kind, state }) };
    this.#cache.set(key, entity);
    return entity;
  }

  /** Drops a few of those that were loaded first, so that memory does not go up and down; a map keeps insertion order. */
  #evict(): void {
    let surplus = this.#cache.size - (CACHE_LIMIT * 15) / 16;
    for (const key of this.#cache.keys()) {
      if (surplus-- <= 0) break;
      this.#cache.delete(key);
    }
  }
}

const keyOf = (kind: EntityKind, id: string) => `${kind} ${id}`;

const adtOf = ({ kind, state }: Pick<Cached, 'kind' | 'state'>) => (kind === 'encounter' ? (state as EncounterState | undefined)?.adt : undefined);
