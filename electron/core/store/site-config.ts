import { siteConfigSchema, type SiteConfig } from '#shared/site.ts';
import type { Db } from './open.ts';
import type { SiteId } from './paths.ts';

/** Row of the site document among what the site says of itself. */
export const CONFIG_KEY = 'config';

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
