import type { ExportFormat } from '#shared/api/exports.ts';
import type { Db } from '../store/open.ts';
import type { SiteId } from '../store/paths.ts';
import { storedSiteConfig } from '../store/site-config.ts';
import type { Page, PageAsked, Stored } from './asked.ts';
import { csvHeader, csvRows } from './csv.ts';
import { listOf, type Column } from './lists.ts';
import { sheetHeader, sheetRows } from './sheet.ts';
import { siteTimes, type SiteTimes } from './site-times.ts';

export interface Writer {
  header(columns: readonly Column[]): string;
  rows(columns: readonly Column[], rows: readonly (readonly Stored[])[], times: SiteTimes): string;
}

export const WRITERS: Readonly<Record<ExportFormat, Writer>> = { csv: { header: csvHeader, rows: csvRows }, xlsx: { header: sheetHeader, rows: sheetRows } };

/** Rows of a page: some milliseconds of reading, so that other questions wait no longer than that. */
export const PAGE_ROWS = 2_000;

const OPEN = Number.MAX_SAFE_INTEGER;

/**
 * The rows of a list from a place on. Each page is read by key on its own, so that no view of the store is held while a
 * slow client reads, and the write-ahead log can be emptied meanwhile.
 * @throws MetricError for a metric, RangeError for a family that does not exist
 */
export function exportPage(db: Db, id: SiteId, { asked, format, place }: PageAsked, limit = PAGE_ROWS): Page {
  const { columns, parts, sql, shown = (row) => row } = listOf(db, asked);
  const { from = -OPEN, to = OPEN } = 'from' in asked || 'to' in asked ? asked : {};
  const read = db.prepare<[Record<string, number>], [number, number, ...Stored[]]>(sql).raw();
  const rows: Stored[][] = [];
  let next = place;
  for (const part of parts) {
    if (place !== undefined && part < place.part) continue;
    const { key, tie } = part === place?.part ? place : { key: -OPEN, tie: -OPEN };
    for (const [rowKey, rowTie, ...row] of read.iterate({ part, key, tie, from, to, limit: limit - rows.length })) {
      rows.push(shown(row));
      next = { part, key: rowKey, tie: rowTie };
    }
    if (rows.length >= limit) break;
  }
  const { header, rows: written } = WRITERS[format];
  const times = siteTimes(storedSiteConfig(db, id).timezone);
  return { header: header(columns), text: written(columns, rows, times), rows: rows.length, ...(rows.length >= limit && next ? { next } : {}) };
}
