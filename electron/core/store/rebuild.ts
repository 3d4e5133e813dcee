import type { EntityKind } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { isOpen } from '../domain/open.ts';
import { newestBaseline } from './baselines.ts';
import { EventLog, scanLog } from './event-log.ts';
import { fillBedUses } from './migrations/006-bed-uses.ts';
import type { Db } from './open.ts';

/**
 * One entity on the way: its state, and the order key of the event that folded last. The event itself is not kept:
 * holding a million of them cost more than folding them.
 */
interface Folding {
  state: unknown;
  time: number;
  sequence: number | undefined;
  id: string;
  source: string;
  /** Number of the event that touched it last, on this walk. */
  seen: number;
}

/** How far the walk is with an entity, by its row. */
const UNTOUCHED = 0;
const FOLDING = 1;
/** Its state stands in the table; no event of it is expected any more. */
const WRITTEN = 2;
/** An event came after one that folds later, or after it was written: it is folded again from its own events. */
const LATE = 3;

const PROGRESS_EVERY = 50_000;
/** From here on, entities that no event has touched for as long are written and let go: memory does not grow with the log. */
const HELD = 150_000;

interface StoredRow {
  kind: EntityKind;
  state: string | null;
}

/**
 * Throws every projection away and folds it anew from baseline and log, in one transaction.
 * One pass in commit order; an entity whose events did not come in fold order is folded again from its own events.
 * Returns the number of events read. `progress` is told how many so far.
 */
export function rebuild(db: Db, progress: (events: number) => void = () => {}): number {
  return db
    .transaction(() => {
      const events = new Rebuild(db).run(progress);
      db.exec(fillBedUses);
      return events;
    })
    .immediate();
}

class Rebuild {
  readonly #db: Db;
  readonly #log: EventLog;
  readonly #statements;
  readonly #trimmed: boolean;
  readonly #folding = new Map<number, Folding>();
  readonly #progress: Uint8Array;

  constructor(db: Db) {
    this.#db = db;
    this.#log = new EventLog(db);
    this.#trimmed = newestBaseline(db) !== undefined;
    this.#statements = {
      row: db.prepare<[number], StoredRow>('SELECT kind, state FROM entity WHERE entity_id = ?'),
      baseline: db.prepare<[number], { state: string }>('SELECT state FROM baseline_entity WHERE entity = ? ORDER BY baseline DESC LIMIT 1'),
      put: db.prepare('UPDATE entity SET state = ?, open = ?, changed = COALESCE(?, changed) WHERE entity_id = ?'),
      page: db.prepare<[number], { id: number }>('SELECT entity_id AS id FROM entity WHERE entity_id > ? ORDER BY entity_id LIMIT 5000'),
    };
    const { last } = db.prepare('SELECT COALESCE(MAX(entity_id), 0) AS last FROM entity').get() as { last: number };
    this.#progress = new Uint8Array(last + 1);
  }

  run(progress: (events: number) => void): number {
    let events = 0;
    for (const { event, entity } of scanLog(this.#db, { by: 'position' })) {
      if (++events % PROGRESS_EVERY === 0) progress(events);
      if (isFolded(event.type)) this.#take(entity, event, events);
      if (this.#folding.size > HELD && events % PROGRESS_EVERY === 0) this.#letGo(events - HELD);
    }
    this.#letGo(events);
    this.#rest();
    progress(events);
    return events;
  }

  #take(entity: number, event: DomainEvent, events: number): void {
    const at = this.#progress[entity];
    if (at === LATE) return;
    if (at === UNTOUCHED) {
      this.#progress[entity] = FOLDING;
      this.#folding.set(entity, { state: this.#baseline(entity), time: -Infinity, sequence: undefined, id: '', source: '', seen: 0 });
    }
    const folding = this.#folding.get(entity);
    if (!folding || compareEvents(event, folding) < 0) {
      this.#progress[entity] = LATE;
      this.#folding.delete(entity);
      return;
    }
    folding.state = evolve(folding.state, event);
    folding.time = event.time;
    folding.sequence = event.sequence;
    folding.id = event.id;
    folding.source = event.source;
    folding.seen = events;
  }

  #baseline(entity: number): unknown {
    const held = this.#trimmed ? this.#statements.baseline.get(entity) : undefined;
    return held && (JSON.parse(held.state) as unknown);
  }

  /** Writes what no event after the `seen`-th has touched. */
  #letGo(seen: number): void {
    for (const [entity, folding] of this.#folding) {
      if (folding.seen > seen) continue;
      this.#write(entity, folding.state, folding.time);
      this.#progress[entity] = WRITTEN;
      this.#folding.delete(entity);
    }
  }

  /** Entities that came out of order, and those that no event of the log has touched. */
  #rest(): void {
    for (let rows = this.#statements.page.all(0); rows.length > 0; rows = this.#statements.page.all(rows.at(-1)!.id)) {
      for (const { id } of rows) {
        if (this.#progress[id] === WRITTEN) continue;
        const events = this.#progress[id] === LATE ? this.#log.ofEntity(id).filter(({ type }) => isFolded(type)) : [];
        const state = events.reduce<unknown>((before, event) => evolve(before, event), this.#baseline(id));
        this.#write(id, state, events.at(-1)?.time);
      }
    }
  }

  /** Puts a state in place where it differs; on a healthy store none does, and nothing is written. */
  #write(entity: number, state: unknown, changed: number | undefined): void {
    const row = this.#statements.row.get(entity)!;
    const text = state === undefined ? null : JSON.stringify(state);
    if (text !== row.state) this.#statements.put.run(text, text !== null && isOpen(row.kind, state) ? 1 : 0, changed ?? null, entity);
  }
}
