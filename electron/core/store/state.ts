import { createHash } from 'node:crypto';
import type { EntityKind } from '#shared/events/define.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { allBaselines, baselinePages, newestBaseline } from './baselines.ts';
import { EventLog } from './event-log.ts';
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

/** What one entity adds to the state hash; `state` is its JSON. */
export const hashLine = (kind: string, id: string, state: string): string => `${kind}\0${id}\0${state}\n`;

/** Name of a state: SHA-256 over its entities in key order. Positions, receive times and samples are not in it. */
export function hashState(entities: Iterable<EntityRow>): string {
  const hash = createHash('sha256');
  for (const { kind, id, state } of entities) hash.update(hashLine(kind, id, JSON.stringify(state)));
  return hash.digest('hex');
}

const PAGE = 1_000;

interface StoredRow {
  entity_id: number;
  kind: EntityKind;
  id: string;
  /** Null where it is not of the time that is asked for. */
  state: string | null;
}

export interface EntitiesAsked {
  /** All of them where it is absent. */
  readonly kinds?: readonly EntityKind[];
  /** Without what was over by then and has not been spoken of since, and in no order: read by index, not the whole table. */
  readonly open?: boolean;
}

/**
 * State of every entity at a time (epoch ms, inclusive), in key order, as known today: later corrections of earlier
 * events count. What has not changed since is taken as it stands; the rest is folded from its own events. Before the
 * log's beginning only the moments of baselines can be answered. Throws a RangeError that names them otherwise.
 */
export function* entitiesAt(db: Db, until: number, { kinds, open = false }: EntitiesAsked = {}): Generator<EntityRow> {
  const newest = newestBaseline(db);
  if (newest && until < newest.horizon) {
    for (const page of baselinePages(db, baselineAt(db, until))) {
      for (const { kind, id, state } of page) if (kinds?.includes(kind as EntityKind) ?? true) yield { kind: kind as EntityKind, id, state: JSON.parse(state) as unknown };
    }
    return;
  }
  const log = new EventLog(db);
  const baseline = db.prepare<[number], { state: string }>('SELECT state FROM baseline_entity WHERE entity = ? AND until IS NULL ORDER BY baseline DESC LIMIT 1');
  for (const { entity_id: entity, kind, id, state: text } of open ? openRows(db, until, kinds) : allRows(db, until, kinds)) {
    const state = text === null ? past(entity) : (JSON.parse(text) as unknown);
    if (state !== undefined) yield { kind, id, state };
  }

  function past(entity: number): unknown {
    const held = baseline.get(entity);
    const events = log.ofEntity(entity, until).filter(({ type }) => isFolded(type));
    return events.reduce<unknown>((state, event) => evolve(state, event), held && (JSON.parse(held.state) as unknown));
  }
}

/** States of what was spoken of since are left out: they are long, and of no use. */
const COLUMNS = 'entity_id, kind, id, CASE WHEN changed <= @until THEN state END AS state';
/** After every kind in key order. */
const LAST_KIND = '\uffff';

function* allRows(db: Db, until: number, kinds?: readonly EntityKind[]): Generator<StoredRow> {
  const page = db.prepare<object, StoredRow>(`SELECT ${COLUMNS} FROM entity WHERE state IS NOT NULL AND (kind, id) > (@kind, @id) AND kind <= @last ORDER BY kind, id LIMIT ${PAGE}`);
  const ranges = kinds ? kinds.toSorted().map((kind) => [kind, kind] as const) : [['', LAST_KIND] as const];
  for (const [first, last] of ranges) {
    let from: { kind: string; id: string } | undefined = { kind: first, id: '' };
    while (from) {
      const rows: StoredRow[] = page.all({ ...from, last, until });
      yield* rows;
      from = rows.length < PAGE ? undefined : rows.at(-1);
    }
  }
}

/** What is open, and what was spoken of since, and so may have been open then. */
const openRows = (db: Db, until: number, kinds?: readonly EntityKind[]): Iterable<StoredRow> =>
  db
    .prepare<object, StoredRow>(`SELECT ${COLUMNS} FROM entity WHERE (open = 1 OR (open = 0 AND changed > @until)) AND state IS NOT NULL${kinds ? ` AND kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})` : ''}`)
    .iterate({ until });

/** The baseline of exactly this moment. */
function baselineAt(db: Db, at: number): number {
  const all = allBaselines(db);
  const found = all.find(({ horizon, completed }) => horizon === at && completed !== null);
  if (found) return found.baseline_id;
  const iso = (time: number) => new Date(time).toISOString();
  const earlier = all.slice(0, -1).map(({ horizon }) => iso(horizon));
  throw new RangeError(
    `The log reaches back to ${iso(all.at(-1)!.horizon)}; ${iso(at)} is before that.${earlier.length > 0 ? ` Of the time before, the state is kept of: ${earlier.slice(-40).join(', ')}.` : ''}`,
  );
}
