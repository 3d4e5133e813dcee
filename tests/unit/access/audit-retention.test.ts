import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { AccessStore } from '#core/access/access-store.ts';
import type { AuditEntry } from '#core/access/audit.ts';
import { keepAudit } from '#core/access/audit-retention.ts';
import { AuditDesk } from '#core/access/audit-desk.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { openOptions } from '#core/store/open.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { until } from '../../rig/until.ts';

const KEY = loadSiteKey(DEFAULT_SITE);
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const KEPT = 30;
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let files = 0;

const entry = (n: number): AuditEntry & { time: number } => ({ action: 'act', actor: { kind: 'user', name: 'ann', from: '127.0.0.1' }, outcome: 'done', subject: { n }, time: START + n * DAY });

/** Opens a trail as of the end of `day`. */
function at<T>(file: string, day: number, work: (store: AccessStore) => T): T {
  const store = new AccessStore(file, KEY, () => START + day * DAY);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** A trail with one row a day, of which those up to row `gone` are forgotten. */
function trimmed(rows: number, gone: number): string {
  const file = join(dir, `${++files}.access.db`);
  at(file, rows, (store) => store.append(Array.from({ length: rows }, (_, n) => entry(n + 1))));
  if (gone > 0) at(file, gone + KEPT + 0.5, forgetAll);
  return file;
}

function forgetAll(store: AccessStore): number {
  let all = 0;
  for (let forgotten = -1; forgotten !== 0; all += forgotten) ({ forgotten } = store.forgetAudit(KEPT));
  return all;
}

async function verdict(file: string, noted?: string) {
  const store = new AccessStore(file, KEY, () => START);
  try {
    return await store.verifyAudit(noted);
  } finally {
    store.close();
  }
}

/** What who can write to the file may do to it, but for the site's key. */
function tamper(file: string, work: (db: Database.Database) => void): void {
  const db = new Database(file, openOptions());
  db.exec('DROP TRIGGER audit_log_stays; DROP TRIGGER audit_log_whole; DROP TRIGGER audit_log_grows');
  work(db);
  db.close();
}

const trail = fc.integer({ min: 2, max: 12 }).chain((rows) => fc.tuple(fc.constant(rows), fc.integer({ min: 1, max: rows - 1 })));
/** The row that tells of forgetting follows the others. */
const toldBy = (rows: number) => rows + 1;

test('given any trail that grows while days go by, when its oldest rows are forgotten again and again, then it stays whole, tells of each time, and goes by what was noted of it and is still there', () =>
  fc.assert(fc.asyncProperty(fc.array(fc.record({ days: fc.integer({ min: 1, max: 40 }), rows: fc.integer({ min: 0, max: 5 }) }), { minLength: 1, maxLength: 8 }), async (rounds) => {
    const file = join(dir, `${++files}.access.db`);
    let day = 0;
    let n = 0;
    for (const { days, rows } of rounds) {
      day += days;
      const noted = at(file, day, (store) => store.append(Array.from({ length: rows }, () => ({ ...entry(++n), time: START + day * DAY }))))!;
      const before = at(file, day, (store) => [...store.allAudit()]);
      const due = before.filter(({ time }) => time < START + (day - KEPT) * DAY).length;
      expect(at(file, day, forgetAll)).toBe(due);
      const after = at(file, day, (store) => [...store.allAudit()]);
      expect(after.slice(0, before.length - due)).toEqual(before.slice(due));
      const told = after.slice(before.length - due);
      expect(told).toMatchObject(due === 0 ? [] : [{ action: 'forgetAudit', actor: { kind: 'station' }, subject: { upTo: before[due - 1]!.seq, hash: before[due - 1]!.hash, days: KEPT } }]);
      expect(await verdict(file, noted)).toMatchObject({ ok: true });
    }
  }), { numRuns: 40 }));

test('given a trail of which rows were forgotten, when any row that is left is edited, taken out or moved, or the first of them are cut off, then the first such row is named', () =>
  fc.assert(fc.asyncProperty(trail, fc.constantFrom('edited', 'taken', 'moved', 'cut'), fc.nat(), async ([rows, gone], how, pick) => {
    const file = trimmed(rows, gone);
    expect(await verdict(file)).toMatchObject({ ok: true, rows: toldBy(rows), forgotten: { upTo: gone, days: KEPT } });
    const row = gone + 1 + (pick % (rows - gone));
    tamper(file, (db) => {
      if (how === 'edited') db.prepare("UPDATE audit_log SET subject = subject || ' ' WHERE seq = ?").run(row);
      if (how === 'taken') db.prepare('DELETE FROM audit_log WHERE seq = ?').run(row);
      if (how === 'cut') db.prepare('DELETE FROM audit_log WHERE seq <= ?').run(row);
      if (how === 'moved') for (const [from, to] of [[row, 100], [row + 1, row], [100, row + 1]] as const) db.prepare('UPDATE audit_log SET seq = ? WHERE seq = ?').run(to, from);
    });
    expect(await verdict(file)).toMatchObject({ ok: false, fault: how === 'cut' ? { kind: 'missing', row: gone + 1 } : { kind: how === 'taken' ? 'missing' : 'changed', row } });
  }), { numRuns: 60 }));

test('given a trail with or without an anchor, when that is taken away, changed in any column, or made up for a head that was cut off, then it is found', () =>
  fc.assert(fc.asyncProperty(trail, fc.constantFrom('gone', 'seq', 'hash', 'at', 'days', 'seal', 'made up', 'moved on'), async ([rows, gone], what) => {
    const file = trimmed(rows, what === 'made up' ? 0 : gone);
    tamper(file, (db) => {
      if (what === 'gone') db.exec('DELETE FROM audit_anchor');
      else if (what === 'made up') db.prepare('INSERT INTO audit_anchor SELECT 1, seq, hash, 0, 30, hash FROM audit_log WHERE seq = ?').run(gone);
      // By all that stands in the file: the next row as the last that was forgotten.
      else if (what === 'moved on') db.exec('UPDATE audit_anchor SET seq = seq + 1, hash = (SELECT hash FROM audit_log WHERE audit_log.seq = audit_anchor.seq + 1)');
      else db.exec(`UPDATE audit_anchor SET ${what} = ${what === 'hash' || what === 'seal' ? 'randomblob(32)' : `${what} + 1`}`);
      if (what === 'made up' || what === 'moved on') db.exec('DELETE FROM audit_log WHERE seq <= (SELECT seq FROM audit_anchor)');
    });
    expect(await verdict(file)).toMatchObject({ ok: false, fault: what === 'gone' ? { kind: 'missing', row: 1 } : { kind: 'anchor' } });
    if (what !== 'gone') expect(() => at(file, 1_000, forgetAll)).toThrow('anchor');
  }), { numRuns: 40 }));

test('given old rows of which one was edited or taken out, when they are due, then it and what follows are not forgotten, and it is still named', () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.boolean(), async (row, edited) => {
    const file = trimmed(8, 0);
    tamper(file, (db) => db.prepare(edited ? "UPDATE audit_log SET action = 'other' WHERE seq = ?" : 'DELETE FROM audit_log WHERE seq = ?').run(row));
    expect(() => at(file, 1_000, forgetAll)).toThrow(`row ${row} `);
    expect(await verdict(file)).toMatchObject({ ok: false, fault: { kind: edited ? 'changed' : 'missing', row } });
  }), { numRuns: 16 }));

