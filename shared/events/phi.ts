import type { z } from 'zod';
import type { Phi } from './fields.ts';

/** Where a personal field stands in an event's data. */
export interface PhiPath {
  readonly path: readonly string[];
  readonly kind: Phi;
}

interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly items?: readonly z.ZodType[];
  readonly options?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
}

const compiled = new WeakMap<z.ZodObject, readonly PhiPath[]>();

/**
 * The personal fields of a type's data, read from the `phi` marks once and then kept. Throws where a mark stands
 * inside an array, record or union: ingest walks plain paths, and a field it does not reach would leak into the log.
 */
export function phiPaths(schema: z.ZodObject): readonly PhiPath[] {
  let paths = compiled.get(schema);
  if (!paths) compiled.set(schema, (paths = [...marked(schema, 'phi')].map(({ path, mark }) => ({ path, kind: mark as Phi }))));
  return paths;
}

/** Every field of a schema that carries a mark in its metadata, and the mark. Throws where one stands inside an array, record or union. */
export function* marked(schema: z.ZodType, name: string, path: readonly string[] = []): Generator<{ readonly path: readonly string[]; readonly mark: unknown }> {
  const mark = schema.meta()?.[name];
  if (mark !== undefined) {
    yield { path, mark };
    return;
  }
  const def = schema.def as unknown as Def;
  for (const [key, field] of Object.entries(def.shape ?? {})) yield* marked(field, name, [...path, key]);
  const inner = def.innerType ?? def.in;
  if (inner) yield* marked(inner, name, path);
  for (const part of [def.element, def.keyType, def.valueType, ...(def.items ?? []), ...(def.options ?? [])]) {
    if (part && !marked(part, name, path).next().done) throw new Error(`${name} mark inside the ${def.type} at ${path.join('.') || '(data)'}: keep persons out of lists`);
  }
}
