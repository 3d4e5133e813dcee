import Database from 'better-sqlite3';
import { Decoder } from '../ingest/decode.ts';
import { loadSiteKey } from '../ingest/site-key.ts';
import { Ingest } from './ingest.ts';
import { LOG_MIGRATIONS, migrate } from './migrate.ts';
import { openForWriting, openOptions, type Db } from './open.ts';
import { createDataDir, storeFiles, type SiteId } from './paths.ts';
import { saveSiteConfig } from './site-config.ts';
import { Vault } from './vault.ts';
import type { SiteConfig } from '#shared/site.ts';

const LOCK_WAIT_MS = 5_000;

export interface StoreOptions {
  readonly dataDir: string;
  readonly id: SiteId;
  readonly keyFile?: string | undefined;
  /** Wall and kiosk stations hold no personal data. */
  readonly withVault: boolean;
  /** Site document to keep in the store; without one the store's own stays. */
  readonly config?: SiteConfig | undefined;
}

/** A site's store opened for writing. One process at a time: folds live in its memory. */
export interface SiteStore {
  readonly db: Db;
  readonly ingest: Ingest;
  readonly vault: Vault | undefined;
  /** True while pseudonyms are made with the published development key. */
  readonly developmentKey: boolean;
  close(): void;
}

/** Opens or creates a store. Throws, saying what to do, when another process has it or a key is missing. */
export function openSiteStore({ dataDir, id, keyFile, withVault, config }: StoreOptions): SiteStore {
  createDataDir(dataDir);
  const files = storeFiles(dataDir, id);
  const lock = takeLock(`${files.log}.lock`);
  const key = loadSiteKey(id, keyFile);
  const db = openForWriting(files.log);
  migrate(db, LOG_MIGRATIONS);
  if (config) saveSiteConfig(db, config);
  const vault = withVault ? new Vault(files.vault, key.vaultKey) : undefined;
  const ingest = new Ingest(db, new Decoder(id, key), vault);
  return {
    db,
    ingest,
    vault,
    developmentKey: key.development,
    close() {
      vault?.close();
      db.close();
      lock.close();
    },
  };
}

/** An exclusive SQLite transaction as a lock: the system drops it with the process, also after kill -9. */
function takeLock(file: string): Db {
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
