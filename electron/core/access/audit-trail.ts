import type { AuditQuery, AuditVerdict, AuditedEntry } from '#shared/api/audit.ts';
import { canonical } from '../ingest/canonical.ts';
import { inTransaction, type Db } from '../store/open.ts';
import type { AuditEntry } from './audit.ts';
import { BEGINNING, headText, link, seal, sealAnchor, type Anchor, type AuditRow, type Head } from './chain.ts';

/** Rows checked at once; between two steps others are served. */
const STEP = 2_000;
const PAGE = 1_000;
const DAY = 86_400_000;
/** Rows forgotten at once. */
const FORGET = 400;

const RETENTION: AuditEntry['actor'] = { kind: 'station', name: 'retention', from: 'this station' };

/** Row by which the trail tells that retention forgot what lay before. */
export const FORGOTTEN = 'forgetAudit';

const told = ({ seq, time, action, actor_kind, actor_name, actor_from, outcome, subject, hash }: AuditRow): AuditedEntry => ({
  seq, time, action, actor: { kind: actor_kind, name: actor_name, from: actor_from }, outcome: outcome as AuditedEntry['outcome'],
  subject: JSON.parse(subject) as AuditedEntry['subject'], hash: hash.toString('hex'),
});

/** The rows of `audit_log`: written at the end alone, each bound to the one before by its hash. */
export class AuditTrail {
  readonly #db: Db;
  readonly #key: Buffer;

  constructor(db: Db, key: Buffer) {
    this.#db = db;
    this.#key = key;
  }

  /** Seals a trail that has just been made. */
  begin(): void {
    this.#setHead(BEGINNING);
  }

  /** Writes one entry; on disk when it returns. Safe beside another process that does the same. */
  append({ action, actor, outcome, subject }: AuditEntry, now: number): Head {
    return inTransaction(this.#db, () => {
      const before = this.#head() ?? this.#afterLoss();
      const row = { seq: before.seq + 1, time: now, action, actor_kind: actor.kind, actor_name: actor.name, actor_from: actor.from, outcome, subject: canonical(subject) };
      const hash = link(this.#key, before.hash, row);
      this.#db.prepare('INSERT INTO audit_log VALUES (@seq, @time, @action, @actor_kind, @actor_name, @actor_from, @outcome, @subject, @hash)').run({ ...row, hash });
      const head = { seq: row.seq, hash };
      this.#setHead(head);
      return head;
    });
  }

