import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import type { SiteConfig } from '#shared/site.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { House } from '../domain/house.ts';
import { KEEP_CLOSED_MS } from '../domain/memory.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import { newestBaseline } from './baselines.ts';
import { readBedUses } from './bed-uses.ts';
import { EventLog, scanLog } from './event-log.ts';
import type { Db } from './open.ts';

const KINDS: ReadonlySet<string> = new Set(FOLDED_KINDS);

interface EntityRow {
  entity_id: number;
  kind: string;
  id: string;
  state: string;
}

/**
 * One house that goes through `times` (epoch ms, ascending), as known today: at each it is what it was then, and is
 * handed out before it goes on. What has not changed since the first time is taken as it stands, by index; of the rest
 * each entity is folded once a step, however many events the step holds. Times before the log's beginning are left out.
 */
export function* houseOverTime(db: Db, site: SiteConfig, times: readonly number[]): Generator<{ house: House; at: number }> {
  const within = times.filter((time) => time >= (newestBaseline(db)?.horizon ?? -Infinity));
  const [start] = within;
  if (start === undefined) return;
  const past = new Past(db, site, start);
  const events = scanLog(db, { by: 'time', after: start, until: within.at(-1)! });
  let next = events.next();
  for (const at of within) {
    for (; !next.done && next.value.event.time <= at; next = events.next()) past.happened(next.value.entity, next.value.event);
    past.settle();
    yield { house: past.house, at };
  }
}

/** A house of the past, with the states of those entities that go on changing. */
class Past {
  readonly house: House;
  readonly #keys = new Map<number, { kind: FoldedKind; id: string }>();
  readonly #states = new Map<number, unknown>();
  #waiting = new Map<number, DomainEvent[]>();

  constructor(db: Db, site: SiteConfig, start: number) {
    this.house = new House(site);
    const still = db.prepare<[object], EntityRow>('SELECT entity_id, kind, id, state FROM entity WHERE state IS NOT NULL AND ((open = 1 AND changed <= @start) OR (open = 0 AND changed BETWEEN @since AND @start))');
    for (const { kind, id, state } of still.iterate({ start, since: start - KEEP_CLOSED_MS })) if (KINDS.has(kind)) this.house.put(kind as FoldedKind, id, JSON.parse(state) as never);
    const log = new EventLog(db);
    const baseline = db.prepare<[number], { state: string }>('SELECT state FROM baseline_entity WHERE entity = ? AND until IS NULL');
    for (const { entity_id: entity, kind, id, known } of changing(db, start)) {
      if (!KINDS.has(kind)) continue;
      this.#keys.set(entity, { kind: kind as FoldedKind, id });
      if (!known) continue;
      const held = baseline.get(entity);
      const events = log.ofEntity(entity, start).filter(({ type }) => isFolded(type));
      const state = events.reduce<unknown>((before, event) => evolve(before, event), held && (JSON.parse(held.state) as unknown));
      if (state === undefined) continue;
      this.#states.set(entity, state);
      this.house.put(kind as FoldedKind, id, state as never);
    }
    for (const { encounter, ...use } of readBedUses(db, start)) this.house.remember(encounter, use);
  }

  happened(entity: number, event: DomainEvent): void {
    if (!isFolded(event.type)) return;
    const waiting = this.#waiting.get(entity);
    if (waiting) waiting.push(event);
    else this.#waiting.set(entity, [event]);
  }

  /** Folds what has happened, entity by entity. */
  settle(): void {
    for (const [entity, events] of this.#waiting) {
      const key = this.#keys.get(entity);
      if (!key) continue;
      const state = events.sort(compareEvents).reduce<unknown>((before, event) => evolve(before, event), this.#states.get(entity));
      this.#states.set(entity, state);
      this.house.put(key.kind, key.id, state as never);
    }
    this.#waiting = new Map();
  }
}

/** Entities that changed after `start`, and whether anything was known of them by then. */
const changing = (db: Db, start: number): Iterable<Omit<EntityRow, 'state'> & { known: number }> =>
  db
    .prepare<[object], Omit<EntityRow, 'state'> & { known: number }>(
      `SELECT entity_id, kind, id, (EXISTS (SELECT 1 FROM ops_event WHERE entity = entity_id AND time <= @start) OR EXISTS (SELECT 1 FROM baseline_entity WHERE entity = entity_id AND until IS NULL)) AS known
       FROM entity WHERE (open = 1 AND changed > @start) OR (open = 0 AND changed > @start)`,
    )
    .all({ start });
