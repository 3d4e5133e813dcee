import type { AuditQuery, AuditVerdict, AuditedEntry } from '#shared/api/audit.ts';
import { canonical } from '../ingest/canonical.ts';
import { inTransaction, type Db } from '../store/open.ts';
import type { AuditEntry } from './audit.ts';
import { BEGINNING, headText, link, seal, type AuditRow, type Head } from './chain.ts';

/** Rows checked at once; between two steps others are served. */
const STEP = 2_000;
const PAGE = 1_000;

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

  /** Where the trail stands; undefined when its head is missing or was changed. */
  get head(): Head | undefined {
    return this.#head();
  }

  /** Entries, the newest first. `before` is the number that the page ends before. */
  list({ from, to, action, actor, outcome, limit, before }: AuditQuery): AuditedEntry[] {
    const tests = [
      ['seq < @before', before], ['time >= @from', from], ['time < @to', to], ['action = @action', action], ['actor_name = @actor', actor], ['outcome = @outcome', outcome],
    ] as const;
    const where = tests.filter(([, value]) => value !== undefined).map(([test]) => test);
    const sql = `SELECT * FROM audit_log ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY seq DESC LIMIT @limit`;
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
   * Reads the trail through and names the first fault.
   * @param noted a head that somebody noted earlier (`headText`): by it also a trail is found that was taken back whole
   * @param rest awaited between steps
   */
  async verify(noted?: string, rest: () => Promise<unknown> = () => new Promise((resolve) => setImmediate(resolve))): Promise<AuditVerdict> {
    const head = this.#head();
    let last = BEGINNING;
    let seen = noted === undefined || noted === headText(BEGINNING);
    const verdict = (fault?: AuditVerdict['fault']): AuditVerdict => ({ ok: !fault, rows: last.seq, head: head ? headText(head) : null, ...(fault ? { fault } : {}) });
    for (;;) {
      const rows = this.#after(last.seq, STEP);
      if (rows.length === 0) break;
      for (const row of rows) {
        const next = last.seq + 1;
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

  /** Without a head nobody knows how much is gone. The trail goes on one number later: that the row is missing can be seen for good. */
  #afterLoss(): Head {
    const { seq } = this.#db.prepare('SELECT COALESCE(MAX(seq), 0) AS seq FROM audit_log').get() as { seq: number };
    return { seq: seq + 1, hash: BEGINNING.hash };
  }
}
