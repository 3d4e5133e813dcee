import { expect, test } from 'vitest';
import { rawMessage } from '#core/ingest/message.ts';
import { DeadLetters } from '#core/store/dead-letters.ts';
import { isDiskTrouble, storeTrouble } from '#core/store/disk-trouble.ts';
import { readSources } from '#core/store/sources.ts';
import { replayLetters } from '#core/store/replay-letters.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, refusals, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const LATER = NOW + 3_600_000;
const SOURCE = '//local/main/staff/test';
const staffing = (unit: string, time: number, staffedBeds = 9) => envelope('unit.staffing-reported', time, { unit, staffedBeds }, { id: unit });
const live = { now: NOW, live: true };

/** A writer that starts anew on a store. */
function restarted(store: SiteStore, dir: string): SiteStore {
  store.close();
  return temporaryStore(dir);
}

/** Makes every fold of a unit fail, as a defect of ours would: its stored state cannot be read. Returns the repair. */
function spoil(store: SiteStore, unit: string): () => void {
  const set = (state: string) => store.db.prepare("UPDATE entity SET state = ? WHERE kind = 'unit' AND id = ?").run(state, unit);
  const { state } = store.db.prepare("SELECT state FROM entity WHERE kind = 'unit' AND id = ?").get(unit) as { state: string };
  set('{');
  return () => void set(state);
}

function replay(store: SiteStore, choice = {}): { replayed: number; left: number } {
  let done = { replayed: 0, left: 0 };
  for (const { replayed, left } of replayLetters(store.ingest, choice, LATER)) done = { replayed, left };
  return done;
}

test('given held events of which one breaks its fold, when they fall due, then the others count and that one is set aside, until it can be replayed', () => {
  const dir = temporaryDir();
  const before = openSiteStore({ dataDir: dir, id: DEFAULT_SITE, withVault: true });
  apply(before, [staffing('BAD', NOW)], live);
  apply(before, ['A', 'BAD', 'B'].map((unit) => ({ ...staffing(unit, LATER), id: `${unit}-later` })), live);
  const store = restarted(before, dir);
  const repair = spoil(store, 'BAD');
  expect(store.ingest.release(LATER)).toMatchObject({ accepted: 2 });
  expect(refusals(store)).toEqual(['ahead-of-clock', 'fold-failed', 'ahead-of-clock']);
  expect(store.ingest.release(LATER)).toBeUndefined();
  expect(readSources(store.db)).toMatchObject([{ held: 0, heldBytes: 0 }]);
  expect(replay(store, { reason: 'fold-failed' })).toEqual({ replayed: 0, left: 1 });
  repair();
  expect(replay(store, { reason: 'fold-failed' })).toEqual({ replayed: 1, left: 0 });
  expect(store.ingest.deadLetters.count()).toBe(0);
});

test('given a fold that fails with words about a person, when its event is set aside, then the letter names the defect and its place, and has none of the words', () => {
  const store = temporaryStore();
  const failure = new SyntaxError('Cannot convert Example, Eva to a BigInt: "MRN-1"');
  const message = rawMessage({ payload: Buffer.from('{}'), received: NOW });
  store.ingest.setAside(message, NOW, failure);
  store.db.exec("CREATE TRIGGER refuse BEFORE INSERT ON ops_event BEGIN SELECT RAISE(ABORT, 'Example, Eva'); END");
  apply(store, [staffing('A', LATER)], live);
  expect(store.ingest.release(LATER)).toMatchObject({ accepted: 0 });
  const details = (store.db.prepare("SELECT detail FROM dead_letter WHERE reason = 'fold-failed' ORDER BY dead_letter_id").all() as { detail: string }[]).map(({ detail }) => detail);
  expect(details).toHaveLength(2);
  for (const detail of details) expect(detail).not.toMatch(/Eva|MRN/);
  expect(details[0]).toMatch(/^SyntaxError .*set-aside\.test\.ts:\d+/);
  expect(details[1]).toMatch(/^SqliteError SQLITE_CONSTRAINT_TRIGGER .*event-log\.ts:\d+/);
});

