import type Database from 'better-sqlite3';
import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { metricKey, type Fact, type SnapshotFamily } from '#shared/snapshots/family.ts';
import type { SnapshotBatch } from '../snapshots/taken.ts';
import { inTransaction, type Db } from './open.ts';

/** Name of a column: `stepDownReady` is `step_down_ready`, `ed.nedocs` is `ed_nedocs`. */
export const columnOf = (name: string): string => name.replaceAll('.', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Names of what a family says, in the order of its columns. */
export const namesOf = (family: SnapshotFamily): string[] => [...Object.keys(family.facts), ...family.metrics.map(metricKey)];

/** Taken every minute: a longer break means that nobody watched. */
const BREAK_MS = 5 * 60_000;

type Put = Database.Statement<unknown[]>;

const sql = (value: Fact | undefined) => (typeof value === 'boolean' ? Number(value) : (value ?? null));

/** The writing end of the snapshot tables. A row holds from its moment until the next row of its subject. */
export class SnapshotStore {
  readonly #db: Db;
  readonly #puts = new Map<string, Put>();
  readonly #statements;
  readonly #subjects = new Map<string, number>();
  readonly #reasons = new Map<string, number>();

  constructor(db: Db) {
    this.#db = db;
    this.#statements = {
      subject: db.prepare<[string, string], { id: number }>('SELECT subject_id AS id FROM snapshot_subject WHERE family = ? AND subject = ?'),
      addSubject: db.prepare('INSERT INTO snapshot_subject (family, subject) VALUES (?, ?)'),
      reason: db.prepare<[string], { id: number }>('SELECT reason_id AS id FROM snapshot_reason WHERE reasons = ?'),
      addReason: db.prepare('INSERT INTO snapshot_reason (reasons) VALUES (?)'),
      watch: db.prepare<[number], { since: number; until: number }>('SELECT since, until FROM snapshot_watch WHERE since <= ? ORDER BY since DESC LIMIT 1'),
      begin: db.prepare('INSERT OR IGNORE INTO snapshot_watch (since, until) VALUES (?, ?)'),
      goOn: db.prepare('UPDATE snapshot_watch SET until = MAX(until, ?) WHERE since = ?'),
    };
  }

  /**
   * Keeps a batch, in one transaction; what was taken at its moment before is replaced. A batch of a moment, be it
   * empty, says that the house was watched then: rows hold over such spans, and beyond them nothing is known.
   */
  keep({ family: name, at, since, taken }: SnapshotBatch): void {
    const family = snapshotFamilies.get(name)!;
    const put = this.#putOf(family);
    this.#transaction(() => {
      if (name !== 'kpi') this.#watched(at);
      if (since !== undefined) this.#giveWay(family, since, at);
      for (const one of taken) {
        const reason = Object.keys(one.unknown).length === 0 ? null : this.#idOf(this.#reasons, this.#statements.reason, this.#statements.addReason, JSON.stringify(one.unknown));
        const subject = this.#idOf(this.#subjects, this.#statements.subject, this.#statements.addSubject, family.name, JSON.stringify(one.subject));
        put.run(subject, at, ...namesOf(family).map((name) => sql(one.facts[name] ?? one.metrics[name])), reason);
      }
    });
  }

  /** What stands of a span was taken by a clock that has been given back, or as things were known before. */
  #giveWay({ name, table }: SnapshotFamily, since: number, until: number): void {
    this.#db.prepare(`DELETE FROM ${table} WHERE subject_id IN (SELECT subject_id FROM snapshot_subject WHERE family = ?) AND at > ? AND at <= ?`).run(name, since, until);
  }

  #watched(at: number): void {
    const last = this.#statements.watch.get(at);
    if (last && at - last.until <= BREAK_MS) this.#statements.goOn.run(at, last.since);
    else this.#statements.begin.run(at, at);
  }

  #transaction(work: () => void): void {
    try {
      inTransaction(this.#db, work);
    } catch (error) {
      this.#subjects.clear();
      this.#reasons.clear();
      throw error;
    }
  }

  #putOf(family: SnapshotFamily): Put {
    let put = this.#puts.get(family.name);
    if (put) return put;
    const columns = namesOf(family).map(columnOf);
    put = this.#db.prepare<unknown[]>(`INSERT OR REPLACE INTO ${family.table} (subject_id, at, ${columns.join(', ')}, unknown) VALUES (?, ?, ${columns.map(() => '?').join(', ')}, ?)`);
    this.#puts.set(family.name, put);
    return put;
  }

  #idOf<P extends string[]>(known: Map<string, number>, get: { get(...key: P): { id: number } | undefined }, add: { run(...key: P): { lastInsertRowid: number | bigint } }, ...key: P): number {
    const text = key.join('\0');
    const hit = known.get(text);
    if (hit !== undefined) return hit;
    const id = get.get(...key)?.id ?? Number(add.run(...key).lastInsertRowid);
    known.set(text, id);
    return id;
  }
}
