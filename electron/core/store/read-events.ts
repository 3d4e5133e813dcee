import { takeNotes } from '#shared/events/notes.ts';
import type { Db } from './open.ts';
import type { Mark } from './event-marks.ts';
import type { LogEvent } from './read-log.ts';

/** Which events somebody wants to see; what is not named is not looked at. */
export interface EventFilter {
  /** A CloudEvents source, or the part of one that tells kind, or kind/instance. */
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly entity?: { readonly kind: string; readonly id: string } | undefined;
  /** Event times, epoch ms, both inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly processed?: boolean | undefined;
}

/** Where a list goes on: after the event of this time at this position. */
export interface EventPlace {
  readonly time: number;
  readonly position: number;
}

export interface EventsAsked {
  readonly filter: EventFilter;
  readonly order: 'newest' | 'oldest';
  readonly after?: EventPlace | undefined;
  readonly limit: number;
}

export interface ListedEvent extends Omit<LogEvent, 'hash'> {
  readonly entity: { readonly kind: string; readonly id: string };
  /** Null while nobody has marked it. */
  readonly processed: Mark | null;
}

export interface ListedEvents {
  readonly events: ListedEvent[];
  /** Absent at the end; a page may be empty and yet have one. */
  readonly next?: EventPlace;
}

/** Rows that one answer looks at: a filter that fits almost nothing gets an early page instead of a walk through the log. */
const LOOKED_AT = 20_000;

interface Row {
  position: number;
  time: number;
  type: string;
  source: number;
  marked: 0 | 1;
}

const EVENT = `SELECT e.position, s.uri AS source, e.id, e.type, e.time, e.received, e.sequence, e.constructed, n.kind, n.id AS entity, e.data, m.at, m.by
  FROM ops_event e JOIN ops_event_source s USING (source_id) JOIN entity n ON n.entity_id = e.entity LEFT JOIN event_mark m ON m.position = e.position WHERE e.position = ?`;

/** Free text of one event of the log, by field path; undefined where none stands. */
export function readNotes(db: Db, position: number): Record<string, string> | undefined {
  const row = db.prepare<[number], { type: string; data: string }>('SELECT type, data FROM ops_event WHERE position = ?').get(position);
  return row && takeNotes(row.type, JSON.parse(row.data) as Record<string, unknown>);
}

/** One event of the log, without its free text; undefined where none stands. */
export function readEvent(db: Db, position: number): ListedEvent | undefined {
  type Full = Omit<ListedEvent, 'entity' | 'data' | 'processed'> & { kind: string; entity: string; data: string; at: number | null; by: string | null };
  const row = db.prepare<[number], Full>(EVENT).get(position);
  if (!row) return undefined;
  const { kind, entity, data: text, at, by, ...rest } = row;
  const data = JSON.parse(text) as Record<string, unknown>;
  takeNotes(rest.type, data);
  return { ...rest, entity: { kind, id: entity }, data, processed: at === null ? null : { at, by: by! } };
}

/**
 * A page of events: of an entity or of a time in the order of event time, else in the order of the log. The walk is by
 * index and bounded; what the index does not tell is looked at row by row.
 */
export function readEvents(db: Db, { filter, order, after, limit }: EventsAsked): ListedEvents {
  const newest = order === 'newest';
  const entity = filter.entity && entityRow(db, filter.entity);
  if (filter.entity && entity === undefined) return { events: [] };
  const sources = filter.source === undefined ? undefined : sourceRows(db, filter.source);
  if (sources?.size === 0) return { events: [] };
  const { from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER } = filter;
  const byTime = entity !== undefined || filter.from !== undefined || filter.to !== undefined;
  const start = after ?? (newest ? { time: to, position: Number.MAX_SAFE_INTEGER } : { time: from, position: -1 });
  const [beyond, direction] = newest ? ['<', 'DESC'] : ['>', 'ASC'];
  const [key, sorted] = byTime ? [`(e.time, e.position) ${beyond} (@time, @position)`, `e.time ${direction}, e.position ${direction}`] : [`e.position ${beyond} @position`, `e.position ${direction}`];
  const rows = db
    .prepare<object, Row>(
      `SELECT e.position, e.time, e.type, e.source_id AS source, m.position IS NOT NULL AS marked FROM ops_event e LEFT JOIN event_mark m ON m.position = e.position
       WHERE ${entity === undefined ? '' : 'e.entity = @entity AND '}${key} ORDER BY ${sorted} LIMIT @most`,
    )
    .iterate({ ...start, ...(entity === undefined ? {} : { entity }), most: LOOKED_AT });
  const found: number[] = [];
  let looked = 0;
  let last: EventPlace | undefined;
  for (const { position, time, type, source, marked } of rows) {
    if (byTime && (newest ? time < from : time > to)) return { events: found.map((one) => readEvent(db, one)!) };
    looked++;
    last = { time, position };
    if (filter.type !== undefined && type !== filter.type) continue;
    if (sources && !sources.has(source)) continue;
    if (filter.processed !== undefined && filter.processed !== (marked === 1)) continue;
    found.push(position);
    if (found.length === limit) break;
  }
  const more = last !== undefined && (found.length === limit || looked === LOOKED_AT);
  return { events: found.map((one) => readEvent(db, one)!), ...(more ? { next: last } : {}) };
}

const entityRow = (db: Db, { kind, id }: { kind: string; id: string }): number | undefined => db.prepare<[string, string], number>('SELECT entity_id FROM entity WHERE kind = ? AND id = ?').pluck().get(kind, id);

function sourceRows(db: Db, source: string): ReadonlySet<number> {
  const [kind, instance] = source.split('/');
  const named = source.startsWith('/') ? 'uri = @source' : instance === undefined ? 'source = @kind' : 'source = @kind AND instance = @instance';
  const by = source.startsWith('/') ? { source } : instance === undefined ? { kind } : { kind, instance };
  return new Set(db.prepare<object, number>(`SELECT source_id FROM ops_event_source WHERE ${named}`).pluck().all(by));
}
