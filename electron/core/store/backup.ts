import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { syncToDisk } from './durable.ts';
import { openForReading, type Db } from './open.ts';
import { storeFiles, type SiteId } from './paths.ts';
import { sealCopy } from './seal-copy.ts';
import { currentEntities, hashState } from './state.ts';

/** What a backup says of itself, in `backup.json` beside its files. */
const manifestSchema = z.object({
  format: z.literal(1),
  tenant: z.string(),
  site: z.string(),
  /** Wall-clock epoch ms of the moment it shows. */
  taken: z.number(),
  /** Versions of the schemas. */
  schema: z.number(),
  vaultSchema: z.number().nullable(),
  /** Of accounts and audit trail; earlier backups have none. */
  accessSchema: z.number().nullable().default(null),
  /** Fingerprint of the site key: it opens with this key alone. The key itself is in no backup. */
  key: z.string(),
  position: z.number(),
  events: z.number(),
  stateHash: z.string(),
});
export type BackupManifest = z.output<typeof manifestSchema>;

export const MANIFEST = 'backup.json';
/** Pages copied at once; between two the copy can be stopped, and the progress is told. */
const PAGES_AT_ONCE = 2_000;

export interface BackupOptions {
  /** Told how many of how many bytes are copied. */
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Copies a site's log, vault, and accounts with the audit trail, as they are at one moment, into the new directory
 * `target`; a core may write to them meanwhile. They are read within one transaction each, the vault's begun after the log's: a person too many, never
 * one too few. The directory appears under its name only when it is whole and on disk. Throws if it is there already.
 */
export async function backup(dataDir: string, id: SiteId, target: string, now: number, { progress = () => {}, signal }: BackupOptions = {}): Promise<BackupManifest> {
  if (existsSync(target)) throw new Error(`${target} is there already; give a directory that is not.`);
  const files = storeFiles(dataDir, id);
  const part = `${resolve(target)}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  const opened: Db[] = [];
  try {
    for (const file of [files.log, files.vault, files.access]) {
      if (!existsSync(file)) continue;
      const db = openForReading(file);
      opened.push(db);
      db.exec('BEGIN');
      // The snapshot is taken by the first read.
      db.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
    }
    const total = opened.reduce((sum, db) => sum + (db.pragma('page_count', { simple: true }) as number) * (db.pragma('page_size', { simple: true }) as number), 0);
    let before = 0;
    for (const db of opened) {
      const pageSize = db.pragma('page_size', { simple: true }) as number;
      await db.backup(join(part, basename(db.name)), {
        progress({ totalPages, remainingPages }) {
          signal?.throwIfAborted();
          progress(before + (totalPages - remainingPages) * pageSize, total);
          return PAGES_AT_ONCE;
        },
      });
      before += (db.pragma('page_count', { simple: true }) as number) * pageSize;
    }
    const manifest = describe(part, id, now);
    signal?.throwIfAborted();
    writeFileSync(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    for (const db of opened) syncToDisk(join(part, basename(db.name)));
    for (const file of [join(part, MANIFEST), part]) syncToDisk(file);
    renameSync(part, target);
    return manifest;
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  } finally {
    for (const db of opened) db.close();
  }
}

function describe(dir: string, id: SiteId, taken: number): BackupManifest {
  const { log, vault, access } = storeFiles(dir, id);
  const schema = sealCopy(log);
  const db = openForReading(log);
  try {
    const { letter } = db.prepare('SELECT COALESCE(MAX(dead_letter_id), 0) AS letter FROM dead_letter').get() as { letter: number };
    // Bodies of messages that this log does not know: their numbers will be given to others.
    const vaultSchema = existsSync(vault) ? sealCopy(vault, (copy) => copy.prepare('DELETE FROM dead_letter_body WHERE dead_letter_id > ?').run(letter)) : null;
    const accessSchema = existsSync(access) ? sealCopy(access) : null;
    const { position, events } = db.prepare('SELECT COALESCE(MAX(position), 0) AS position, COUNT(*) AS events FROM ops_event').get() as { position: number; events: number };
    const { value: key } = db.prepare("SELECT value FROM site WHERE key = 'key'").get() as { value: string };
    return { format: 1, ...id, taken, schema, vaultSchema, accessSchema, key, position, events, stateHash: hashState(currentEntities(db)) };
  } finally {
    db.close();
  }
}

/** Reads a backup's own description. Throws, naming the file and the fault, when it is none. */
export function readManifest(dir: string): BackupManifest {
  const file = join(dir, MANIFEST);
  if (!statSync(file, { throwIfNoEntry: false })) throw new Error(`${dir} is no backup: there is no ${MANIFEST} in it.`);
  let text: unknown;
  try {
    text = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const result = manifestSchema.safeParse(text);
  if (!result.success) throw new Error(`${file}: ${result.error.issues[0]!.path.join('.')}: ${result.error.issues[0]!.message}`);
  return result.data;
}

/**
 * Reads a backup through. Throws, saying what is wrong, when a file of it is missing, damaged, or not the one it was:
 * SQLite's own check of the files, and the state hash.
 */
export function verifyBackup(dir: string): BackupManifest {
  const manifest = readManifest(dir);
  const { log, vault, access } = storeFiles(dir, manifest);
  for (const file of [log, ...(manifest.vaultSchema === null ? [] : [vault]), ...(manifest.accessSchema === null ? [] : [access])]) {
    if (!existsSync(file)) throw new Error(`${file} is missing from the backup.`);
    let db: Db | undefined;
    try {
      db = openForReading(file);
      const verdict = db.pragma('integrity_check(1)', { simple: true }) as string;
      if (verdict !== 'ok') throw new Error(verdict);
      if (file === log) {
        const hash = hashState(currentEntities(db));
        if (hash !== manifest.stateHash) throw new Error(`its state is ${hash}, the backup was of ${manifest.stateHash}`);
      }
    } catch (error) {
      throw new Error(`${file} is damaged: ${(error as Error).message}`, { cause: error });
    } finally {
      db?.close();
    }
  }
  return manifest;
}
