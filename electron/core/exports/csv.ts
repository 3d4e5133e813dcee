import { stringify } from 'csv-stringify/sync';
import type { SiteTimes } from './site-times.ts';
import type { Column, Stored } from './written.ts';

/** Text that a spreadsheet would take for a formula or a command (https://owasp.org/www-community/attacks/CSV_Injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Text as a spreadsheet shows it and never runs it: an apostrophe in front says that it is text. */
export const harmless = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Lines end as RFC 4180 has it. */
const OPTIONS = { record_delimiter: '\r\n' } as const;

/** Column names; a moment has two columns. */
export const namesOf = (columns: readonly Column[]): string[] => columns.flatMap(({ name, kind }) => (kind === 'time' ? [name, `${name}_utc`] : [name]));

export const csvHeader = (columns: readonly Column[]): string => stringify([namesOf(columns)], OPTIONS);

export const csvRows = (columns: readonly Column[], rows: readonly (readonly Stored[])[], times: SiteTimes): string =>
  stringify(rows.map((row) => columns.flatMap(({ kind }, i) => cells(kind, row[i] ?? null, times))), OPTIONS);

function cells(kind: Column['kind'], value: Stored, times: SiteTimes): (string | number | null)[] {
  if (kind === 'time') return typeof value === 'number' ? [times.local(value), times.utc(value)] : [null, null];
  if (kind === 'flag') return [value === null ? null : value === 1 ? 'true' : 'false'];
  return [typeof value === 'string' ? harmless(value) : value];
}
