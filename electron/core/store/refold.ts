import type { EntityKind } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { pastUses } from '../domain/beds/past-use.ts';
import { isOpen } from '../domain/open.ts';
import type { EncounterState } from '../domain/states.ts';
import { newestBaseline } from './baselines.ts';
import { GatheredUses } from './bed-uses.ts';
import { EventLog, scanLog } from './event-log.ts';
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
  /** It was open as that event left it: more events are expected. */
  open: boolean;
}

/** How far the walk is with an entity, by its row. */
const UNTOUCHED = 0;
const FOLDING = 1;
/** Its state stands in the table; no event of it is expected any more. */
const WRITTEN = 2;
/** An event came after one that folds later, or after it was written: it is folded again from its own events. */
const LATE = 3;

/** From here on, entities that are over and that no event has touched for as long are written and let go: memory does not grow with the log. */
export const HELD = 150_000;
/** Of that many events, the share after which progress is told and looked for what may go. */
const STEP = 1 / 3;
/** Rows that lie so close together are read at once, at most so many: a third of what reading each by itself costs. */
const GAP = 8;
const RUN = 1_000;

type StoredRow = [id: number, kind: EntityKind, state: string | null];

/** Entities lie in blocks of so many, a block in one share: rows that lie close together are read at once. */
const BLOCK_BITS = 10;

/** The entities that one of several threads folds. */
export interface Share {
  readonly nth: number;
  readonly of: number;
}
export const WHOLE: Share = { nth: 0, of: 1 };

/** A state that is not the one that stands in the table. */
export interface Difference {
  readonly entity: number;
  readonly state: string | null;
  readonly open: 0 | 1;
  /** Time of the event that folded last, epoch ms; null leaves what stands there. */
  readonly changed: number | null;
}

export interface Refolded {
  readonly events: number;
  readonly uses: GatheredUses;
  /** An encounter was told before its last event came: its uses were gathered too early. */
  readonly usesStale: boolean;
}

/**
 * Folds a share of the entities anew from baseline and log, and tells which states differ. One pass in commit order; an
 * entity whose events did not come in fold order is folded again from its own events. `progress` is told how many
 * events so far. `held`: entities in memory at once, beside those that are open.
 */
export const refold = (db: Db, share: Share, differs: (found: Difference) => void, progress: (events: number) => void, held = HELD): Refolded =>
  new Refold(db, share, differs, held).run(progress);

class Refold {
  readonly #db: Db;
  readonly #share: Share;
  readonly #differs: (found: Difference) => void;
  readonly #log: EventLog;
  readonly #statements;
  readonly #trimmed: boolean;
  readonly #folding = new Map<number, Folding>();
  readonly #held: number;
  readonly #progress: Uint8Array;
  /** 1: told to differ before its last event came. Then the row that this walk reads is not what stands there once all is told. */
  readonly #told: Uint8Array;
  readonly #uses = new GatheredUses();
  #usesStale = false;

