import type { Lookup } from './joins.ts';
import type { Assignments, Condition, Mapping, MapStep, Matcher, Operation, ValueSpec } from './mapping.ts';
import { isOperation } from './mapping.ts';
import { BadValue, MappingError } from './problems.ts';
import type { Row } from './table-reader.ts';
import { compileFormat, parseWithOffset, startOfDay, toInstant, type WallTimeParser } from './times.ts';
import { asText, convert, type Frame, type Read, type Scalar, type Test, type Value } from './values.ts';

const PLACEHOLDER = /\{([^{}]+)\}/g;

/** Turns the parts of a mapping into functions over rows, checking every reference against the table's header. */
export class Compiler {
  readonly #mapping: Mapping;
  readonly #file: string;
  readonly #tableFile: string;
  readonly #columns: ReadonlyMap<string, number>;
  /** Names that more than one column has. */
  readonly #twice: ReadonlySet<string>;
  readonly #lookups: ReadonlyMap<string, Lookup | undefined>;
  readonly #missing: ReadonlySet<string>;
  readonly #formats: readonly WallTimeParser[];
  readonly #zone: string;
  readonly #lets = new Map<string, Read>();
  readonly #joined = new Map<string, (frame: Frame) => readonly string[] | undefined>();

  constructor(mapping: Mapping, file: string, table: { file: string; header: readonly string[] }, lookups: ReadonlyMap<string, Lookup | undefined>, zone: string) {
    this.#mapping = mapping;
    this.#file = file;
    this.#tableFile = table.file;
    this.#columns = new Map(table.header.map((name, index) => [name, index]));
    this.#twice = new Set(table.header.filter((name, index) => table.header.indexOf(name) !== index));
    this.#lookups = lookups;
    this.#missing = new Set(mapping.table.missing);
    this.#zone = zone;
    this.#formats = mapping.time.formats.map((format, index) => {
      try {
        return compileFormat(format);
      } catch (error) {
        throw new MappingError(file, `time.formats[${index}]`, (error as Error).message);
      }
    });
    for (const [name, spec] of Object.entries(mapping.let)) {
      const read = this.value(spec, `let.${name}`);
      this.#lets.set(name, (frame) => {
        if (!frame.lets.has(name)) frame.lets.set(name, read(frame));
        return frame.lets.get(name);
      });
    }
  }

  /** Compiles a value. @param where path of the value in the mapping file, for messages. */
  value(spec: ValueSpec, where: string): Read {
    if (typeof spec === 'string') return this.#template(spec, where);
    if (typeof spec !== 'object') return () => spec;
    if (isOperation(spec)) return this.#operation(spec, where);
    const fields = Object.entries(spec).map(([name, field]) => [name, this.value(field, `${where}.${name}`)] as const);
    return (frame) => {
      const out: Record<string, Value> = {};
      for (const [name, read] of fields) {
        const value = read(frame);
        if (value !== undefined) out[name] = value;
      }
      return Object.keys(out).length > 0 ? out : undefined;
    };
  }

  /** Compiles a value that must be a time; gives epoch ms of the shifted reading. */
  time(spec: ValueSpec, where: string): (frame: Frame) => number | undefined {
    const read = this.value(spec, where);
    const label = typeof spec === 'string' ? (/^\{([^{}]+)\}$/.exec(spec)?.[1] ?? where) : where;
    return (frame) => this.#asTime(read(frame), frame, label)?.getTime();
  }

  test(condition: Condition | undefined, where: string): Test {
    if (!condition) return () => true;
    const records = Array.isArray(condition) ? condition : [condition];
    const tests = records.map((record) =>
      Object.entries(record).map(([reference, matcher]) => this.#matcher(reference, matcher, `${where}.${reference}`)),
    );
    return (frame) => tests.some((all) => all.every((test) => test(frame)));
  }

  assignments(specs: Assignments | undefined, where: string): (frame: Frame) => void {
    const steps = Object.entries(specs ?? {}).map(([name, spec]) => {
      if (!(name in (this.#mapping.case?.state ?? {}))) throw this.#error(`${where}.${name}`, `is not declared; add "${name}" to case.state with its first value`);
      if (typeof spec === 'object' && 'add' in spec) {
        return (frame: Frame) => void (frame.state[name] = Number(frame.state[name]) + spec.add);
      }
      const read = this.value(spec, `${where}.${name}`);
      return (frame: Frame) => void (frame.state[name] = read(frame) as Scalar | undefined);
    });
    return (frame) => steps.forEach((step) => step(frame));
  }

  #error(where: string, what: string): MappingError {
    return new MappingError(this.#file, where, what);
  }

  #cell(cells: readonly string[] | undefined, index: number): string | undefined {
    const text = cells?.[index]?.trim();
    return text === undefined || text === '' || this.#missing.has(text) ? undefined : text;
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

  #reference(reference: string, where: string): Read {
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

  #joinedColumn(join: string, column: string, where: string): Read {
    const lookup = this.#lookups.get(join);
    if (!lookup) return () => undefined;
    const index = lookup.columns.get(column);
    if (index === undefined) throw this.#error(where, `names column "${column}" of ${lookup.file}, which has ${[...lookup.columns.keys()].join(', ')}`);
    let row = this.#joined.get(join);
    if (!row) {
      const key = this.value(this.#mapping.joins[join]!.on, `joins.${join}.on`);
      row = (frame) => lookup.rows.get(asText(key(frame)) ?? '');
      this.#joined.set(join, row);
    }
    const find = row;
    return (frame) => this.#cell(find(frame), index);
  }

  #template(text: string, where: string): Read {
    const parts = [...text.matchAll(PLACEHOLDER)];
    if (parts.length === 0) return () => text;
    const reads = parts.map((part) => this.#reference(part[1]!, where));
    if (parts.length === 1 && parts[0]![0] === text) return reads[0]!;
    const literals = text.split(/\{[^{}]+\}/);
    return (frame) => {
      let out = literals[0]!;
      for (const [index, read] of reads.entries()) {
        const piece = asText(read(frame));
        if (piece === undefined) return undefined;
        out += piece + literals[index + 1]!;
      }
      return out;
    };
  }

  #operation(op: Operation, where: string): Read {
    const inputs = [op.$from, op.$text, op.$first, op.$bed].filter((input) => input !== undefined);
    if (inputs.length !== 1) throw this.#error(where, 'needs exactly one of $from, $text, $first and $bed');
    const label = op.$from ?? op.$text ?? where;
    const read = this.#input(op, where);
    const map = op.$map === undefined ? undefined : this.#map(op.$map, where);
    return (frame) => {
      let value = read(frame);
      if (map) value = map(asText(value));
      if (value === undefined) return op.$default;
      if (op.$as === 'time' || op.$startOf) value = this.#asTime(value, frame, label, op.$startOf === 'day');
      else if (op.$as && typeof value !== 'object') value = convert(value, op.$as, label);
      if (op.$max !== undefined && typeof value === 'string') value = value.slice(0, op.$max).trimEnd();
      return value;
    };
  }

  #input(op: Operation, where: string): Read {
    if (op.$from !== undefined) return this.#reference(op.$from, `${where}.$from`);
    if (op.$text !== undefined) return this.#template(op.$text, `${where}.$text`);
    if (op.$first) {
      const choices = op.$first.map((choice, index) => this.value(choice, `${where}.$first[${index}]`));
      return (frame) => {
        for (const choice of choices) {
          const value = choice(frame);
          if (value !== undefined) return value;
        }
        return undefined;
      };
    }
    const unit = this.value(op.$bed!.unit, `${where}.$bed.unit`);
    const until = op.$bed!.until === undefined ? () => undefined : this.time(op.$bed!.until, `${where}.$bed.until`);
    return (frame) => {
      const name = asText(unit(frame));
      if (name === undefined || frame.at === undefined) return undefined;
      return frame.beds.take(frame.caseKey, name, frame.at, until(frame), op.$bed!.restMinutes ?? 0);
    };
  }

  #map(name: string, where: string): (text: string | undefined) => string | number | boolean | undefined {
    const steps = this.#mapping.maps[name];
    if (!steps) throw this.#error(`${where}.$map`, `there is no map "${name}"; maps has ${Object.keys(this.#mapping.maps).join(', ') || 'none'}`);
    const tests = steps.map((step, index) => ({ test: this.#mapStep(step, `maps.${name}[${index}]`), gives: 'otherwise' in step ? step.otherwise : step.gives }));
    return (text) => tests.find(({ test }) => test(text))?.gives;
  }

  #mapStep(step: MapStep, where: string): (text: string | undefined) => boolean {
    if ('otherwise' in step) return () => true;
    if ('is' in step) {
      const known = new Set((Array.isArray(step.is) ? step.is : [step.is]).map(String));
      return (text) => text !== undefined && known.has(text);
    }
    const expression = this.#expression(step.matches, where);
    return (text) => text !== undefined && expression.test(text);
  }

  #expression(source: string, where: string): RegExp {
    try {
      return new RegExp(source, 'iu');
    } catch (error) {
      throw this.#error(where, `is not a regular expression: ${(error as Error).message}`);
    }
  }

  #matcher(reference: string, matcher: Matcher, where: string): Test {
    const read = this.#reference(reference, where);
    if (typeof matcher !== 'object' || Array.isArray(matcher)) {
      const known = new Set((Array.isArray(matcher) ? matcher : [matcher]).map(String));
      return (frame) => {
        const text = asText(read(frame));
        return text !== undefined && known.has(text);
      };
    }
    if ('present' in matcher) return (frame) => (read(frame) !== undefined) === matcher.present;
    if ('not' in matcher) {
      const inner = this.#matcher(reference, matcher.not, where);
      return (frame) => !inner(frame);
    }
    if ('matches' in matcher) {
      const expression = this.#expression(matcher.matches, where);
      return (frame) => {
        const text = asText(read(frame));
        return text !== undefined && expression.test(text);
      };
    }
    const [from, to] = matcher.between.map((bound) => this.time({ $from: bound }, where)) as [(f: Frame) => number | undefined, (f: Frame) => number | undefined];
    const time = this.time({ $from: reference }, where);
    return (frame) => {
      const [low, at, high] = [from(frame), time(frame), to(frame)];
      return low !== undefined && at !== undefined && high !== undefined && low <= at && at <= high;
    };
  }

  /** Text in one of the mapping's formats, or with its own offset, moved by the case's shift. */
  #asTime(value: Value, frame: Frame, label: string, dayStart = false): Date | undefined {
    if (value === undefined) return undefined;
    if (value instanceof Date) return value;
    const text = asText(value) ?? '';
    for (const parse of this.#formats) {
      const wall = parse(text);
      if (wall === undefined) continue;
      return new Date(toInstant((dayStart ? startOfDay(wall) : wall) + frame.shift, this.#zone));
    }
    const at = dayStart ? undefined : parseWithOffset(text);
    if (at === undefined) throw new BadValue(`${label}: "${text}" is not a time of the form ${this.#mapping.time.formats.join(' or ')}`);
    return new Date(at + frame.shift);
  }
}
