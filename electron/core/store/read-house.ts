import { House } from '../domain/house.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import type { SiteConfig } from '#shared/site.ts';
import { newestBaseline } from './baselines.ts';
import { newestBedUses, readBedUses } from './bed-uses.ts';
import type { Db } from './open.ts';
import { entitiesAt } from './state.ts';

const KINDS: ReadonlySet<string> = new Set(FOLDED_KINDS);

/** Newest event time of the log, epoch ms: of a log of which nothing is left, that of its baseline; undefined when it is empty. */
export function newestEventTime(db: Db): number | undefined {
  return db.prepare<[], { newest: number | null }>('SELECT MAX(time) AS newest FROM ops_event').get()!.newest ?? newestBaseline(db)?.horizon;
}

interface Row {
  kind: FoldedKind;
  id: string;
  state: string;
}

function fill(house: House, rows: Iterable<Row>): House {
  for (const { kind, id, state } of rows) if (KINDS.has(kind)) house.put(kind, id, JSON.parse(state) as never);
  return house;
}

/** Everything of the given kinds, as it is now. */
export function readHouse(db: Db, site: SiteConfig, kinds: readonly FoldedKind[] = FOLDED_KINDS): House {
  const marks = kinds.map(() => '?').join(', ');
  return fill(new House(site), db.prepare<FoldedKind[], Row>(`SELECT kind, id, state FROM entity WHERE state IS NOT NULL AND kind IN (${marks})`).iterate(...kinds));
}

/** What is open, and who left which bed last: what a wall shows of now. What is over comes by {@link ClosedPages}. */
export function readPresent(db: Db, site: SiteConfig): House {
  const rows = db.prepare<[], RawRow>('SELECT kind, id, state FROM entity WHERE state IS NOT NULL AND open = 1').raw().all();
  const house = new House(site);
  for (const [kind, id, state] of rows) if (KINDS.has(kind)) house.put(kind, id, JSON.parse(state) as never);
  for (const { encounter, ...use } of newestBedUses(db)) house.remember(encounter, use);
  return house;
}

type RawRow = [kind: FoldedKind, id: string, state: string];
type ClosedRow = [...RawRow, changed: number, entity: number];

/** One entity that is over; `changed` is its newest event time, epoch ms. */
export interface Closed {
  readonly kind: FoldedKind;
  readonly id: string;
  readonly state: unknown;
  readonly changed: number;
}

/** What was over at a time or later, the newest first, page by page; each page as the store is when it is read. */
export class ClosedPages {
  readonly #page;
  readonly #since: number;
  #before: [changed: number, entity: number] = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];

  constructor(db: Db, since: number) {
    this.#since = since;
    this.#page = db
      .prepare<[number, number, number, number]>('SELECT kind, id, state, changed, entity_id FROM entity WHERE state IS NOT NULL AND open = 0 AND changed >= ? AND (changed, entity_id) < (?, ?) ORDER BY changed DESC, entity_id DESC LIMIT ?')
      .raw();
  }

  /** The next `size` of them, and the time since which all have been given (epoch ms): -Infinity after the last. */
  next(size: number): { readonly entities: readonly Closed[]; readonly since: number } {
    const rows = this.#page.all(this.#since, ...this.#before, size) as ClosedRow[];
    const last = rows.at(-1);
    if (last) this.#before = [last[3], last[4]];
    const entities = rows.flatMap(([kind, id, state, changed]) => (KINDS.has(kind) ? { kind, id, state: JSON.parse(state) as unknown, changed } : []));
    return { entities, since: rows.length < size ? -Infinity : last![3] + 1 };
  }
}

/** Everything as it was at a time (epoch ms), as known today; with `closedSince`, without what was over by then but who left which bed. */
export function readHouseAt(db: Db, site: SiteConfig, at: number, closedSince?: number): House {
  const house = new House(site);
  for (const { kind, id, state } of entitiesAt(db, at, closedSince)) if (KINDS.has(kind)) house.put(kind as FoldedKind, id, state as never);
  if (closedSince !== undefined) for (const { encounter, ...use } of readBedUses(db, at)) house.remember(encounter, use);
  return house;
}
