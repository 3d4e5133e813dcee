import type { Lookup } from './joins.ts';
import type { Mapping, ValueSpec } from './mapping.ts';
import { MappingError } from './problems.ts';
import type { Row } from './table-reader.ts';
import { asText, type Frame, type Read } from './values.ts';

/** What `{...}` in a mapping may name: columns of the row, its neighbours or a joined table, `let`, `case` and `row`. */
export class References {
  readonly #mapping: Mapping;
  readonly #file: string;
  readonly #tableFile: string;
  readonly #columns: ReadonlyMap<string, number>;
  /** Names that more than one column has. */
  readonly #twice: ReadonlySet<string>;
  readonly #lookups: ReadonlyMap<string, Lookup | undefined>;
  readonly #missing: ReadonlySet<string>;
  readonly #lets = new Map<string, Read>();
  readonly #joined = new Map<string, (frame: Frame) => readonly string[] | undefined>();
  readonly #value: (spec: ValueSpec, where: string) => Read;

  /** @param value compiles the key by which a table is joined */
  constructor(mapping: Mapping, file: string, table: { file: string; header: readonly string[] }, lookups: ReadonlyMap<string, Lookup | undefined>, value: (spec: ValueSpec, where: string) => Read) {
    this.#mapping = mapping;
    this.#file = file;
    this.#tableFile = table.file;
    this.#columns = new Map(table.header.map((name, index) => [name, index]));
    this.#twice = new Set(table.header.filter((name, index) => table.header.indexOf(name) !== index));
    this.#lookups = lookups;
    this.#missing = new Set(mapping.table.missing);
    this.#value = value;
  }

  /** Gives a value of `let` its name; it is read once a row. */
  define(name: string, read: Read): void {
    this.#lets.set(name, (frame) => {
      if (!frame.lets.has(name)) frame.lets.set(name, read(frame));
      return frame.lets.get(name);
    });
  }

  /** @param where path of the reference in the mapping file, for messages. @throws MappingError for what there is not */
  read(reference: string, where: string): Read {
    if (this.#columns.has(reference)) return this.#column(reference, where, (frame) => frame.row);
    const dot = reference.indexOf('.');
    const [prefix, name] = dot < 0 ? ['', reference] : [reference.slice(0, dot), reference.slice(dot + 1)];
    if (prefix === 'let') {
      const read = this.#lets.get(name);
      if (!read) throw this.#error(where, `uses let.${name}, which is not defined above it`);
      return read;
    }
    if (prefix === 'case') {
      if (!(name in (this.#mapping.case?.state ?? {}))) throw this.#error(where, `uses case.${name}; add "${name}" to case.state with its first value`);
      return (frame) => frame.state[name];
    }
    if (prefix === 'row') {
      if (name === 'line') return (frame) => frame.row.line;
      if (name === 'of_case') return (frame) => frame.ofCase;
      throw this.#error(where, `uses row.${name}; there are row.line and row.of_case`);
    }
    if (prefix === 'next' || prefix === 'previous') {
      if (!this.#mapping.case) throw this.#error(where, `uses ${prefix}.${name}, which needs a "case" section`);
      return this.#column(name, where, (frame) => frame[prefix]);
    }
    if (prefix in this.#mapping.joins) return this.#joinedColumn(prefix, name, where);
    return this.#column(reference, where, (frame) => frame.row);
  }

  #column(name: string, where: string, row: (frame: Frame) => Row | undefined): Read {
    const index = this.#columns.get(name);
    if (index !== undefined && this.#twice.has(name)) throw this.#error(where, `names column "${name}", which ${this.#tableFile} has twice; give its columns names of their own`);
    if (index !== undefined) return (frame) => this.#cell(row(frame)?.cells, index);
    if (this.#mapping.table.optionalColumns.includes(name)) return () => undefined;
    throw this.#error(
      where,
      `names column "${name}", which ${this.#tableFile} does not have (it has ${[...this.#columns.keys()].join(', ')}); correct the name or table.delimiter, or list it in table.optionalColumns`,
    );
  }

  #joinedColumn(join: string, column: string, where: string): Read {
    const lookup = this.#lookups.get(join);
    if (!lookup) return () => undefined;
    const index = lookup.columns.get(column);
    if (index === undefined) throw this.#error(where, `names column "${column}" of ${lookup.file}, which has ${[...lookup.columns.keys()].join(', ')}`);
    let row = this.#joined.get(join);
    if (!row) {
      const key = this.#value(this.#mapping.joins[join]!.on, `joins.${join}.on`);
      row = (frame) => lookup.rows.get(asText(key(frame)) ?? '');
      this.#joined.set(join, row);
    }
    const find = row;
    return (frame) => this.#cell(find(frame), index);
  }

  #cell(cells: readonly string[] | undefined, index: number): string | undefined {
    const text = cells?.[index]?.trim();
    return text === undefined || text === '' || this.#missing.has(text) ? undefined : text;
  }

  #error(where: string, what: string): MappingError {
    return new MappingError(this.#file, where, what);
  }
}
