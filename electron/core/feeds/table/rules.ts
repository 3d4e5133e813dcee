import { hash } from 'node:crypto';
import { envelopeSchema, type Envelope, type SourceName } from '#shared/events/envelope.ts';
import type { EventType } from '#shared/events/define.ts';
import type { Compiler } from './compile.ts';
import { checkedType, constructedMarks } from './event-check.ts';
import type { Mapping } from './mapping.ts';
import { BadValue, MappingError } from './problems.ts';
import { asText, type Frame, type Test, type Value } from './values.ts';

/** Where the events of one import belong. */
export interface Origin {
  readonly tenant: string;
  readonly site: string;
  readonly instance: string;
}

export interface Rule {
  readonly applies: Test;
  /** Makes the event, checked against envelope and type. @throws BadValue */
  readonly make: (frame: Frame, rowId: string) => Envelope;
  readonly after: (frame: Frame) => void;
}

/** 96 bits of SHA-256: identities carry nothing of the person or case they are derived from. */
export const identity = (...parts: readonly string[]): string => hash('sha256', parts.join('\u001f')).slice(0, 24);

const MOST_AT_ONCE = 100;

/**
 * Grows with time, and within one moment in the order of the case's rows. Made of the event's own time, not counted
 * over the file, so that a row gives the same event in every export that contains it.
 */
function sequenceOf(frame: Frame, time: number): number {
  const before = frame.made.get(time) ?? 0;
  frame.made.set(time, before + 1);
  return Math.max(0, time) * MOST_AT_ONCE + Math.min(before, MOST_AT_ONCE - 1);
}

function plain(value: Value): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function checkedData(type: EventType, data: unknown): Record<string, unknown> {
  const result = type.data.safeParse(data);
  if (result.success) return result.data as Record<string, unknown>;
  const issue = result.error.issues[0]!;
  throw new BadValue(`${type.type}: ${issue.path.join('.')}: ${issue.message}`);
}

/** Compiles the event rules of a mapping. @throws MappingError */
export function compileRules(mapping: Mapping, file: string, compiler: Compiler, origin: Origin, rebased: boolean): Rule[] {
  const keys = new Set<string>();
  return mapping.events.map((rule, index) => {
    const where = `events[${index}]`;
    const type = checkedType(mapping, rule, where, file);
    const key = rule.key ?? rule.type.slice(rule.type.indexOf('.') + 1);
    if (keys.has(key)) throw new MappingError(file, `${where}.key`, `"${key}" is used twice; give each event of the mapping its own key`);
    keys.add(key);
    const atSpec = rule.at ?? mapping.time.at;
    if (atSpec === undefined) throw new MappingError(file, `${where}.at`, 'is missing; give it, or time.at for all events');
    const at = compiler.time(atSpec, `${where}.at`);
    const data = compiler.value(rule.data, `${where}.data`);
    const name: SourceName = rule.source ?? mapping.source.name;
    const source = `//${origin.tenant}/${origin.site}/${name}/${origin.instance}`;
    const constructed = constructedMarks(mapping, rule, atSpec, rebased).join(',');

    const make = (frame: Frame, rowId: string): Envelope => {
      const time = at(frame);
      if (time === undefined) throw new BadValue(`${rule.type}: there is no time (${where}.at)`);
      frame.at = time;
      return envelopeSchema.parse({
        specversion: '1.0',
        id: `${rowId}.${key}`,
        source,
        type: rule.type,
        time: new Date(time).toISOString(),
        datacontenttype: 'application/json',
        tenant: origin.tenant,
        site: origin.site,
        sequence: sequenceOf(frame, time),
        ...(constructed && { constructed }),
        data: checkedData(type, plain(data(frame)) ?? {}),
      });
    };
    return { applies: compiler.test(rule.when, `${where}.when`), make, after: compiler.assignments(rule.then, `${where}.then`) };
  });
}

/** Name of a row that is the same in every import of the same content. */
export function rowIdentity(mapping: Mapping, compiler: Compiler): (frame: Frame) => string {
  if (mapping.id !== undefined) {
    const read = compiler.value(mapping.id, 'id');
    return (frame) => {
      const text = asText(read(frame));
      if (text === undefined) throw new BadValue(`the row has no identity (id: ${mapping.id})`);
      return identity(mapping.mapping, text);
    };
  }
  const seen = new Map<string, number>();
  return (frame) => {
    const base = identity(mapping.mapping, frame.caseKey, ...frame.row.cells);
    const repetition = (seen.get(base) ?? 0) + 1;
    seen.set(base, repetition);
    return repetition === 1 ? base : `${base}-${repetition}`;
  };
}
