import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { ACCESS_MIGRATIONS } from '../access/schema.ts';
import { verifyBackup, type BackupManifest } from './backup.ts';
import { clearMark } from './damage.ts';
import { syncToDisk } from './durable.ts';
import { LOG_MIGRATIONS, VAULT_MIGRATIONS } from './migrate.ts';
import { createDataDir, storeFiles } from './paths.ts';
import { asideDir, finishReplacing, incoming, replaceFiles } from './replace.ts';
import { takeLock } from './site-store.ts';

export interface Restored {
  readonly manifest: BackupManifest;
  /** Where the store that stood there went. */
  readonly setAside?: string;
}

/**
 * Puts a backup in place of a site's store, once its integrity and hash are verified: all of it or nothing, also across
 * a crash. A store that is there is set aside, not deleted, and only with `force`. Accounts and audit trail that are there
 * stay as they are: nothing takes back what the trail has told since. Throws if another process has the store.
 */
export function restore(from: string, dataDir: string, now: number, { force = false } = {}): Restored {
  const manifest = verifyBackup(from);
  if (manifest.schema > LOG_MIGRATIONS.length || (manifest.vaultSchema ?? 0) > VAULT_MIGRATIONS.length || (manifest.accessSchema ?? 0) > ACCESS_MIGRATIONS.length) {
    throw new Error(`${from} was written by a newer Vigil (schema ${manifest.schema}; this one knows ${LOG_MIGRATIONS.length}). Restore it with that one.`);
  }
  createDataDir(dataDir);
  const files = storeFiles(dataDir, manifest);
  const lock = takeLock(`${files.log}.lock`);
  try {
    finishReplacing(files);
    const there = [files.log, files.vault].filter((file) => existsSync(file));
    if (there.length > 0 && !force) throw new Error(`${files.log} is there already. Give --force to set it aside and put the backup in its place.`);
    const source = storeFiles(from, manifest);
    if (manifest.accessSchema !== null && !existsSync(files.access)) putNew(source.access, files.access);
    const copies = [[source.log, files.log], ...(manifest.vaultSchema === null ? [] : [[source.vault, files.vault]])] as [string, string][];
    try {
      for (const [a, b] of copies) copyFileSync(a, incoming(b));
    } catch (error) {
      for (const [, b] of copies) rmSync(incoming(b), { force: true });
      throw error;
    }
    const aside = asideDir(dataDir, now);
    replaceFiles(files, { away: there, put: copies.map(([, b]) => b), aside });
    // What was found of the store that stood there does not speak of this one.
    clearMark(files.log);
    return { manifest, ...(there.length > 0 ? { setAside: aside } : {}) };
  } finally {
    lock.close();
  }
}

/** Copies a file to where none is, whole or not at all. */
function putNew(from: string, to: string): void {
  copyFileSync(from, incoming(to));
  syncToDisk(incoming(to));
  renameSync(incoming(to), to);
}
