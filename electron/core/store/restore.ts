import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { verifyBackup, type BackupManifest } from './backup.ts';
import { LOG_MIGRATIONS, VAULT_MIGRATIONS } from './migrate.ts';
import { createDataDir, storeFiles, type StoreFiles } from './paths.ts';
import { takeLock } from './site-store.ts';

export interface Restored {
  readonly manifest: BackupManifest;
  /** Where the store that stood there went. */
  readonly setAside?: string;
}

/**
 * Puts a backup in place of a site's store, once its integrity and hash are verified. A store that is there is set
 * aside, not deleted, and only with `force`. Throws if another process has the store.
 */
export function restore(from: string, dataDir: string, now: number, { force = false } = {}): Restored {
  const manifest = verifyBackup(from);
  if (manifest.schema > LOG_MIGRATIONS.length || (manifest.vaultSchema ?? 0) > VAULT_MIGRATIONS.length) {
    throw new Error(`${from} was written by a newer Vigil (schema ${manifest.schema}; this one knows ${LOG_MIGRATIONS.length}). Restore it with that one.`);
  }
  createDataDir(dataDir);
  const files = storeFiles(dataDir, manifest);
  const lock = takeLock(`${files.log}.lock`);
  try {
    const there = existsSync(files.log) || existsSync(files.vault);
    if (there && !force) throw new Error(`${files.log} is there already. Give --force to set it aside and put the backup in its place.`);
    const source = storeFiles(from, manifest);
    const copies = [[source.log, files.log], ...(manifest.vaultSchema === null ? [] : [[source.vault, files.vault]])] as [string, string][];
    for (const [a, b] of copies) copyFileSync(a, `${b}.restoring`);
    const aside = there ? setAside(dataDir, files, now) : undefined;
    for (const [, b] of copies) renameSync(`${b}.restoring`, b);
    return { manifest, ...(aside === undefined ? {} : { setAside: aside }) };
  } finally {
    for (const file of [files.log, files.vault]) rmSync(`${file}.restoring`, { force: true });
    lock.close();
  }
}

/** Moves the files of a store, with what belongs to them, into a directory of their own beside it; returns it. Nothing is deleted. */
export function setAside(dataDir: string, files: Partial<StoreFiles>, now: number): string {
  const dir = join(dataDir, 'set-aside', new Date(now).toISOString().replaceAll(':', '-'));
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const file of [files.log, files.vault]) {
    if (file === undefined) continue;
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, join(dir, basename(file) + suffix));
  }
  return dir;
}
