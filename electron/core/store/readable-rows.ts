import type { z } from 'zod';
import { isDamage } from './damage.ts';
import type { Db } from './open.ts';
import { rawRows } from './raw-rows.ts';

/** Damage, or a schema that is garbage or older than this table. */
const unreadable = (error: unknown): boolean => isDamage(error) || (error as { code?: unknown }).code === 'SQLITE_ERROR';

/** Rows of a table of a damaged database that can be read by SQL, from both ends of its key up to the damage; returns whether that was all. */
export function* readableRows(from: Db, table: string, key: string): Generator<Record<string, unknown>, boolean> {
  let last: unknown;
  try {
    for (const row of from.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY ${key}`).iterate()) {
      yield row;
      last = row[key];
    }
    return true;
  } catch (error) {
    if (!unreadable(error)) throw error;
  }
  try {
    const before = last === undefined ? '' : `WHERE ${key} > ?`;
    yield* from.prepare<unknown[], Record<string, unknown>>(`SELECT * FROM ${table} ${before} ORDER BY ${key} DESC`).iterate(...(last === undefined ? [] : [last]));
  } catch (error) {
    if (!unreadable(error)) throw error;
  }
  return false;
}

/** Rows that lie in the file's pages and fit a table's columns and schema, in no order, some in several versions. */
export function* rowsInPages<T>(file: string, columns: readonly string[], schema: z.ZodType<T>): Generator<T> {
  for (const { rowid, values } of rawRows(file)) {
    if (values[0] !== null || values.length !== columns.length) continue;
    const row = schema.safeParse(Object.fromEntries(columns.map((column, i) => [column, i === 0 ? rowid : values[i]])));
    if (row.success) yield row.data;
  }
}
