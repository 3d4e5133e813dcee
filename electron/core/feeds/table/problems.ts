/** The mapping file, or how it fits the table, is wrong: nothing can be imported until it is changed. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  constructor(file: string, where: string, what: string) {
    super(`${file}: ${where ? `${where}: ` : ''}${what}`);
  }
}

/** The table cannot be read as one: no header, broken compression, missing columns. */
export class TableError extends Error {
  override readonly name = 'TableError';
}

/** One value of one row is not what the mapping expects; the import goes on with the next event. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}

/** One row that could not be turned into all of its events. `line` is the line of the file on which the row begins. */
export interface BadRow {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Raised at the first bad row when the import is strict. */
export class StrictStop extends Error {
  override readonly name = 'StrictStop';
  readonly row: BadRow;
  constructor(row: BadRow) {
    super(`${row.file}:${row.line}: ${row.reason}`);
    this.row = row;
  }
}
