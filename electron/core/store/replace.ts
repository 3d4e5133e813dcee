import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncToDisk, writeDurably } from './durable.ts';
import type { StoreFiles } from './paths.ts';

/** What is decided about a store's files, beside its log until it is done. */
interface Journal {
  /** Directory under `set-aside` for what goes. */
  readonly aside: string;
  /** Names of the files that go, and of those that come. */
  readonly away: readonly string[];
  readonly put: readonly string[];
}

const journalOf = (log: string) => `${log}.replacing`;

/** Where a whole, closed database waits that is to become `file`. */
export const incoming = (file: string): string => `${file}.incoming`;

/** Files that belong to the replacing of a store, for whoever throws all of it away. */
export const replacingFiles = ({ log, vault }: StoreFiles): string[] => [journalOf(log), incoming(log), incoming(vault)];

/** The directory of files that are set aside at `now` (epoch ms). */
export const asideDir = (dataDir: string, now: number): string => join(dataDir, 'set-aside', new Date(now).toISOString().replaceAll(':', '-'));

/**
 * Moves files of a store, with what belongs to them, into `aside` and puts those in place that wait under
 * {@link incoming}. What was decided is written down first: a process that dies in between leaves it to
 * {@link finishReplacing}. Nothing is deleted. Call it with the store's lock held.
 */
export function replaceFiles(files: StoreFiles, { away, put, aside }: { away: readonly string[]; put: readonly string[]; aside: string }): void {
  for (const file of put) syncToDisk(incoming(file));
  const journal: Journal = { aside: basename(aside), away: away.map((file) => basename(file)), put: put.map((file) => basename(file)) };
  writeDurably(journalOf(files.log), JSON.stringify(journal));
  finishReplacing(files);
}

/** Ends a replacing that was cut short; removes what one that had not been decided left behind. Call it with the store's lock held, before the store is opened. */
export function finishReplacing(files: StoreFiles): void {
  const journal = journalOf(files.log);
  if (!existsSync(journal)) {
    for (const file of [files.log, files.vault]) rmSync(incoming(file), { force: true });
    return;
  }
  const { aside, away, put } = JSON.parse(readFileSync(journal, 'utf8')) as Journal;
  const dataDir = dirname(files.log);
  const dir = join(dataDir, 'set-aside', aside);
  for (const file of [files.log, files.vault]) {
    const comes = put.includes(basename(file));
    // The new one is in place already: what lies there is not what was to go.
    if (comes && !existsSync(incoming(file))) continue;
    if (away.includes(basename(file))) moveAway(file, dir);
    if (comes) renameSync(incoming(file), file);
  }
  for (const changed of [dir, dataDir]) if (existsSync(changed)) syncToDisk(changed);
  rmSync(journal);
}

function moveAway(file: string, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const suffix of ['-wal', '-shm', '']) if (existsSync(file + suffix)) renameSync(file + suffix, join(dir, basename(file) + suffix));
}