test('given a losing body of an event, when it is delivered again and again, then it is one dead letter', () => {
  const store = temporaryStore();
  const bodies = [staffing('MICU', NOW, 8), staffing('MICU', NOW, 9), staffing('MICU', NOW, 10)];
  apply(store, bodies);
  const hash = stateHash(store);
  expect(refusals(store)).toEqual(['two-bodies', 'two-bodies']);
  expect(apply(store, [...bodies, ...bodies])).toMatchObject({ refused: 0, duplicates: 6 });
  expect(store.ingest.deadLetters.count()).toBe(2);
  expect(stateHash(store)).toBe(hash);
  expect(replay(store)).toEqual({ replayed: 0, left: 2 });
  expect(store.ingest.deadLetters.count()).toBe(2);
});

test('given an event ahead of the clock, when it is delivered again while it is held and after, then it counts once', () => {
  const store = temporaryStore();
  apply(store, [staffing('MICU', LATER)], live);
  expect(apply(store, [staffing('MICU', LATER)], live)).toMatchObject({ refused: 0, duplicates: 1 });
  expect(readSources(store.db)).toMatchObject([{ uri: SOURCE, held: 1, duplicates: 1, lastContact: null }]);
  expect(store.ingest.release(LATER)).toMatchObject({ accepted: 1 });
  expect(apply(store, [staffing('MICU', LATER)], { now: LATER, live: true })).toMatchObject({ duplicates: 1 });
  expect(readSources(store.db)).toMatchObject([{ held: 0, heldBytes: 0 }]);
});

test('given a source whose clock has been ahead for days, when more comes than any queue used to hold, then all of it is held and none is lost', () => {
  const dir = temporaryDir();
  const before = openSiteStore({ dataDir: dir, id: DEFAULT_SITE, withVault: true });
  apply(before, [staffing('A', LATER)], live);
  before.db.prepare('UPDATE ops_event_source SET held = 2_000_000').run();
  const store = restarted(before, dir);
  apply(store, ['B', 'C', 'D'].map((unit) => staffing(unit, LATER)), live);
  expect(readSources(store.db)).toMatchObject([{ held: 2_000_003, overflowed: 0 }]);
  expect(store.ingest.release(LATER)).toMatchObject({ accepted: 4 });
});

test('given events ahead of the clock that take as much of the disk as it has left, when more come, then nothing of their batch is taken, until there is room again or one refuses their source', () => {
  const dir = temporaryDir();
  const before = openSiteStore({ dataDir: dir, id: DEFAULT_SITE, withVault: true });
  apply(before, [staffing('A', LATER)], live);
  const { heldBytes } = readSources(before.db)[0]!;
  const heldBytesAre = (bytes: number) => before.db.prepare('UPDATE ops_event_source SET held_bytes = ?').run(bytes);
  heldBytesAre(2 ** 50);
  const full = restarted(before, dir);
  const batch = [staffing('now', NOW), staffing('B', LATER)];
  const refused = (() => {
    try {
      return apply(full, batch, live);
    } catch (error) {
      return error;
    }
  })();
  expect(isDiskTrouble(refused)).toBe(true);
  expect(storeTrouble(refused)).toBe('store-full');
  expect(String(refused)).toContain('ahead of the clock');
  expect(full.db.prepare('SELECT COUNT(*) AS n FROM ops_event').get()).toEqual({ n: 0 });
  expect(apply(full, [staffing('A', LATER)], live)).toMatchObject({ duplicates: 1 });
  expect(full.ingest.release(LATER)).toMatchObject({ accepted: 1 });
  full.db.prepare('UPDATE ops_event_source SET held_bytes = ?').run(heldBytes);
  const roomy = restarted(full, dir);
  expect(apply(roomy, batch, live)).toMatchObject({ accepted: 1 });
  expect(readSources(roomy.db)).toMatchObject([{ held: 1, overflowed: 0 }]);
  roomy.db.prepare('UPDATE ops_event_source SET held_bytes = ?').run(2 ** 50);
  const again = restarted(roomy, dir);
  again.ingest.decide(SOURCE, 'refuse');
  expect(apply(again, [staffing('C', LATER)], live)).toMatchObject({ refused: 1 });
});