  /**
   * Forgets the oldest rows from before what `days` keep, at most a step of them, and leaves an anchor in their place and
   * a row that tells of it. Rows that are not as they were written are not forgotten, nor any after them: what was done
   * to the trail stays to be seen. Returns how many went; none when nothing is left to do.
   * @throws Error that names the row at which it stands still
   */
  forget(days: number, now: number): number {
    return inTransaction(this.#db, () => {
      const anchor = this.#anchor();
      if (anchor === 'changed') throw new Error('the anchor of the audit trail was changed: nothing is forgotten');
      let last: Head = anchor ?? BEGINNING;
      const before = last.seq;
      for (const row of this.#after(last.seq, FORGET)) {
        if (row.time >= now - days * DAY) break;
        if (row.seq !== last.seq + 1 || !link(this.#key, last.hash, row).equals(row.hash)) throw new Error(`row ${last.seq + 1} of the audit trail is not as it was written: it and what follows are not forgotten`);
        last = row;
      }
      if (last.seq === before) return 0;
      this.append({ action: FORGOTTEN, actor: RETENTION, outcome: 'done', subject: { from: before + 1, upTo: last.seq, hash: last.hash.toString('hex'), days } }, now);
      this.#setAnchor({ seq: last.seq, hash: last.hash, at: now, days });
      this.#db.prepare('DELETE FROM audit_log WHERE seq <= ?').run(last.seq);
      return last.seq - before;
    });
  }

  /** Where the trail stands; undefined when its head is missing or was changed. */
  get head(): Head | undefined {
    return this.#head();
  }

  /**
   * Entries, the newest first: in the order in which they were written, those between two times in the order of time.
   * `before` is the number of the entry that the page ends before.
   */
  list({ from, to, action, actor, outcome, limit, before }: AuditQuery): AuditedEntry[] {
    const byTime = from !== undefined || to !== undefined;
    const tests = [
      [byTime ? '(time, seq) < ((SELECT time FROM audit_log WHERE seq = @before), @before)' : 'seq < @before', before],
      // One upper bound alone: of two, SQLite may seek by the end of the time, and go over all pages before with each.
      ['time < @to', before === undefined ? to : undefined],
      ['time >= @from', from], ['action = @action', action], ['actor_name = @actor', actor], ['outcome = @outcome', outcome],
    ] as const;
    const where = tests.filter(([, value]) => value !== undefined).map(([test]) => test);
    const sql = `SELECT * FROM audit_log ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY ${byTime ? 'time DESC, ' : ''}seq DESC LIMIT @limit`;
    return this.#db.prepare<unknown[], AuditRow>(sql).all({ from, to, action, actor, outcome, before, limit }).map(told);
  }

  /** Every entry from the first on. */
  *all(): Generator<AuditedEntry> {
    for (let after = 0; ; ) {
      const rows = this.#after(after, PAGE);
      if (rows.length === 0) return;
      yield* rows.map(told);
      after = rows.at(-1)!.seq;
    }
  }

  /**
   * Reads the trail through, from what stands for its forgotten rows on, and names the first fault.
   * @param noted a head that somebody noted earlier (`headText`): by it also a trail is found that was taken back whole
   * @param rest awaited between steps
   */
  async verify(noted?: string, rest: () => Promise<unknown> = () => new Promise((resolve) => setImmediate(resolve))): Promise<AuditVerdict> {
    const head = this.#head();
    const found = this.#anchor();
    const anchor = found === 'changed' ? undefined : found;
    let last: Head = anchor ?? BEGINNING;
    let seen = noted === undefined || noted === headText(BEGINNING) || noted === headText(last);
    const forgotten = anchor && { upTo: anchor.seq, at: anchor.at, days: anchor.days };
    const verdict = (fault?: AuditVerdict['fault']): AuditVerdict => ({ ok: !fault, rows: last.seq, ...(forgotten ? { forgotten } : {}), head: head ? headText(head) : null, ...(fault ? { fault } : {}) });
    if (found === 'changed') return verdict({ kind: 'anchor', row: 1, detail: 'the anchor, which stands for the rows that were forgotten, was changed; rows after them may be missing' });
    for (;;) {
      const rows = this.#after(last.seq, STEP);
      if (rows.length === 0) break;
      for (const row of rows) {
        const next = last.seq + 1;
        // Retention went on meanwhile: what it took is not missing.
        if (row.seq !== next && this.#isForgotten(next)) return this.verify(noted, rest);
        if (row.seq !== next) return verdict({ kind: 'missing', row: next, detail: `row ${next} is missing: after ${last.seq} comes ${row.seq}` });
        if (!link(this.#key, last.hash, row).equals(row.hash)) return verdict({ kind: 'changed', row: row.seq, detail: `row ${row.seq} is not what was written there: it was edited, moved or put in` });
        last = { seq: row.seq, hash: row.hash };
        seen ||= headText(last) === noted;
      }
      await rest();
    }
    // Read anew: rows may have come meanwhile, and what was checked must reach at least as far as it stood before.
    if (!head) return verdict({ kind: 'head', row: last.seq, detail: 'the head, which says where the trail ends, is missing or was changed; rows after this one may be missing' });
    if (last.seq < head.seq) return verdict({ kind: 'missing', row: last.seq + 1, detail: `rows ${last.seq + 1} to ${head.seq} are missing at the end` });
    const now = this.#head();
    if (!now || last.seq > now.seq) return verdict({ kind: 'head', row: last.seq, detail: `row ${last.seq} stands behind the head: the head was changed` });
    if (!seen && anchor && Number(noted!.split(':')[0]) < anchor.seq) return verdict({ kind: 'head', row: last.seq, detail: `${noted} was noted before rows up to ${anchor.seq} were forgotten and cannot be held against the trail any more: note a newer head` });
    if (!seen) return verdict({ kind: 'head', row: last.seq, detail: `the trail never stood at ${noted}: it is another one, or was taken back to an earlier copy` });
    return verdict();
  }

  #after(seq: number, limit: number): AuditRow[] {
    return this.#db.prepare<unknown[], AuditRow>('SELECT * FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?').all(seq, limit);
  }

  #head(): Head | undefined {
    const row = this.#db.prepare<[], Head & { seal: Buffer }>('SELECT seq, hash, seal FROM audit_head').get();
    return row && seal(this.#key, row).equals(row.seal) ? { seq: row.seq, hash: row.hash } : undefined;
  }

  #setHead(head: Head): void {
    this.#db.prepare('INSERT INTO audit_head VALUES (1, @seq, @hash, @seal) ON CONFLICT (one) DO UPDATE SET seq = @seq, hash = @hash, seal = @seal').run({ ...head, seal: seal(this.#key, head) });
  }

  /** What stands for forgotten rows; undefined where none were. */
  #anchor(): Anchor | 'changed' | undefined {
    const row = this.#db.prepare<[], Anchor & { seal: Buffer }>('SELECT seq, hash, at, days, seal FROM audit_anchor').get();
    return row && !sealAnchor(this.#key, row).equals(row.seal) ? 'changed' : row;
  }

  #isForgotten(seq: number): boolean {
    const anchor = this.#anchor();
    return anchor !== undefined && anchor !== 'changed' && anchor.seq >= seq;
  }

  #setAnchor(anchor: Anchor): void {
    this.#db.prepare('INSERT OR REPLACE INTO audit_anchor VALUES (1, @seq, @hash, @at, @days, @seal)').run({ ...anchor, seal: sealAnchor(this.#key, anchor) });
  }

  /** Without a head nobody knows how much is gone. The trail goes on one number later: that the row is missing can be seen for good. */
  #afterLoss(): Head {
    const { seq } = this.#db.prepare('SELECT MAX(COALESCE((SELECT MAX(seq) FROM audit_log), 0), COALESCE((SELECT seq FROM audit_anchor), 0)) AS seq').get() as { seq: number };
    return { seq: seq + 1, hash: BEGINNING.hash };
  }
}
