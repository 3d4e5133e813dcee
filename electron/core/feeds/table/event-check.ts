import type { z } from 'zod';
import { eventTypes } from '#shared/events/registry.ts';
import type { EventType } from '#shared/events/define.ts';
import { isOperation, type EventRule, type Mapping, type ValueSpec } from './mapping.ts';
import { MappingError } from './problems.ts';

/** The object schema behind optional, default and nullable wrappers; undefined for other schemas. */
function objectShape(schema: unknown): Record<string, z.ZodType> | undefined {
  let current = schema as { def?: { type?: string; innerType?: unknown; shape?: Record<string, z.ZodType> } } | undefined;
  while (current?.def?.innerType) current = current.def.innerType as typeof current;
  return current?.def?.type === 'object' ? current.def.shape : undefined;
}

/** A value that only names a `let` stands for what that `let` says. */
function resolved(mapping: Mapping, spec: ValueSpec): ValueSpec {
  const name = typeof spec === 'string' ? /^\{let\.([^{}]+)\}$/.exec(spec)?.[1] : undefined;
  const target = name === undefined ? undefined : mapping.let[name];
  return target === undefined || target === spec ? spec : resolved(mapping, target);
}

function checkFields(
  mapping: Mapping, shape: Record<string, z.ZodType>, specs: { [field: string]: ValueSpec }, fail: (path: string, what: string) => never, path = '',
): void {
  for (const [name, given] of Object.entries(specs)) {
    const spec = resolved(mapping, given);
    const here = `${path}${path && '.'}${name}`;
    if (!(name in shape)) fail(here, `is no field of this event type; it has ${Object.keys(shape).join(', ')}`);
    const inner = objectShape(shape[name]);
    if (inner && typeof spec === 'object' && !isOperation(spec)) checkFields(mapping, inner, spec, fail, here);
  }
}

/** The event type of a rule, after checking that every field the rule fills exists in the type's schema. */
export function checkedType(mapping: Mapping, rule: EventRule, where: string, file: string): EventType {
  const type = eventTypes.get(rule.type);
  if (!type) throw new MappingError(file, `${where}.type`, `"${rule.type}" is no event type; see shared/events/types`);
  checkFields(mapping, type.data.shape as unknown as Record<string, z.ZodType>, rule.data, (path, what) => {
    throw new MappingError(file, `${where}.data.${path}`, what);
  });
  return type;
}

function parts(spec: ValueSpec): ValueSpec[] {
  if (typeof spec !== 'object') return [];
  if (!isOperation(spec)) return Object.values(spec);
  return [...(spec.$first ?? []), ...(spec.$bed?.until === undefined ? [] : [spec.$bed.until])];
}

const letsOf = (spec: ValueSpec): string[] => {
  const texts = typeof spec === 'string' ? [spec] : typeof spec === 'object' && isOperation(spec) ? [`{${spec.$from ?? ''}}`, spec.$text ?? ''] : [];
  return texts.flatMap((text) => [...text.matchAll(/\{let\.([^{}]+)\}/g)].map((match) => match[1]!));
};

function uses(mapping: Mapping, spec: ValueSpec, has: (spec: ValueSpec) => boolean, seen = new Set<string>()): boolean {
  if (has(spec) || parts(spec).some((part) => uses(mapping, part, has, seen))) return true;
  return letsOf(spec).some((name) => {
    if (seen.has(name) || mapping.let[name] === undefined) return false;
    seen.add(name);
    return uses(mapping, mapping.let[name], has, seen);
  });
}

const isBed = (spec: ValueSpec) => typeof spec === 'object' && isOperation(spec) && spec.$bed !== undefined;
const isDayStart = (spec: ValueSpec) => typeof spec === 'object' && isOperation(spec) && spec.$startOf !== undefined;

/**
 * What an event of this rule must say it was constructed: the rule's own words, every field filled from `$bed` or
 * `$startOf`, and `time` when the time of day was made up or the case was moved to another calendar.
 */
export function constructedMarks(mapping: Mapping, rule: EventRule, at: ValueSpec, rebased: boolean): string[] {
  const marks = new Set(rule.constructed);
  if (rebased || uses(mapping, at, isDayStart)) marks.add('time');
  const walk = (name: string, given: ValueSpec): void => {
    const spec = resolved(mapping, given);
    if (typeof spec === 'object' && !isOperation(spec)) for (const [field, inner] of Object.entries(spec)) walk(field, inner);
    else if (uses(mapping, spec, isBed) || uses(mapping, spec, isDayStart)) marks.add(name);
  };
  for (const [name, spec] of Object.entries(rule.data)) walk(name, spec);
  return [...marks].sort();
}
