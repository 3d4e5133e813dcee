import { z } from 'zod';
import type { Json } from '../json.ts';
import { siteConfigSchema } from '../site.ts';

/** A site document as somebody wrote it: what it does not name is as by default. */
export type SiteDocument = { readonly [key: string]: Json };

/** One setting of the site document: its key with dots, and the way to it. */
export interface Setting {
  readonly key: string;
  readonly path: readonly string[];
  readonly description: string | undefined;
}

/** What a schema is without its defaults. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return innerType ? bare(innerType) : schema;
}

const describe = (schema: z.core.$ZodType) => z.globalRegistry.get(schema)?.description;

function settingsOf(schema: z.ZodObject, path: readonly string[]): Setting[] {
  return Object.entries(schema.shape).flatMap(([name, part]) => {
    const inner = bare(part);
    const here = [...path, name];
    return inner instanceof z.ZodObject ? settingsOf(inner, here) : [{ key: here.join('.'), path: here, description: describe(part) }];
  });
}

/** Every setting, in the order of the schema. Lists and tables (units, thresholds) are one setting each. */
export const SETTINGS: readonly Setting[] = settingsOf(siteConfigSchema, []);

const isObject = (value: unknown): value is SiteDocument => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a document says of a setting; undefined when it says nothing. */
export function said(document: unknown, { path }: Pick<Setting, 'path'>): Json | undefined {
  let at: unknown = document;
  for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return at as Json | undefined;
}

/** Keys of the settings that a document names. */
export const keysIn = (document: SiteDocument): string[] => SETTINGS.filter((setting) => said(document, setting) !== undefined).map(({ key }) => key);

/** A document made of what `of` says of each setting. */
export function documentOf(of: (setting: Setting) => Json | undefined): SiteDocument {
  const document: { [key: string]: Json } = {};
  for (const setting of SETTINGS) {
    const value = of(setting);
    if (value === undefined) continue;
    let at = document;
    for (const name of setting.path.slice(0, -1)) at = (at[name] ??= {}) as { [key: string]: Json };
    at[setting.path.at(-1)!] = value;
  }
  return document;
}
