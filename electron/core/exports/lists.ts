import { notePaths, takeNotes } from '#shared/events/notes.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { metricKey, type FactKind, type SnapshotFamily } from '#shared/snapshots/family.ts';
import { definitionOf } from '../metrics/evaluate.ts';
import type { Db } from '../store/open.ts';
import { familyOf } from '../store/read-snapshots.ts';
import { columnOf } from '../store/snapshots.ts';
import type { ExportAsked } from './asked.ts';
import { number, text, time, type Column, type Stored } from './written.ts';

/** How a list is read: part by part, and within a part by key, so that each page is found by index. */
export interface ExportList {
  readonly columns: readonly Column[];
  /** Numbers of the parts, ascending: what comes meanwhile stands at the end. */
  readonly parts: readonly number[];
  /**
   * Gives key, tie and the columns of rows behind `@key`, `@tie` in `@part` between `@from` and `@to`, at most `@limit`. With
   * one lower bound alone: of two, SQLite may seek by the beginning of the list, and go over all pages before with each.
   */
  readonly sql: string;
  /** A row as it may leave; as it was read where absent. */
  readonly shown?: (row: Stored[]) => Stored[];
}

const WHOLE = [0];

const EVENT_COLUMNS = [...number('position'), ...text('id', 'source', 'type'), ...time('time', 'received'), ...number('sequence'), ...text('entity_kind', 'entity', 'constructed', 'data')];
const [TYPE, DATA] = ['type', 'data'].map((name) => EVENT_COLUMNS.findIndex((column) => column.name === name)) as [number, number];

/** An event without its free text. */
function withoutNotes(row: Stored[]): Stored[] {
  const type = row[TYPE] as string;
  if (notePaths(type).length === 0) return row;
  const data = JSON.parse(row[DATA] as string) as Record<string, unknown>;
  takeNotes(type, data);
  return row.with(DATA, JSON.stringify(data));
}

const EVENTS: ExportList = {
  columns: EVENT_COLUMNS,
  shown: withoutNotes,
  parts: WHOLE,
  sql: `SELECT e.time, e.position, e.position, e.id, s.uri, e.type, e.time, e.received, e.sequence, n.kind, n.id, e.constructed, e.data
    FROM ops_event e JOIN ops_event_source s USING (source_id) JOIN entity n ON n.entity_id = e.entity
    WHERE (e.time, e.position) > (MAX(@key, @from), @tie) AND e.time < @to ORDER BY e.time, e.position LIMIT @limit`,
};

const LETTERS: ExportList = {
  columns: [...number('letter'), ...time('received'), ...text('reason', 'detail', 'topic', 'source'), ...number('size'), ...time('due', 'replayed')],
  parts: WHOLE,
  sql: `SELECT dead_letter_id, 0, dead_letter_id, received, reason, detail, topic, source, size, due, replayed
    FROM dead_letter WHERE dead_letter_id > @key AND received >= @from AND received < @to ORDER BY dead_letter_id LIMIT @limit`,
};

const SOURCE_COLUMNS: readonly Column[] = [
  ...text('kind', 'instance', 'title', 'uri', 'state', 'registered_by'), ...time('first_contact', 'last_contact', 'last_event'),
  ...number('interval_s', 'silence_limit_s', 'expected_per_hour', 'lag_ms', 'smoothed_lag_ms', 'accepted', 'duplicates', 'refused', 'waiting', 'held', 'overflowed'),
];

/** Columns as the views of the store name them. */
const inView = (columns: readonly Column[]): string => columns.map(({ name, kind }) => (kind === 'time' ? `${name}_ms` : name)).join(', ');

const SOURCES: ExportList = {
  columns: SOURCE_COLUMNS,
  parts: WHOLE,
  sql: `SELECT source_id, 0, ${inView(SOURCE_COLUMNS)} FROM bi_source WHERE source_id > @key ORDER BY source_id LIMIT @limit`,
};

const FACT: Readonly<Record<FactKind, Column['kind']>> = { count: 'number', number: 'number', text: 'text', flag: 'flag', time: 'time' };

/** The history of a family, subject by subject; `now` gives only the row that holds. */
function snapshots(db: Db, family: SnapshotFamily, now: boolean): ExportList {
  const { name, table, subject, facts, metrics } = family;
  const own = new Set(Object.keys(facts));
  const columns: Column[] = [
    ...text(...subject),
    ...time('at'),
    ...(own.has('until') ? [] : time('until')),
    ...Object.entries(facts).map(([fact, kind]): Column => ({ name: columnOf(fact), kind: FACT[kind] })),
    ...metrics.map((column): Column => ({ name: columnOf(metricKey(column)), kind: metricDefinitions.get(column.metric)?.unit === 'epoch ms' ? 'time' : 'number' })),
    ...text('unknown_reasons'),
  ];
  const from = `SELECT at_ms, 0, ${inView(columns)} FROM bi_${table.replace(/^ops_|_snapshot$/g, '')} WHERE subject_id = @part`;
  // What held at the beginning began before it.
  const since = `COALESCE((SELECT MAX(at) FROM ${table} WHERE subject_id = @part AND at <= @from), @from)`;
  return {
    columns,
    parts: db.prepare<[string], number>('SELECT subject_id FROM snapshot_subject WHERE family = ?').pluck().all(name).sort((a, b) => a - b),
    sql: now ? `${from} AND at_ms = (SELECT MAX(at) FROM ${table} WHERE subject_id = @part) AND at_ms > @key LIMIT @limit` : `${from} AND at_ms > MAX(@key, ${since} - 1) AND at_ms < @to ORDER BY at_ms LIMIT @limit`,
  };
}

function series(db: Db, { metric, step }: ExportAsked & { list: 'series' }): ExportList {
  definitionOf(metric);
  const columns = [...text('metric', 'scope'), ...time('at'), ...(step === '1m' ? number('value') : number('min', 'max', 'mean', 'last', 'count', 'unknown'))];
  return {
    columns,
    // A series is named by its metric, or by metric@scope: all of them lie between "metric@" and "metricA".
    parts: db.prepare<[string, string, string], number>('SELECT series_id FROM metric_series WHERE series = ? OR (series > ? AND series < ?)').pluck().all(metric, `${metric}@`, `${metric}A`).sort((a, b) => a - b),
    sql: `SELECT at_ms, 0, ${inView(columns)} FROM ${step === '1m' ? 'bi_sample' : `bi_series_${step}`} WHERE series_id = @part AND at_ms > MAX(@key, @from - 1) AND at_ms < @to ORDER BY at_ms LIMIT @limit`,
  };
}

/** Lists that lie in the store row by row. */
export type StoredList = Exclude<ExportAsked, { readonly list: 'config-history' }>;

/**
 * How a list is read.
 * @throws MetricError for a metric, RangeError for a family that does not exist
 */
export function listOf(db: Db, asked: StoredList): ExportList {
  switch (asked.list) {
    case 'events': return EVENTS;
    case 'dead-letters': return LETTERS;
    case 'sources': return SOURCES;
    case 'beds': return snapshots(db, familyOf('bed'), true);
    case 'latest': return snapshots(db, familyOf(asked.family), true);
    case 'snapshots': return snapshots(db, familyOf(asked.family), false);
    case 'series': return series(db, asked);
  }
}
