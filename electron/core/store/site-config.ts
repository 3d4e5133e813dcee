import { canonical } from '#shared/config/difference.ts';
import { documentOf, keysIn, said, SETTINGS, type SiteDocument } from '#shared/config/settings.ts';
import { siteConfigSchema, type SiteConfig } from '#shared/site.ts';
import { ChangedMeanwhile } from './changed-meanwhile.ts';
import { inTransaction, type Db } from './open.ts';
import type { SiteId } from './paths.ts';

/** Row of the site document among what the site says of itself. */
export const CONFIG_KEY = 'config';

/** What an unconfigured site is taken to be: no units, no rooms, UTC. */
export const unconfigured = (id: SiteId): SiteConfig => siteConfigSchema.parse(id);

/** The store's site document, or that of an unconfigured site. */
export function storedSiteConfig(db: Db, id: SiteId): SiteConfig {
  const value = inForce(db);
  return value === undefined ? unconfigured(id) : siteConfigSchema.parse(JSON.parse(value));
}

const inForce = (db: Db) => db.prepare<[string], string>('SELECT value FROM site WHERE key = ?').pluck().get(CONFIG_KEY);

/** Who changed the site document, when (epoch ms of the machine's clock) and why. */
export interface SiteChange {
  readonly version: number;
  readonly at: number;
  readonly who: string;
  readonly why: string;
}

/** The site document from a change on, as it was said: without what is by default. */
export interface SiteVersion extends SiteChange {
  readonly document: SiteDocument;
  /** Keys of the settings that a file said. */
  readonly fromFile: readonly string[];
}

type Row = SiteChange & { document: string; fromFile: string };
const COLUMNS = 'version, at, who, why, document, from_file AS fromFile';
const versionOf = (row: Row): SiteVersion => ({ ...row, document: JSON.parse(row.document) as SiteDocument, fromFile: JSON.parse(row.fromFile) as string[] });

/**
 * The newest version. Version 0 is what stood in the store before changes were kept, all of which a file said then, or
 * an unconfigured site.
 */
export function siteVersion(db: Db): SiteVersion {
  const row = db.prepare<[], Row>(`SELECT ${COLUMNS} FROM site_change ORDER BY version DESC LIMIT 1`).get();
  if (row) return versionOf(row);
  const document = JSON.parse(inForce(db) ?? '{}') as SiteDocument;
  return { version: 0, at: 0, who: 'nobody', why: 'before changes were kept', document, fromFile: keysIn(document) };
}

/** One version; undefined when there is none of this number. */
export function siteVersionAt(db: Db, version: number): SiteVersion | undefined {
  const row = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM site_change WHERE version = ?`).get(version);
  if (row) return versionOf(row);
  const newest = siteVersion(db);
  return newest.version === version ? newest : undefined;
}

/** Changes, the newest first, from before a version on. */
export function siteChanges(db: Db, { before = Infinity, limit }: { before?: number; limit: number }): SiteChange[] {
  return db.prepare<[number, number], SiteChange>('SELECT version, at, who, why FROM site_change WHERE version < ? ORDER BY version DESC LIMIT ?').all(Math.min(before, Number.MAX_SAFE_INTEGER), limit);
}

/** Versions of the document behind one, the oldest first. */
export function* siteChangesAfter(db: Db, version: number): Generator<SiteVersion> {
  for (const row of db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM site_change WHERE version > ? ORDER BY version`).iterate(version)) yield versionOf(row);
}

/** A change that somebody wants: the document whole, checked before (`checkSite`). */
export interface WantedChange extends Omit<SiteChange, 'version'> {
  readonly document: SiteDocument;
  readonly fromFile: readonly string[];
  /** Version that it was made from; another one in force means that somebody else came first. */
  readonly from?: number;
}

/** Keeps a change as the newest version and puts it in force; returns its number. Throws {@link ChangedMeanwhile}. */
export function changeSite(db: Db, id: SiteId, { document, fromFile, from, at, who, why }: WantedChange): number {
  return inTransaction(db, () => {
    const { version } = siteVersion(db);
    if (from !== undefined && from !== version) throw new ChangedMeanwhile(`The site document is at version ${version}; this change was made from ${from}. Read it again.`);
    const config = siteConfigSchema.parse({ ...id, ...document });
    db.prepare('INSERT INTO site_change (version, at, who, why, document, from_file) VALUES (?, ?, ?, ?, ?, ?)').run(version + 1, at, who, why, JSON.stringify(document), JSON.stringify(fromFile));
    db.prepare('INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(CONFIG_KEY, JSON.stringify(config));
    return version + 1;
  });
}

/** After a history of which the end is lost: the document in force becomes its newest version, where it is not. */
export function endHistoryInForce(db: Db, at: number): void {
  const value = inForce(db);
  const newest = siteVersion(db);
  if (value === undefined || newest.version === 0) return;
  const site = JSON.parse(value) as SiteConfig;
  const { tenant, site: name } = site;
  if (JSON.stringify(siteConfigSchema.parse({ tenant, site: name, ...newest.document })) === value) return;
  changeSite(db, { tenant, site: name }, { document: site as unknown as SiteDocument, fromFile: newest.fromFile, at, who: 'recovery', why: 'changes before this one were lost with damaged pages' });
}

/** A site document as a file says it. */
export interface SiteFile {
  readonly path: string;
  readonly document: SiteDocument;
}

/**
 * Takes over what a file says: its settings win, what an earlier file said and this one does not is as by default, what
 * was changed otherwise stays. A change only where it changes anything.
 */
export function takeSiteFile(db: Db, id: SiteId, { path, document: file }: SiteFile, at: number): void {
  const now = siteVersion(db);
  const fromFile = keysIn(file);
  const earlier = new Set(now.fromFile);
  const document = documentOf((setting) => said(file, setting) ?? (earlier.has(setting.key) ? undefined : said(now.document, setting)));
  if (canonical([document, fromFile]) !== canonical([now.document, [...now.fromFile]])) changeSite(db, id, { document, fromFile, at, who: 'file', why: path });
}

/** Puts a whole document in force, as programs make one (demo, replay). */
export function takeSiteConfig(db: Db, id: SiteId, config: SiteConfig, at: number): void {
  if (inForce(db) === JSON.stringify(config)) return;
  changeSite(db, id, { document: config as unknown as SiteDocument, fromFile: SETTINGS.map(({ key }) => key), at, who: 'start', why: 'the document that the store was opened with' });
}
