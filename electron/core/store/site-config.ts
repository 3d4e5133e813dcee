import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { siteConfigSchema, type SiteConfig } from '#shared/site.ts';
import type { Db } from './open.ts';
import type { SiteId } from './paths.ts';

/** Row of the site document among what the site says of itself. */
export const CONFIG_KEY = 'config';

/** Reads a site document (YAML or JSON). Throws an error that names the file, the key and the fault. */
export function readSiteConfig(file: string): SiteConfig {
  let document: unknown;
  try {
    document = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
  const result = siteConfigSchema.safeParse(document);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map((issue) => `${file}: ${issue.path.join('.') || '(document)'}: ${issue.message}`).join('\n'));
}

/** What an unconfigured site is taken to be: no units, no rooms, UTC. */
export const unconfigured = (id: SiteId): SiteConfig => siteConfigSchema.parse(id);

/** Keeps the site document in the store, so that every later reader computes with the same one. */
export function saveSiteConfig(db: Db, config: SiteConfig): void {
  db.prepare('INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(CONFIG_KEY, JSON.stringify(config));
}

/** The store's site document, or that of an unconfigured site. */
export function storedSiteConfig(db: Db, id: SiteId): SiteConfig {
  const row = db.prepare<[string], { value: string }>('SELECT value FROM site WHERE key = ?').get(CONFIG_KEY);
  return row ? siteConfigSchema.parse(JSON.parse(row.value)) : unconfigured(id);
}
