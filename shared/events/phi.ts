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
  if (!paths) compiled.set(schema, (paths = [...walk(schema, [])]));
  return paths;
}

function* walk(schema: z.ZodType, path: readonly string[]): Generator<PhiPath> {
  const kind = schema.meta()?.['phi'] as Phi | undefined;
  if (kind) {
    yield { path, kind };
    return;
  }
  const def = schema.def as unknown as Def;
  for (const [name, field] of Object.entries(def.shape ?? {})) yield* walk(field, [...path, name]);
  const inner = def.innerType ?? def.in;
  if (inner) yield* walk(inner, path);
  for (const part of [def.element, def.keyType, def.valueType, ...(def.items ?? []), ...(def.options ?? [])]) {
    if (part && !walk(part, path).next().done) throw new Error(`phi mark inside the ${def.type} at ${path.join('.') || '(data)'}: keep persons out of lists`);
  }
}
