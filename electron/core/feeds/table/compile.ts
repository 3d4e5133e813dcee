import { compileTimes, type AsTime } from './case-times.ts';
import { compileCondition } from './conditions.ts';
import type { Lookup } from './joins.ts';
import { compileMap } from './maps.ts';
import type { Assignments, Condition, Mapping, Operation, ValueSpec } from './mapping.ts';
import { isOperation } from './mapping.ts';
import { MappingError } from './problems.ts';
import { References } from './references.ts';
import { asText, convert, type Frame, type Read, type Scalar, type Test, type Value } from './values.ts';

const PLACEHOLDER = /\{([^{}]+)\}/g;

/** Turns the parts of a mapping into functions over rows, checking every reference against the table's header. */
export class Compiler {
  readonly #mapping: Mapping;
  readonly #file: string;
  readonly #references: References;
  readonly #asTime: AsTime;

  constructor(mapping: Mapping, file: string, table: { file: string; header: readonly string[] }, lookups: ReadonlyMap<string, Lookup | undefined>, zone: string) {
    this.#mapping = mapping;
    this.#file = file;
    this.#references = new References(mapping, file, table, lookups, (spec, where) => this.value(spec, where));
    this.#asTime = compileTimes(mapping, file, zone);
    for (const [name, spec] of Object.entries(mapping.let)) this.#references.define(name, this.value(spec, `let.${name}`));
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
    return compileCondition(condition, where, { file: this.#file, references: this.#references, time: (reference, at) => this.time({ $from: reference }, at) });
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

  #template(text: string, where: string): Read {
    const parts = [...text.matchAll(PLACEHOLDER)];
    if (parts.length === 0) return () => text;
    const reads = parts.map((part) => this.#references.read(part[1]!, where));
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
    const map = op.$map === undefined ? undefined : compileMap(this.#mapping.maps, op.$map, where, this.#file);
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
    if (op.$from !== undefined) return this.#references.read(op.$from, `${where}.$from`);
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
}
