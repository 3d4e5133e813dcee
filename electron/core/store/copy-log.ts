import { createHash } from 'node:crypto';
import { closeSync, futimesSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { LAST_POSITION } from './event-log.ts';
import { noteJoined, readJoined, type Joined } from './joined.ts';
import { inTransaction, openOptions, ownFile, type Db } from './open.ts';
import { sealCopy } from './seal-copy.ts';
import { CONFIG_KEY, siteVersion } from './site-config.ts';

/** A copy of a log, as another station is to have it. */
export interface LogCopy {
  readonly bytes: number;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** The last position of the log that it holds. */
  readonly position: number;
}

/** What a site says of itself that is true at every station of it. */
const OF_THE_SITE = ['key', CONFIG_KEY];
const BLOCK = 1024 ** 2;

/**
 * Writes the log in `file` as it is at one moment to the new file `to`, without what is its station's own (decision 33);
 * a core may write to it meanwhile. The copy says of itself that it joined this log, and how far.
 * Throws what SQLite does, without room above all; `to` may be there in part then.
 */
export function copyLog(file: string, to: string): LogCopy {
  const from = new Database(file, { readonly: true, fileMustExist: true, ...openOptions() });
  try {
    ownFile(to);
    // One statement, one view of the log; free pages, which may still hold what was deleted, stay behind.
    from.prepare('VACUUM INTO ?').run(to);
  } finally {
    from.close();
  }
  let position = 0;
  sealCopy(to, (copy) => {
    // What is thrown away whole needs no waiting for the disk; what is deleted is overwritten.
    copy.pragma('synchronous = OFF');
    copy.pragma('secure_delete = ON');
    position = inTransaction(copy, () => forAnother(copy)).position;
  });
  return { bytes: statSync(to).size, sha256: digestOf(to), position };
}

/** Leaves out what is this station's own. */
function forAnother(copy: Db): Joined {
  const position = copy.prepare<[], number>(LAST_POSITION).pluck().get()!;
  const hash = copy.prepare<[number], Buffer>('SELECT hash FROM ops_event WHERE position = ?').pluck().get(position);
  for (const table of ['held_event', 'dead_letter', 'quarantined_event', 'event_mark']) copy.exec(`DELETE FROM ${table}`);
  copy.exec('UPDATE ops_event_source SET lag_ms = NULL, smoothed_lag_ms = NULL, duplicates = 0, refused = 0, waiting = 0, waiting_bytes = 0, held = 0, held_bytes = 0, overflowed = 0');
  siteOfAnother(copy);
  const joined = { position, check: hash?.toString('hex') ?? null };
  noteJoined(copy, joined);
  return joined;
}

/** The document stays as it stands, and what of it a file said; who changed it when and why does not: they are accounts of this station. */
function siteOfAnother(copy: Db): void {
  const { version, at, document, fromFile } = siteVersion(copy);
  copy.exec('DELETE FROM site_change');
  if (version > 0) copy.prepare('INSERT INTO site_change (version, at, who, why, document, from_file) VALUES (1, ?, ?, ?, ?, ?)').run(at, 'join', 'as it stood at the hub when its log was copied', JSON.stringify(document), JSON.stringify(fromFile));
  copy.prepare(`DELETE FROM site WHERE key NOT IN (${OF_THE_SITE.map(() => '?').join(', ')})`).run(...OF_THE_SITE);
}

/** SHA-256 of a file, hex. Its time of writing goes along: who waits sees by it that the work goes on. */
function digestOf(file: string): string {
  const hash = createHash('sha256');
  const block = Buffer.alloc(BLOCK);
  const fd = openSync(file, 'r');
  try {
    for (let n = readSync(fd, block); n > 0; n = readSync(fd, block)) {
      hash.update(block.subarray(0, n));
      futimesSync(fd, new Date(), new Date());
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

/** Tables in which a station has something of its own, or of a log, as soon as it has taken anything. */
const TELLING = ['ops_event', 'entity', 'baseline', 'dead_letter', 'quarantined_event'];

/** Whether a store holds nothing that would be lost with it. */
export function isEmptyLog(db: Db): boolean {
  const there = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
  return TELLING.every((table) => !there.has(table) || db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined);
}

/**
 * What keeps a file from being used as a log copied from a hub; undefined when nothing does. Reads it through.
 * @param key fingerprint of this station's site key
 * @param schema newest schema that this Vigil knows
 */
export function faultOfCopy(db: Db, key: string, schema: number): string | undefined {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > schema) return `it was written by a newer Vigil (schema ${version}; this one knows ${schema})`;
  const verdict = db.pragma('integrity_check(1)', { simple: true }) as string;
  if (verdict !== 'ok') return `it is damaged: ${verdict}`;
  if (db.prepare<[], string>("SELECT value FROM site WHERE key = 'key'").pluck().get() !== key) return 'its pseudonyms are made with another site key';
  return readJoined(db) ? undefined : 'it is no copy for a station that joins';
}