test('given a trail of which rows were forgotten, when SQLite is asked to delete one of the others, then it refuses', () => {
  const db = new Database(trimmed(5, 2), openOptions());
  expect(() => db.exec('DELETE FROM audit_log WHERE seq = 3')).toThrow('anchor');
  db.close();
});

test('given a head that was noted, when rows beyond it were forgotten, then it is said that it holds no more', async () => {
  const file = trimmed(3, 0);
  const { head } = await verdict(file);
  at(file, 3, (store) => store.append([entry(4)]));
  at(file, 1_000, forgetAll);
  expect(await verdict(file, head!)).toMatchObject({ ok: false, fault: { kind: 'head', detail: expect.stringContaining('note a newer head') as string } });
});

test('given more old rows than one step takes, when the trail is kept, then steps follow each other until none is left, and each changes where it stands', async () => {
  const file = join(dir, `${++files}.access.db`);
  const store = new AccessStore(file, KEY, () => START + 400 * DAY);
  const desk = new AuditDesk({ append: async (entries) => store.append(entries), verify: () => store.verifyAudit(), forget: async (days) => store.forgetAudit(days) }, () => {});
  store.append(Array.from({ length: 1_000 }, (_, n) => ({ ...entry(1), subject: { n } })));
  const stop = keepAudit(desk, () => KEPT, () => {});
  await until('the old rows to be forgotten', () => [...store.allAudit()].every(({ action }) => action === 'forgetAudit'));
  stop();
  const steps = [...store.allAudit()];
  expect(steps.map(({ subject }) => [subject['from'], subject['upTo']])).toEqual([[1, 400], [401, 800], [801, 1_000]]);
  expect(desk.state.head).toBe(store.head());
  expect(await store.verifyAudit()).toMatchObject({ ok: true, rows: 1_003, forgotten: { upTo: 1_000 } });
  store.close();
});
