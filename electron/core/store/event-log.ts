import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import type { Db } from './open.ts';

interface EventRow {
  uri: string;
  id: string;
  type: string;
  time: number;
  sequence: number | null;
  constructed: string | null;
  data: string;
}

const COLUMNS = 's.uri, e.id, e.type, e.time, e.sequence, e.constructed, e.data';
const FROM = 'FROM ops_event e JOIN ops_event_source s USING (source_id)';

function toEvent(row: EventRow): DomainEvent {
  return event(row.uri, row.id, row.type, row.time, row.sequence, row.constructed, row.data);
}

/** One literal for all events: objects of one shape keep folding a million of them fast. */
function event(source: string, id: string, type: string, time: number, sequence: number | null, constructed: string | null, data: string): DomainEvent {
  return { source, id, type, time, sequence: sequence ?? undefined, constructed: constructed ?? undefined, data: JSON.parse(data) as Record<string, unknown> };
}

/** SQL: the highest position that the log has given, also where what stood there was trimmed since; 0 before the first. */
export const LAST_POSITION = 'SELECT MAX((SELECT IFNULL(MAX(position), 0) FROM ops_event), IFNULL((SELECT through FROM baseline ORDER BY horizon DESC LIMIT 1), 0))';

/** What stood under an identity before: its position, body hash, and the entity it folds into. */
export interface Known {
  readonly position: number;
  readonly hash: Buffer;
  readonly entity: number;
}

/** The log of accepted events: positions rise in the order of commits, and none is given twice. */
export class EventLog {
  readonly #statements;

  constructor(db: Db) {
    this.#statements = {
      append: db.prepare(`INSERT INTO ops_event (position, source_id, id, type, time, sequence, entity, constructed, data, hash, received) VALUES ((${LAST_POSITION}) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`),
      known: db.prepare<[number, string], Known>('SELECT position, hash, entity FROM ops_event WHERE source_id = ? AND id = ?'),
      replace: db.prepare<unknown[], number>(`UPDATE ops_event SET position = (${LAST_POSITION}) + 1, type = ?, time = ?, sequence = ?, entity = ?, constructed = ?, data = ?, hash = ?, received = ? WHERE position = ? RETURNING position`).pluck(),
      at: db.prepare<[number], EventRow>(`SELECT ${COLUMNS} ${FROM} WHERE e.position = ?`),
      ofEntity: db.prepare<[number, number], EventRow>(`SELECT ${COLUMNS} ${FROM} WHERE e.entity = ? AND e.time <= ?`),
      oldestOfEntity: db.prepare<[number, number, number], EventRow>(`SELECT ${COLUMNS} ${FROM} WHERE e.entity = ? AND e.time <= ? ORDER BY e.time LIMIT ?`),
      newestOfEntity: db.prepare<[number, number], EventRow>(`SELECT ${COLUMNS} ${FROM} WHERE e.entity = ? AND e.time = (SELECT MAX(time) FROM ops_event WHERE entity = ?)`),
    };
  }

  /** Appends unless the identity is known; returns its position, or undefined if it was known. */
  append(sourceId: number, event: DomainEvent, entity: number, hash: Buffer, received: number): number | undefined {
    const { changes, lastInsertRowid } = this.#statements.append.run(
      sourceId, event.id, event.type, event.time, event.sequence ?? null, entity, event.constructed ?? null, JSON.stringify(event.data), hash, received,
    );
    return changes > 0 ? Number(lastInsertRowid) : undefined;
  }

  known(sourceId: number, id: string): Known | undefined {
    return this.#statements.known.get(sourceId, id);
  }

  /** Puts another body under a known identity and returns its position, behind all others: whoever has read the log up to here must learn of it. */
  replace(position: number, event: DomainEvent, entity: number, hash: Buffer, received: number): number {
    return this.#statements.replace.get(event.type, event.time, event.sequence ?? null, entity, event.constructed ?? null, JSON.stringify(event.data), hash, received, position)!;
  }

  at(position: number): DomainEvent {
    return toEvent(this.#statements.at.get(position)!);
  }

  /** An entity's events up to and including `until` (epoch ms), in fold order. Sorted here: SQL compares text by bytes, `compareEvents` by UTF-16 units. */
  ofEntity(entity: number, until = Number.MAX_SAFE_INTEGER): DomainEvent[] {
    return this.#statements.ofEntity.all(entity, until).map(toEvent).sort(compareEvents);
  }

  /**
   * An entity's oldest events up to `until` (epoch ms), in no order among those of one moment: about `limit` of them,
   * more only where so many share a moment. `through` is the time up to which they are whole.
   */
  oldestOfEntity(entity: number, until: number, limit: number): { events: DomainEvent[]; through: number } {
    const rows = this.#statements.oldestOfEntity.all(entity, until, limit);
    if (rows.length < limit) return { events: rows.map(toEvent), through: until };
    const through = rows.at(-1)!.time;
    return { events: this.#statements.oldestOfEntity.all(entity, through, -1).map(toEvent), through };
  }

  /** The event of an entity that folds last. */
  newestOfEntity(entity: number): DomainEvent | undefined {
    return this.#statements.newestOfEntity.all(entity, entity).map(toEvent).sort(compareEvents).at(-1);
  }
}

/** One event of a scan with the entity it belongs to. */
export interface Scanned {
  readonly event: DomainEvent;
  readonly entity: number;
}

/** Events of every `of`-th block of 2^bits entities, from the `nth` on. */
export interface EntityBlocks {
  readonly bits: number;
  readonly nth: number;
  readonly of: number;
}

type ScanRow = [source: number, id: string, type: string, time: number, sequence: number | null, constructed: string | null, data: string, entity: number, position: number];

/** Rows read at once: a page costs half of what as many single steps through SQLite do. */
const PAGE = 1_000;

/**
 * Walks the log. `by: 'position'` is commit order and the fastest; `by: 'time'` is for replaying history, with ties
 * in commit order. Only events after `after` (by time alone) and up to and including `until` (epoch ms) if given. The log may be written to between
 * pages; what is appended behind the walk is not seen.
 */
export function* scanLog(db: Db, { by, after, until = Number.MAX_SAFE_INTEGER, blocks }: { by: 'position' | 'time'; after?: number; until?: number; blocks?: EntityBlocks }): Generator<Scanned> {
  const uris = new Map(db.prepare<[], { source_id: number; uri: string }>('SELECT source_id, uri FROM ops_event_source').all().map((s) => [s.source_id, s.uri]));
  const key = by === 'time' ? '(time, position) > (@time, @position)' : 'position > @position';
  const mine = blocks && blocks.of > 1 ? `AND (entity >> ${blocks.bits}) % ${blocks.of} = ${blocks.nth}` : '';
  const page = db
    .prepare(`SELECT source_id, id, type, time, sequence, constructed, data, entity, position FROM ops_event WHERE ${key} AND time <= @until ${mine} ORDER BY ${by === 'time' ? 'time, position' : 'position'} LIMIT ${PAGE}`)
    .raw();
  let time = after ?? Number.MIN_SAFE_INTEGER;
  let position = after === undefined ? 0 : Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = page.all({ until, time, position }) as ScanRow[];
    for (const row of rows) yield { event: event(uris.get(row[0])!, row[1], row[2], row[3], row[4], row[5], row[6]), entity: row[7] };
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    [time, position] = [last[3], last[8]];
  }
}
