import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Decoder } from '../ingest/decode.ts';
import { loadSiteKey, type KeySource, type SiteKey } from '../ingest/site-key.ts';
import { Ingest, type IngestOptions } from './ingest.ts';
import { LOG_MIGRATIONS, migrate } from './migrate.ts';
import { openForWriting, openOptions, ownFile, type Db } from './open.ts';
import { clearMark } from './damage.ts';
import { createDataDir, storeFiles, type SiteId, type StoreFiles } from './paths.ts';
import { finishReplacing, replacingFiles } from './replace.ts';
import { storedSiteConfig, takeSiteConfig, takeSiteFile, type SiteFile } from './site-config.ts';
import { sourceUri } from './sources.ts';
import { Vault } from './vault.ts';
import { OPS_OF_MESSAGES } from '#shared/events/ops/ingest.ts';
import type { SiteConfig } from '#shared/site.ts';

const LOCK_WAIT_MS = 5_000;

export interface StoreOptions {
  readonly dataDir: string;
  readonly id: SiteId;
  readonly keyFile?: KeySource | undefined;
  /** Wall and kiosk stations hold no personal data. */
  readonly withVault: boolean;
  /** Site document to keep in the store; without one the store's own stays. */
  readonly config?: SiteConfig | undefined;
  /** Site document of a file: it wins where it says something. */
  readonly siteFile?: SiteFile | undefined;
  /** Throws away what is there, once no other process has it. */
  readonly fresh?: boolean;
}

/** A site's store opened for writing. One process at a time: folds live in its memory. */
export interface SiteStore {
  readonly db: Db;
  readonly ingest: Ingest;
  readonly vault: Vault | undefined;
  /** What the log has in place of an identifier. */
  pseudonym(identifier: string): string;
  /** True while pseudonyms are made with the published development key. */
  readonly developmentKey: boolean;
  /** IANA zone of the site. */
  readonly timezone: string;
  close(): void;
}

/** Opens or creates a store. Throws, saying what to do, when another process has it or its key is missing or another. */
export function openSiteStore({ dataDir, id, keyFile, withVault, config, siteFile, fresh = false }: StoreOptions): SiteStore {
  const key = loadSiteKey(id, keyFile);
  createDataDir(dataDir);
  const files = storeFiles(dataDir, id);
  const opened = [takeLock(`${files.log}.lock`)];
  try {
    if (fresh) remove(files);
    else finishReplacing(files);
    const db = openForWriting(files.log);
    opened.unshift(db);
    migrate(db, LOG_MIGRATIONS);
    checkKey(db, key);
    if (config) takeSiteConfig(db, id, config, Date.now());
    if (siteFile) takeSiteFile(db, id, siteFile, Date.now());
    const vault = withVault ? new Vault(files.vault, key.vaultKey) : undefined;
    const site = storedSiteConfig(db, id);
    const ingest = new Ingest(db, new Decoder(id, key), vault, ingestOptions(site));
    for (const source of site.sources) ingest.decide(sourceUri(id, source.kind, source.instance), { ...source, by: 'site' });
    return {
      db,
      ingest,
      vault,
      pseudonym: (identifier) => key.pseudonym(identifier),
      developmentKey: key.development,
      timezone: site.timezone,
      close() {
        vault?.close();
        for (const database of opened) database.close();
      },
    };
  } catch (error) {
    for (const database of opened) database.close();
    throw error;
  }
}

/** What of a site document ingest goes by. */
export const ingestOptions = ({ unknownSources, sources, publishOps }: SiteConfig): IngestOptions => ({
  unknown: unknownSources ?? (sources.length > 0 ? 'quarantine' : 'accept'),
  eachEvent: OPS_OF_MESSAGES.some((type) => publishOps.types.includes(type)),
});

/** With another key the same person would get a second pseudonym, and the vault's records would open no more. */
function checkKey(db: Db, { fingerprint, development }: SiteKey): void {
  const made = db.prepare<[], { value: string }>("SELECT value FROM site WHERE key = 'key'").get();
  if (!made) db.prepare("INSERT INTO site (key, value) VALUES ('key', ?)").run(fingerprint);
  else if (made.value !== fingerprint) {
    throw new Error(`${db.name} was made with another site key than ${development ? 'the development key' : 'this one'}. Give the --key-file it was made with.`);
  }
}

function remove(files: StoreFiles): void {
  for (const file of replacingFiles(files)) rmSync(file, { force: true });
  for (const file of [files.log, files.vault]) for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  clearMark(files.log);
}

/** An exclusive SQLite transaction as a lock: the system drops it with the process, also after kill -9. */
export function takeLock(file: string): Db {
  ownFile(file);
  const lock = new Database(file, openOptions());
  lock.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new Error(`${file} is locked: another Vigil is writing to this store. Stop it, or give another --data directory.`, { cause: error });
  }
  return lock;
}
