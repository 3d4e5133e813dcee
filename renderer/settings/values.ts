import { canonical } from '#shared/config/difference.ts';
import type { Json } from '#shared/json.ts';
import { VALUE, NAME, type Plain, type Shape } from './shapes.ts';

/** What a control shows of a row: a text a column, for flags `true` or an empty one; none where nothing was said. */
export type Row = Record<string, string>;

const SEPARATOR = ', ';

/** A value as a control shows it. Nothing said: empty. */
export function shown(value: Json | undefined): string {
  if (value === undefined || value === null || value === false) return '';
  return Array.isArray(value) ? value.join(SEPARATOR) : String(value);
}

/**
 * What somebody wrote, as a value; undefined: nothing. A number that is none stays text, so that the core can say what
 * is wrong with it.
 */
export function meant(text: string, { kind }: Plain): Json | undefined {
  const trimmed = text.trim();
  if (kind === 'flag') return trimmed === 'true';
  if (kind === 'words') return trimmed.split(/[,\n]/).map((word) => word.trim()).filter((word) => word !== '');
  if (trimmed === '') return undefined;
  if (kind !== 'number') return trimmed;
  const number = Number(trimmed.replace(',', '.'));
  return Number.isNaN(number) ? trimmed : number;
}

type Rows = Extract<Shape, { kind: 'rows' }>;

/** The rows of a list or table. */
export function rowsOf(value: Json | undefined, { columns, keyed, single }: Rows): Row[] {
  const elements: [string, Json][] = Array.isArray(value) ? value.map((element) => ['', element]) : Object.entries((value ?? {}) as Record<string, Json>);
  return elements.map(([key, element]) =>
    Object.fromEntries(
      columns.flatMap(({ name }, i): [string, string][] => {
        if (keyed && i === 0) return [[name, key]];
        const field = single ? element : (element as Record<string, Json>)[name];
        return field === undefined ? [] : [[name, shown(field)]];
      }),
    ),
  );
}

/** The list or table that rows tell; rows in which nothing stands are none. Of two rows of one name the later counts. */
export function ofRows(rows: readonly Row[], { columns, keyed, single }: Rows): Json {
  const written = rows.filter((row) => columns.some(({ name }) => (row[name] ?? '').trim() !== ''));
  const elements = written.map((row) => {
    const fields = columns.slice(keyed ? 1 : 0).flatMap(({ name, shape }): [string, Json][] => {
      const value = row[name] === undefined ? undefined : meant(row[name], shape);
      return value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(fields) as { [key: string]: Json };
  });
  if (!keyed) return elements;
  const valueOf = (row: Row): Json => meant(row[VALUE] ?? '', columns[1]!.shape) ?? null;
  return Object.fromEntries(elements.map((element, i) => [(written[i]![NAME] ?? '').trim(), single ? valueOf(written[i]!) : element])) as Json;
}

/** Whether rows tell the value whole: labels with commas or blanks at their ends are not for tables. */
export const fits = (value: Json | undefined, shape: Rows): boolean => value === undefined || canonical(ofRows(rowsOf(value, shape), shape)) === canonical(value);

/** Names of keyed rows that stand twice: one of them would be lost. */
export function twice(rows: readonly Row[], { keyed }: Rows): string[] {
  if (!keyed) return [];
  const names = rows.map((row) => (row[NAME] ?? '').trim()).filter((name) => name !== '');
  return [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
}
