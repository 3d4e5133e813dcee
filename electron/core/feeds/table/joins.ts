import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TableError, type BadRow } from './problems.ts';
import { openTable, type TableOptions } from './table-reader.ts';

/** A second table held in memory by key; the first row of a key counts. */
export interface Lookup {
  readonly file: string;
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: ReadonlyMap<string, readonly string[]>;
}

/** `name.csv` beside the input, packed or not; undefined when neither is there. */
function beside(input: string, file: string): string | undefined {
  const bare = file.replace(/\.gz$/, '');
  return [file, bare, `${bare}.gz`].map((name) => join(dirname(input), name)).find((path) => existsSync(path));
}

/**
 * Loads the table of one join.
 * @param given path from `--with NAME=FILE`, which goes before the file beside the input.
 * @returns undefined when the join is optional and its file is not there.
 */
export async function loadLookup(
  input: string,
  name: string,
  spec: { file: string; key: string; optional: boolean },
  given: string | undefined,
  options: TableOptions,
  onBadRow: (row: BadRow) => void,
): Promise<Lookup | undefined> {
  const path = given ?? beside(input, spec.file);
  if (!path || !existsSync(path)) {
    if (spec.optional && !given) return undefined;
    throw new TableError(`table "${name}" (${given ?? spec.file}) was not found beside ${input}; put it there or name it with --with ${name}=FILE`);
  }
  const table = await openTable(path, options, onBadRow);
  const key = table.header.indexOf(spec.key);
  if (key < 0) throw new TableError(`${table.file}: has no column "${spec.key}", by which table "${name}" is looked up; it has ${table.header.join(', ')}`);
  const rows = new Map<string, readonly string[]>();
  for await (const { cells } of table.rows) {
    const id = cells[key]!.trim();
    if (id && !rows.has(id)) rows.set(id, cells);
  }
  return { file: table.file, columns: new Map(table.header.map((column, index) => [column, index])), rows };
}
