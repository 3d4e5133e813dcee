import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { AccessStore } from '#core/access/access-store.ts';
import type { AuditEntry } from '#core/access/audit.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { openOptions } from '#core/store/open.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const KEY = loadSiteKey(DEFAULT_SITE);
let files = 0;
const fresh = () => join(dir, `${++files}.access.db`);

const entry = (n: number): AuditEntry => ({ action: `act${n % 3}`, actor: { kind: 'user', name: `u${n % 2}`, from: '127.0.0.1' }, outcome: n % 5 === 0 ? 'refused' : 'done', subject: { n, text: `é"${n}` } });
const entries = (count: number) => Array.from({ length: count }, (_, n) => entry(n + 1));

/** A trail of `count` rows in a file, closed. */
function written(count: number): string {
  const file = fresh();
  const store = new AccessStore(file, KEY, () => 1_700_000_000_000);
  store.append(entries(count));
  store.close();
  return file;
}

/** What who can write to the file may do to it: without the triggers, which a file's owner can drop. */
function tamper(file: string, work: (db: Database.Database) => void): void {
  const db = new Database(file, openOptions());
  db.exec('DROP TRIGGER audit_log_stays; DROP TRIGGER audit_log_whole; DROP TRIGGER audit_log_grows');
  work(db);
  db.close();
}

async function verdict(file: string, noted?: string) {
  const store = new AccessStore(file, KEY, () => 1_700_000_000_001);
  try {
    return await store.verifyAudit(noted);
  } finally {
    store.close();
  }
}

test('given an untouched trail, when it is verified, then it is whole, and so it is after more was written', async () => {
  const file = written(7);
  const first = await verdict(file);
  expect(first).toMatchObject({ ok: true, rows: 7, head: expect.stringMatching(/^7:[0-9a-f]{32}$/) as string });
  const store = new AccessStore(file, KEY, () => 1_700_000_000_002);
  store.append([entry(8)]);
  store.close();
  expect(await verdict(file, first.head!)).toMatchObject({ ok: true, rows: 8 });
  expect(await verdict(fresh())).toEqual({ ok: true, rows: 0, head: `0:${'0'.repeat(32)}` });
});

test('given the tables as they are, when a row is changed, taken out or put over another, then SQLite refuses', () => {
  const db = new Database(written(3), openOptions());
  expect(() => db.exec("UPDATE audit_log SET action = 'x' WHERE seq = 2")).toThrow('not changed');
  expect(() => db.exec('DELETE FROM audit_log WHERE seq = 2')).toThrow('taken out');
  expect(() => db.exec("INSERT OR REPLACE INTO audit_log SELECT seq, time, 'x', actor_kind, actor_name, actor_from, outcome, subject, hash FROM audit_log WHERE seq = 2")).toThrow('at its end');
  db.close();
});

const COLUMNS = ['time', 'action', 'actor_kind', 'actor_name', 'actor_from', 'outcome', 'subject', 'hash'] as const;

test('given any trail, when any one row is edited in any column, then that row is named', () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 9 }).chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count }), fc.constantFrom(...COLUMNS))), async ([count, row, column]) => {
    const file = written(count);
    tamper(file, (db) => db.prepare(`UPDATE audit_log SET ${column} = ${column === 'time' ? 'time + 1' : column === 'hash' ? 'randomblob(32)' : `${column} || ' '`} WHERE seq = ?`).run(row));
    expect(await verdict(file)).toMatchObject({ ok: false, rows: row - 1, fault: { kind: 'changed', row } });
  }), { numRuns: 40 }));

test('given any trail, when a row is taken out, with or without closing the gap, then it is named', () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 9 }).chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count - 1 }), fc.boolean())), async ([count, row, closed]) => {
    const file = written(count);
    tamper(file, (db) => {
      db.prepare('DELETE FROM audit_log WHERE seq = ?').run(row);
      if (closed) for (let seq = row + 1; seq <= count; seq++) db.prepare('UPDATE audit_log SET seq = seq - 1 WHERE seq = ?').run(seq);
    });
    expect(await verdict(file)).toMatchObject({ ok: false, fault: { kind: closed ? 'changed' : 'missing', row } });
  }), { numRuns: 30 }));

