import { namesOf } from './csv.ts';
import type { SiteTimes } from './site-times.ts';
import type { Column, Stored } from './written.ts';

/** Longest text of a cell (Excel's specifications and limits). */
const CELL_TEXT = 32_767;

/** Style of the workbook's second format: a date with its time. */
export const DATE_STYLE = 1;

/** What XML 1.0 cannot hold: control characters, halves of a character, and two that are none. */
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Text of a cell. `_x0041_` would be read as an escaped character (ECMA-376 part 1, 22.9.2.19), so its underscore is escaped itself. */
const xml = (text: string): string =>
  text.slice(0, CELL_TEXT).replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replaceAll(NOT_XML, '\uFFFD').replaceAll(/[&<>\r]/g, (char) => ESCAPED[char]!);

/** Text is typed as text: a spreadsheet shows it and never takes it for a formula. */
const textCell = (text: string): string => `<c t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
const EMPTY = '<c/>';

const rowOf = (cells: readonly string[]): string => `<row>${cells.join('')}</row>`;

export const sheetHeader = (columns: readonly Column[]): string => rowOf(namesOf(columns).map(textCell));

export const sheetRows = (columns: readonly Column[], rows: readonly (readonly Stored[])[], times: SiteTimes): string =>
  rows.map((row) => rowOf(columns.map(({ kind }, i) => cell(kind, row[i] ?? null, times)))).join('');

function cell(kind: Column['kind'], value: Stored, times: SiteTimes): string {
  if (kind === 'time') return typeof value === 'number' ? `<c s="${DATE_STYLE}"><v>${times.serial(value)}</v></c>${textCell(times.utc(value))}` : EMPTY + EMPTY;
  if (value === null) return EMPTY;
  if (kind === 'flag') return `<c t="b"><v>${value === 1 ? 1 : 0}</v></c>`;
  return typeof value === 'number' ? `<c><v>${value}</v></c>` : textCell(value);
}
