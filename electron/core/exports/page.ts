import type { Db } from '../store/open.ts';
import type { SiteId } from '../store/paths.ts';
import { storedSiteConfig } from '../store/site-config.ts';
import type { Page, PageAsked, Place } from './asked.ts';
import { CONFIG_HISTORY, configHistoryRows } from './config-history.ts';
import { listOf, type StoredList } from './lists.ts';
import { siteTimes } from './site-times.ts';
import { written, type Column, type Stored } from './written.ts';

/** Rows of a page: some milliseconds of reading, so that other questions wait no longer than that. */
export const PAGE_ROWS = 2_000;

const OPEN = Number.MAX_SAFE_INTEGER;

interface Span {
  readonly from: number;
  readonly to: number;
}

interface Rows {
  readonly columns: readonly Column[];
  readonly rows: Stored[][];
  readonly next?: Place | undefined;
}

/**
 * The rows of a list from a place on. Each page is read by key on its own, so that no view of the store is held while a
 * slow client reads, and the write-ahead log can be emptied meanwhile.
 * @throws MetricError for a metric, RangeError for a family that does not exist
 */
export function exportPage(db: Db, id: SiteId, { asked, format, place }: PageAsked, limit = PAGE_ROWS): Page {
  const { from = -OPEN, to = OPEN } = 'from' in asked || 'to' in asked ? asked : {};
  const span = { from, to };
  const found = asked.list === 'config-history' ? { columns: CONFIG_HISTORY, ...configHistoryRows(db, { ...span, place, limit }) } : storedRows(db, asked, span, place, limit);
  return written(format, found, siteTimes(storedSiteConfig(db, id).timezone));
}

function storedRows(db: Db, asked: StoredList, span: Span, place: Place | undefined, limit: number): Rows {
  const { columns, parts, sql, shown = (row) => row } = listOf(db, asked);
  const read = db.prepare<[Record<string, number>], [number, number, ...Stored[]]>(sql).raw();
  const rows: Stored[][] = [];
  let next = place;
  for (const part of parts) {
    if (place !== undefined && part < place.part) continue;
    const { key, tie } = part === place?.part ? place : { key: -OPEN, tie: -OPEN };
    for (const [rowKey, rowTie, ...row] of read.iterate({ part, key, tie, ...span, limit: limit - rows.length })) {
      rows.push(shown(row));
      next = { part, key: rowKey, tie: rowTie };
    }
    if (rows.length >= limit) break;
  }
  return { columns, rows, next: rows.length >= limit ? next : undefined };
}