  constructor(db: Db, share: Share, differs: (found: Difference) => void, held: number) {
    this.#db = db;
    this.#held = held;
    this.#share = share;
    this.#differs = differs;
    this.#log = new EventLog(db);
    this.#trimmed = newestBaseline(db) !== undefined;
    this.#statements = {
      rows: db.prepare<[number, number]>('SELECT entity_id, kind, state FROM entity WHERE entity_id BETWEEN ? AND ? ORDER BY entity_id').raw(),
      baseline: db.prepare<[number], { state: string }>('SELECT state FROM baseline_entity WHERE entity = ? AND until IS NULL ORDER BY baseline DESC LIMIT 1'),
    };
    const { last } = db.prepare('SELECT COALESCE(MAX(entity_id), 0) AS last FROM entity').get() as { last: number };
    this.#progress = new Uint8Array(last + 1);
    this.#told = new Uint8Array(last + 1);
  }

  run(progress: (events: number) => void): Refolded {
    const every = Math.ceil(this.#held * STEP);
    let events = 0;
    for (const { event, entity } of scanLog(this.#db, { by: 'position', blocks: { bits: BLOCK_BITS, ...this.#share } })) {
      events++;
      if (isFolded(event.type)) this.#take(entity, event, events);
      if (events % every !== 0) continue;
      progress(events);
      if (this.#folding.size > this.#held) this.#letGo(events - this.#held);
    }
    this.#writeAll([...this.#folding.keys()]);
    this.#rest();
    progress(events);
    return { events, uses: this.#uses, usesStale: this.#usesStale };
  }

  #take(entity: number, event: DomainEvent, events: number): void {
    const at = this.#progress[entity];
    if (at === LATE) return;
    if (at === UNTOUCHED) {
      this.#progress[entity] = FOLDING;
      this.#folding.set(entity, { state: this.#baseline(entity), time: -Infinity, sequence: undefined, id: '', source: '', seen: 0, open: false });
    }
    const folding = this.#folding.get(entity);
    if (!folding) this.#usesStale = true;
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
    folding.open = false;
  }

  #baseline(entity: number): unknown {
    const held = this.#trimmed ? this.#statements.baseline.get(entity) : undefined;
    return held && (JSON.parse(held.state) as unknown);
  }

  /** Writes what is over and no event after the `seen`-th has touched. */
  #letGo(seen: number): void {
    const ids: number[] = [];
    for (const [entity, folding] of this.#folding) if (folding.seen <= seen && !folding.open) ids.push(entity);
    this.#writeAll(ids, isOpen);
  }

  /** Writes what is being folded of these entities; what is to be kept stays in memory. */
  #writeAll(ids: number[], isKept: (kind: EntityKind, state: unknown) => boolean = () => false): void {
    for (const row of this.#rows(ids)) {
      const [entity, kind] = row;
      const folding = this.#folding.get(entity)!;
      folding.open = isKept(kind, folding.state);
      if (folding.open) continue;
      this.#write(row, folding.state, folding.time);
      this.#progress[entity] = WRITTEN;
      this.#folding.delete(entity);
    }
  }

  /** Entities that came out of order, and those that no event of the log has touched. */
  #rest(): void {
    const ids: number[] = [];
    for (let id = 1; id < this.#progress.length; id++) if (this.#progress[id] !== WRITTEN && this.#isMine(id)) ids.push(id);
    for (const row of this.#rows(ids)) {
      const [id] = row;
      const events = this.#progress[id] === LATE ? this.#log.ofEntity(id).filter(({ type }) => isFolded(type)) : [];
      const state = events.reduce<unknown>((before, event) => evolve(before, event), this.#baseline(id));
      this.#write(row, state, events.at(-1)?.time);
    }
  }

  #isMine(entity: number): boolean {
    return (entity >> BLOCK_BITS) % this.#share.of === this.#share.nth;
  }

  /** Rows of these entities as they stand, in order of their numbers. */
  *#rows(ids: number[]): Generator<StoredRow> {
    ids.sort((a, b) => a - b);
    for (let from = 0, to = 0; from < ids.length; from = to) {
      do to++;
      while (to < ids.length && to - from < RUN && ids[to]! - ids[to - 1]! <= GAP);
      let next = from;
      for (const row of this.#statements.rows.all(ids[from]!, ids[to - 1]!) as StoredRow[]) {
        while (ids[next]! < row[0]) next++;
        if (ids[next] === row[0]) yield row;
      }
    }
  }

  /** On a healthy store nothing differs. */
  #write([entity, kind, before]: StoredRow, state: unknown, changed: number | undefined): void {
    if (kind === 'encounter') this.#uses.add(entity, pastUses((state as EncounterState | undefined)?.adt));
    const text = state === undefined ? null : JSON.stringify(state);
    if (text === before && this.#told[entity] === 0) return;
    this.#told[entity] = 1;
    this.#differs({ entity, state: text, open: text !== null && isOpen(kind, state) ? 1 : 0, changed: changed ?? null });
  }
}
