import { House } from '../domain/house.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import type { SiteConfig } from '#shared/site.ts';
import { newestBaseline } from './baselines.ts';
import { newestBedUses, readBedUses, type EncounterUse } from './bed-uses.ts';
import type { Db } from './open.ts';
import { entitiesAt, type EntityRow } from './state.ts';

/** Newest event time of the log, epoch ms: of a log of which nothing is left, that of its baseline; undefined when it is empty. */
export function newestEventTime(db: Db): number | undefined {
  return db.prepare<[], { newest: number | null }>('SELECT MAX(time) AS newest FROM ops_event').get()!.newest ?? newestBaseline(db)?.horizon;
}

/** Everything of the given kinds, as it is now. */
export function readHouse(db: Db, site: SiteConfig, kinds: readonly FoldedKind[] = FOLDED_KINDS): House {
  const rows = db.prepare<FoldedKind[], RawRow>(`SELECT kind, id, state FROM entity WHERE state IS NOT NULL AND kind IN (${marks(kinds)})`).raw().iterate(...kinds);
  return fill(new House(site), rows);
}

/** What is open, and who left which bed last: what a wall shows of now. What is over comes by {@link ReadBack}. */
export function readPresent(db: Db, site: SiteConfig, kinds: readonly FoldedKind[] = FOLDED_KINDS): House {
  const rows = db.prepare<FoldedKind[], RawRow>(`SELECT kind, id, state FROM entity WHERE state IS NOT NULL AND open = 1 AND +kind IN (${marks(kinds)})`).raw().all(...kinds);
  return remembering(fill(new House(site), rows), newestBedUses(db));
}

/** Everything of the given kinds as it was at a time (epoch ms), as known today. */
export function readHouseAt(db: Db, site: SiteConfig, at: number, kinds: readonly FoldedKind[] = FOLDED_KINDS): House {
  return put(new House(site), entitiesAt(db, at, { kinds }));
}

/** What was open at a time (epoch ms), as known today, and who had left which bed. What was over by then comes by {@link ReadBack}. */
export function readOpenAt(db: Db, site: SiteConfig, at: number, kinds: readonly FoldedKind[] = FOLDED_KINDS): House {
  return remembering(put(new House(site), entitiesAt(db, at, { kinds, open: true })), readBedUses(db, at));
}

const marks = (kinds: readonly FoldedKind[]): string => kinds.map(() => '?').join(', ');

type RawRow = [kind: FoldedKind, id: string, state: string];

function fill(house: House, rows: Iterable<RawRow>): House {
  for (const [kind, id, state] of rows) house.put(kind, id, JSON.parse(state) as never);
  return house;
}

function put(house: House, entities: Iterable<EntityRow>): House {
  for (const { kind, id, state } of entities) house.put(kind as FoldedKind, id, state as never);
  return house;
}

function remembering(house: House, uses: readonly EncounterUse[]): House {
  for (const { encounter, ...use } of uses) house.remember(encounter, use);
  return house;
}
