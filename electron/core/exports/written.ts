import type { ExportFormat } from '#shared/api/exports.ts';
import type { Page, Place } from './asked.ts';
import { csvHeader, csvRows } from './csv.ts';
import { sheetHeader, sheetRows } from './sheet.ts';
import type { SiteTimes } from './site-times.ts';

export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'flag' | 'time';
}

const of = (kind: Column['kind']) => (...names: string[]): Column[] => names.map((name) => ({ name, kind }));
export const text = of('text');
export const number = of('number');
export const flag = of('flag');
export const time = of('time');

/** As the store gives it: flags are 0 and 1. */
export type Stored = string | number | null;

interface Writer {
  header(columns: readonly Column[]): string;
  rows(columns: readonly Column[], rows: readonly (readonly Stored[])[], times: SiteTimes): string;
}

const WRITERS: Readonly<Record<ExportFormat, Writer>> = { csv: { header: csvHeader, rows: csvRows }, xlsx: { header: sheetHeader, rows: sheetRows } };

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Stored[])[];
  /** Absent with the last page. */
  readonly next?: Place | undefined;
}

/** Rows as a page of a file. */
export function written(format: ExportFormat, { columns, rows, next }: Table, times: SiteTimes): Page {
  const writer = WRITERS[format];
  return { header: writer.header(columns), text: writer.rows(columns, rows, times), rows: rows.length, ...(next ? { next } : {}) };
}
