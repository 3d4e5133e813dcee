import type { EntityKind } from '#shared/events/define.ts';
import { REFRESH_DOMAINS, type RefreshDomain } from '#shared/snapshots/domains.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { KEEP_CLOSED_MS } from '../domain/memory.ts';
import type { FoldedKind } from '../domain/states.ts';
import { EventLog } from './event-log.ts';
import type { Db } from './open.ts';
import { newestEventTime } from './read-house.ts';

/** The entities whose states a department is made of. */
const DOMAINS: Readonly<Record<RefreshDomain, readonly FoldedKind[]>> = {
  adt: ['encounter', 'patient'],
  beds: ['bed', 'unit', 'encounter'],
  ed: ['encounter', 'ambulance'],
  icu: ['encounter', 'unit'],
  or: ['or-case', 'or-room'],
  lab: ['lab-order'],
  imaging: ['imaging-order'],
  pharmacy: ['pharmacy-order'],
  rcm: ['claim', 'denial', 'preauth', 'account'],
  sources: ['source'],
};

/** A department, or a unit. */
export type RefreshSubject = { readonly domain: string } | { readonly unit: string };

export interface RefreshDifference {
  readonly kind: string;
  readonly id: string;
  /** State as it stands; null when the entity has none. */
  readonly current: unknown;
  /** State that baseline and log lead to. */
  readonly recomputed: unknown;
}

export interface Refreshed {
  /** Entities that belong to it and were folded anew. */
  readonly checked: number;
  /** Empty on a healthy store. */
  readonly differences: RefreshDifference[];
}

/** More are not listed: a store that differs in so much is to be rebuilt. */
const MOST = 1_000;
const PAGE = 500;
const PROGRESS_EVERY = 5_000;

interface Row {
  entity_id: number;
  kind: EntityKind;
  id: string;
  state: string | null;
}

/**
 * Folds the entities of a department, or of a unit, anew from baseline and log and holds them against the state that
 * stands; nothing is written. Of a unit, every entity is looked at that names it in either state and is open or closed
 * within the last four days: its beds, patients, cases and orders. To be called within one transaction, so that
 * nothing moves meanwhile. `progress` is told how many entities have been looked at.
 * @throws RangeError for a domain that does not exist
 */
export function refresh(db: Db, of: RefreshSubject, progress: (looked: number) => void = () => {}): Refreshed {
  const fold = folding(db);
  const rows = 'domain' in of ? ofKinds(db, kindsOf(of.domain)) : recent(db);
  const belongs = 'unit' in of ? belongingTo(of.unit) : () => true;
  const differences: RefreshDifference[] = [];
  let looked = 0;
  let checked = 0;
  for (const row of rows) {
    if (++looked % PROGRESS_EVERY === 0) progress(looked);
    const text = fold(row.entity_id);
    if (!belongs(row, row.state) && !belongs(row, text)) continue;
    checked++;
    if (text !== row.state && differences.length < MOST) differences.push({ kind: row.kind, id: row.id, current: parsed(row.state), recomputed: parsed(text) });
  }
  return { checked, differences };
}

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

/** State of one entity, as JSON, from its baseline and its own events. */
function folding(db: Db): (entity: number) => string | null {
  const log = new EventLog(db);
  const baseline = db.prepare<[number], { state: string }>('SELECT state FROM baseline_entity WHERE entity = ? AND until IS NULL');
  return (entity) => {
    const held = baseline.get(entity);
    const events = log.ofEntity(entity).filter(({ type }) => isFolded(type));
    const state = events.reduce<unknown>((before, event) => evolve(before, event), held && (JSON.parse(held.state) as unknown));
    return state === undefined ? null : JSON.stringify(state);
  };
}

function* ofKinds(db: Db, kinds: readonly FoldedKind[]): Generator<Row> {
  const page = db.prepare<[string, string, number], Row>('SELECT entity_id, kind, id, state FROM entity WHERE kind = ? AND id > ? ORDER BY id LIMIT ?');
  for (const kind of kinds) {
    for (let rows = page.all(kind, '', PAGE); rows.length > 0; rows = page.all(kind, rows.at(-1)!.id, PAGE)) yield* rows;
  }
}

/** What closed longer ago is no part of what a unit shows; a domain is looked at whole. */
function* recent(db: Db): Generator<Row> {
  const since = (newestEventTime(db) ?? 0) - KEEP_CLOSED_MS;
  const row = db.prepare<[number], Row>('SELECT entity_id, kind, id, state FROM entity WHERE entity_id = ?');
  const ids = db.prepare<[number], { entity_id: number }>('SELECT entity_id FROM entity WHERE open = 1 OR (open = 0 AND changed >= ?)').all(since);
  for (const { entity_id } of ids) yield row.get(entity_id)!;
}

function kindsOf(domain: string): readonly FoldedKind[] {
  if (Object.hasOwn(DOMAINS, domain)) return DOMAINS[domain as RefreshDomain];
  throw new RangeError(`no domain ${domain}; there are ${REFRESH_DOMAINS.join(', ')}`);
}

/** Whether an entity is the unit itself, or its state names the unit as the value of a field. */
function belongingTo(unit: string): (row: Row, state: string | null) => boolean {
  const value = `:${JSON.stringify(unit)}`;
  return ({ kind, id }, state) => (kind === 'unit' && id === unit) || (state !== null && state.includes(value));
}
