import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { writeDurably } from './durable.ts';
import { openForReading } from './open.ts';
import { walDamage } from './wal-gap.ts';

/** Whether an error says that a file is no longer the database it was. */
export const isDamage = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));

const mark = (log: string) => `${log}.damaged`;

/** What was found, for the next start to act on: it checks the files whole and rebuilds what is damaged. */
export interface DamageMark {
  readonly problem: string;
}

export function markDamaged(log: string, found: DamageMark): void {
  writeDurably(mark(log), JSON.stringify(found));
}

/** The mark that an earlier run left, or what a first look finds; undefined when nothing speaks of damage. */
export function suspicion(files: { log: string; vault?: string | undefined }): DamageMark | undefined {
  if (existsSync(mark(files.log))) {
    try {
      return JSON.parse(readFileSync(mark(files.log), 'utf8')) as DamageMark;
    } catch {
      return { problem: 'an earlier run marked it as damaged' };
    }
  }
  for (const file of [files.log, files.vault]) {
    const problem = file === undefined ? undefined : firstLook(file);
    if (problem !== undefined) return { problem: `${file}: ${problem}` };
  }
  return undefined;
}

export function clearMark(log: string): void {
  rmSync(mark(log), { force: true });
}

/** Cheap enough for every start: header, schema, length. */
function firstLook(file: string): string | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return undefined;
  const gap = walDamage(file);
  if (gap !== undefined) return gap;
  try {
    const db = openForReading(file);
    try {
      db.prepare('SELECT COUNT(*) FROM sqlite_schema').get();
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error)) return (error as Error).message;
    throw error;
  }
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const { pageSize, pages } = header(file);
  return wal === 0 && size < pageSize * pages ? `cut short: ${size} bytes of ${pageSize * pages}` : undefined;
}

/** Page size and count by a database's header, https://www.sqlite.org/fileformat2.html#the_database_header. */
function header(file: string): { pageSize: number; pages: number } {
  const bytes = Buffer.alloc(100);
  const fd = openSync(file, 'r');
  readSync(fd, bytes, 0, 100, 0);
  closeSync(fd);
  return { pageSize: bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16), pages: bytes.readUInt32BE(28) };
}

/** SQLite's whole check of a file; what is wrong, or undefined. */
export function damageOf(file: string): string | undefined {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  const gap = walDamage(file);
  if (gap !== undefined) return gap;
  try {
    const db = openForReading(file);
    try {
      const verdict = db.pragma('integrity_check(1)', { simple: true }) as string;
      return verdict === 'ok' ? undefined : verdict;
    } finally {
      db.close();
    }
  } catch (error) {
    return (error as Error).message;
  }
}
