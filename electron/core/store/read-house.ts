import { House } from '../domain/house.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import type { SiteConfig } from '#shared/site.ts';
import { newestBaseline } from './baselines.ts';
import { readBedUses } from './bed-uses.ts';
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

/**
 * What a wall needs at start: what is open, what changed after `since` (epoch ms), and who left which bed last. Read by
 * index, never from the log.
 */
export function readOpenHouse(db: Db, site: SiteConfig, since: number): House {
  const rows = db.prepare<[number], Row>('SELECT kind, id, state FROM entity WHERE state IS NOT NULL AND (open = 1 OR (open = 0 AND changed >= ?))').iterate(since);
  const house = fill(new House(site), rows);
  for (const { encounter, ...use } of readBedUses(db)) house.remember(encounter, use);
  return house;
}

/** Everything as it was at a time (epoch ms), as known today; with `closedSince`, without what was over by then. */
export function readHouseAt(db: Db, site: SiteConfig, at: number, closedSince?: number): House {
  const house = new House(site);
  for (const { kind, id, state } of entitiesAt(db, at, closedSince)) if (KINDS.has(kind)) house.put(kind as FoldedKind, id, state as never);
  return house;
}