test('given refused sources whose events are large together, when they come, then those within the limit are kept and of the others the reason', () => {
  const store = temporaryStore();
  const letters = new DeadLetters(store.db, store.vault, { letters: 1_000, bodyBytes: 2_000 });
  const rest = (n: number) => letters.hold({ size: 300, received: NOW }, { reason: 'source-refused', detail: '' }, { source: SOURCE, id: `${n}`, type: 'unit.staffing-reported', time: NOW, data: { unit: 'x'.repeat(200) } }, Buffer.alloc(32, n));
  store.db.transaction(() => Array.from({ length: 20 }, (_, n) => rest(n)))();
  const kept = () => store.db.prepare<[], { n: number; bytes: number }>('SELECT COUNT(*) AS n, SUM(LENGTH(event)) AS bytes FROM held_event').get()!;
  expect(kept().bytes).toBeGreaterThan(1_000);
  expect(kept().bytes).toBeLessThanOrEqual(2_000);
  expect(letters.count()).toBe(20);
  expect(letters.dropped()).toEqual({ letters: 0, bodies: 20 - kept().n });
  store.db.transaction(() => rest(30))();
  expect(new DeadLetters(store.db, store.vault).dropped().bodies).toBe(21 - kept().n);
});

test('given held events that fall due, when they are released and replayed, then what is counted of letters is what stands there', () => {
  const store = temporaryStore();
  apply(store, ['no JSON', ...['A', 'B', 'C'].map((unit) => staffing(unit, LATER))], live);
  expect(store.ingest.deadLetters.count()).toBe(4);
  store.ingest.release(LATER);
  expect(store.ingest.deadLetters.count()).toBe(1);
  expect(new DeadLetters(store.db, store.vault).count()).toBe(1);
});

test('given dead letters of several kinds, when some are chosen by reason, source or number, then those are replayed and the others stay', () => {
  const store = temporaryStore();
  apply(store, ['not JSON', staffing('A', LATER), { ...staffing('B', LATER), source: '//local/main/staff/other' }], live);
  expect(store.ingest.deadLetters.choose({ source: 'staff/other' }, 0, 9)).toHaveLength(1);
  expect(store.ingest.deadLetters.choose({ source: 'staff' }, 0, 9)).toHaveLength(2);
  expect(store.ingest.deadLetters.choose({ source: 'sta' }, 0, 9)).toHaveLength(0);
  expect(replay(store, { source: 'staff/other' })).toEqual({ replayed: 1, left: 0 });
  expect(replay(store, { reason: 'not-json' })).toEqual({ replayed: 0, left: 1 });
  expect(replay(store)).toEqual({ replayed: 1, left: 1 });
});

test('given a source that floods one entity backwards, when a batch of it arrives, then the entity is folded again once and not for each event', () => {
  const store = temporaryStore();
  const reports = Array.from({ length: 3_000 }, (_, i) => ({ ...staffing('MICU', NOW + 3_000 - i, i), id: `${i}` }));
  apply(store, reports);
  expect(store.db.prepare("SELECT json_extract(state, '$.staffedBeds') AS beds FROM entity WHERE kind = 'unit'").get()).toEqual({ beds: 0 });
  const calm = temporaryStore();
  apply(calm, [...reports].reverse());
  expect(stateHash(store)).toBe(stateHash(calm));
});

test('given more events ahead of the clock than refused messages are kept, when messages are refused, then none of either goes', () => {
  const store = temporaryStore();
  const letters = new DeadLetters(store.db, store.vault, { letters: 10, bodyBytes: 1_000_000 });
  const add = (i: number, due?: number) => letters.hold({ size: 1, received: NOW }, { reason: 'ahead-of-clock', detail: '', ...(due === undefined ? {} : { due }) }, { source: SOURCE, id: `${i}`, type: 't', time: LATER, data: {} }, Buffer.from(`${i}`));
  for (let i = 0; i < 20; i++) add(i, LATER);
  for (let i = 20; i < 30; i++) add(i);
  expect({ dropped: letters.dropped().letters, kept: letters.count() }).toEqual({ dropped: 0, kept: 30 });
  for (const letter of letters.due(LATER).slice(0, 5)) letters.markReplayed(letter, LATER);
  add(30);
  expect(letters.dropped().letters).toBeGreaterThan(0);
  expect(letters.due(LATER)).toHaveLength(15);
});
