import { z } from 'zod';
import { bare, type Setting } from '#shared/config/settings.ts';
import { floorPlanSchema } from '#shared/floorplan.ts';
import { siteConfigSchema } from '#shared/site.ts';

/** How a single value is edited. */
export type Plain =
  | { readonly kind: 'text' }
  | { readonly kind: 'number'; readonly whole: boolean }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** Texts, one after the other. */
  | { readonly kind: 'words'; readonly of?: readonly string[] };

export interface Column {
  readonly name: string;
  readonly shape: Plain;
  readonly required: boolean;
}

/** How a setting is edited: as one value, or as a table with a row for each element. */
export type Shape =
  | Plain
  /** `keyed`: a table by names rather than a list; its first column is the name. `single`: the rest is one value, not several fields. */
  | { readonly kind: 'rows'; readonly columns: readonly Column[]; readonly keyed: boolean; readonly single: boolean }
  /** Drawings and the like, written as JSON. */
  | { readonly kind: 'json' };

/** Column that holds the name of a keyed row, and of its value where that is a single one. */
export const NAME = 'name';
export const VALUE = 'value';

function plain(schema: z.core.$ZodType): Plain | undefined {
  const inner = bare(schema);
  if (inner instanceof z.ZodString) return { kind: 'text' };
  if (inner instanceof z.ZodNumber) return { kind: 'number', whole: inner.format !== null && inner.format !== undefined };
  if (inner instanceof z.ZodBoolean) return { kind: 'flag' };
  if (inner instanceof z.ZodEnum) return { kind: 'choice', of: inner.options as string[] };
  if (!(inner instanceof z.ZodArray)) return undefined;
  const element = plain(inner.element);
  if (element?.kind === 'choice') return { kind: 'words', of: element.of };
  return element?.kind === 'text' ? { kind: 'words' } : undefined;
}

function columnsOf(schema: z.ZodObject): Column[] {
  return Object.entries(schema.shape).map(([name, part]) => {
    const shape = plain(part);
    if (!shape) throw new Error(`there is no way to edit the column ${name}`);
    return { name, shape, required: !part.safeParse(undefined).success };
  });
}

const KEY: Column = { name: NAME, shape: { kind: 'text' }, required: true };

/** How a setting of the site document is edited. Throws where the schema has grown a form that no control is known for. */
export function shapeOf({ key, path }: Pick<Setting, 'key' | 'path'>): Shape {
  let at: z.core.$ZodType = siteConfigSchema;
  for (const name of path) at = (bare(at) as z.ZodObject).shape[name]!;
  const inner = bare(at);
  const found = plain(inner);
  if (found) return found;
  if (inner instanceof z.ZodArray && inner.element === floorPlanSchema) return { kind: 'json' };
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodObject) return { kind: 'rows', columns: columnsOf(inner.element), keyed: false, single: false };
  if (inner instanceof z.ZodRecord) {
    const value = bare(inner.valueType);
    if (value instanceof z.ZodObject) return { kind: 'rows', columns: [KEY, ...columnsOf(value)], keyed: true, single: false };
    const shape = plain(value);
    if (shape) return { kind: 'rows', columns: [KEY, { name: VALUE, shape, required: true }], keyed: true, single: true };
  }
  throw new Error(`there is no way to edit the setting ${key}`);
}