test('given any trail, when two rows change places, then the first of them is named', () =>
  fc.assert(fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 2 }), async (rows) => {
    const [a, b] = rows.toSorted((x, y) => x - y) as [number, number];
    const file = written(9);
    tamper(file, (db) => {
      for (const [from, to] of [[a, 100], [b, a], [100, b]] as const) db.prepare('UPDATE audit_log SET seq = ? WHERE seq = ?').run(to, from);
    });
    expect(await verdict(file)).toMatchObject({ ok: false, fault: { kind: 'changed', row: a } });
  }), { numRuns: 20 }));

test('given any trail, when a row is put in, in the midst or at the end, then it is named', () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 6 }), async (row) => {
    const file = written(5);
    tamper(file, (db) => {
      for (let seq = 5; seq >= row; seq--) db.prepare('UPDATE audit_log SET seq = seq + 1 WHERE seq = ?').run(seq);
      db.prepare("INSERT INTO audit_log SELECT ?, time, 'made-up', actor_kind, actor_name, actor_from, outcome, subject, hash FROM audit_log LIMIT 1").run(row);
    });
    expect(await verdict(file)).toMatchObject({ ok: false, fault: { kind: 'changed', row } });
  }), { numRuns: 12 }));

test('given any trail, when its tail is cut and its head set to what stood there, then it is known what is missing', () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 5 }), fc.constantFrom('left', 'set', 'gone'), async (kept, head) => {
    const file = written(6);
    tamper(file, (db) => {
      db.prepare('DELETE FROM audit_log WHERE seq > ?').run(kept);
      if (head === 'set') db.prepare('UPDATE audit_head SET seq = ?, hash = COALESCE((SELECT hash FROM audit_log WHERE seq = ?), zeroblob(32))').run(kept, kept);
      if (head === 'gone') db.exec('DELETE FROM audit_head');
    });
    expect(await verdict(file)).toMatchObject(head === 'left' ? { ok: false, fault: { kind: 'missing', row: kept + 1 } } : { ok: false, head: null, fault: { kind: 'head' } });
    // Going on does not heal it.
    const store = new AccessStore(file, KEY, () => 1_700_000_000_003);
    store.append([entry(7)]);
    store.close();
    expect(await verdict(file)).toMatchObject({ ok: false, fault: { kind: 'missing', row: kept + 1 } });
  }), { numRuns: 18 }));

test('given a head that was noted, when the whole file is taken back to an earlier copy, then it is found by it', async () => {
  const noted = (await verdict(written(6))).head!;
  expect(await verdict(written(5), noted)).toMatchObject({ ok: false, fault: { kind: 'head', row: 5 } });
});

test('given entries of several people, when they are asked for, then the newest come first and filters and pages hold', () => {
  const store = new AccessStore(written(20), KEY, () => 0);
  expect(store.listAudit({ limit: 3 }).map(({ seq }) => seq)).toEqual([20, 19, 18]);
  expect(store.listAudit({ limit: 3, before: 18 }).map(({ seq }) => seq)).toEqual([17, 16, 15]);
  expect(store.listAudit({ limit: 99, actor: 'u1', action: 'act0', outcome: 'refused' }).map(({ seq }) => seq)).toEqual([15]);
  expect(store.listAudit({ limit: 1 })[0]).toMatchObject({ subject: { n: 20, text: 'é"20' }, actor: { name: 'u0' } });
  store.close();
});

test('given entries of times that went back, when those of a time are listed in pages of any size, then each stands there once, the latest first', () => {
  const store = new AccessStore(fresh(), KEY, () => 1_700_000_000_000);
  const times = [5, 9, 9, 3, 7, 7, 7, 1, 8];
  store.append(times.map((time, n) => ({ ...entry(n), time })));
  for (const limit of [1, 2, 3, 10]) {
    const seen: [number, number][] = [];
    for (let before: number | undefined; ; before = seen.at(-1)![1]) {
      const page = store.listAudit({ from: 3, to: 9, limit, before });
      seen.push(...page.map(({ time, seq }): [number, number] => [time, seq]));
      if (page.length < limit) break;
    }
    expect(seen, `pages of ${limit}`).toEqual([[8, 9], [7, 7], [7, 6], [7, 5], [5, 1], [3, 4]]);
  }
  expect(store.listAudit({ from: 7, action: 'act0', limit: 9 }).map(({ seq }) => seq)).toEqual([7]);
  expect(store.listAudit({ limit: 3 }).map(({ seq }) => seq)).toEqual([9, 8, 7]);
  store.close();
});
