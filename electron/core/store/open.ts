import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

export type Db = Database.Database;

/** Where a native SQLite binding other than the packaged one lies; set by the development runtime only. */
const nativeBinding = process.env['VIGIL_SQLITE_BINDING'];

/** The packaged binding needs Node-API 10; on an older runtime it would take the process down without a word. */
const NODE_API = 10;

export function openOptions(): Database.Options {
  if (nativeBinding) return { nativeBinding };
  if (Number(process.versions['napi']) >= NODE_API) return {};
  throw new Error(`Node ${process.versions.node} is too old for the store: it needs 22.14 or later. "npm run vigil -- ..." brings its own.`);
}

/** What it misses, the system's own cache of the file has: four times as much made no event cheaper (docs/bench.md). */
const PAGE_CACHE_KIB = 16 * 1024;
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a database for the one writer of a site. WAL with `synchronous=FULL`: a commit is on disk before anyone
 * is told, so an acknowledged event survives the loss of power (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openForWriting(file: string): Db {
  ownFile(file);
  const db = new Database(file, openOptions());
  // Takes effect in a file that has no table yet; an older one keeps its free pages for later rows.
  db.pragma('auto_vacuum = INCREMENTAL');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma('wal_autocheckpoint = 4000');
  return db;
}

/** Makes a file that its owner alone may read, unless it is there; SQLite gives its companions the same mode. */
export function ownFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/** Opens a database read-only; throws if it does not exist. */
export function openForReading(file: string): Db {
  const db = new Database(file, { readonly: true, fileMustExist: true, ...openOptions() });
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma('query_only = 1');
  return db;
}

/**
 * Runs `work` in one write transaction. It takes the write lock first: a transaction that begins by reading and then
 * finds the lock taken, by a checkpoint of the keeper, is refused at once instead of waiting
 * (https://www.sqlite.org/lang_transaction.html).
 */
export const inTransaction = <T>(db: Db, work: () => T): T => db.transaction(work).immediate();
