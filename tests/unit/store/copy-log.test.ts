import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyLog, faultOfCopy, isEmptyLog } from '#core/store/copy-log.ts';
import { markEvent } from '#core/store/event-marks.ts';
import { readJoined } from '#core/store/joined.ts';
import { LOG_MIGRATIONS } from '#core/store/migrate.ts';
import { openForReading, type Db } from '#core/store/open.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { readLog } from '#core/store/read-log.ts';
import { changeSite, siteVersion } from '#core/store/site-config.ts';
import type { SiteStore } from '#core/store/site-store.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { trim } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const N = 400;
const NOW = START + N * MINUTE;
const WHO = 'anna.canary';

/** A store with a past that was trimmed, and with everything that is its own. */
function hub(): SiteStore {
  const store = temporaryStore();
  apply(store, Array.from({ length: N }, (_, i) => hospitalEvent(i, START + i * MINUTE)), { now: NOW });
  trim(store.db, START + (N / 2) * MINUTE, NOW);
  apply(store, ['no JSON', envelope('unit.staffing-reported', NOW + 3_600_000, { unit: 'AHEAD-CANARY', staffedBeds: 3 })], { now: NOW, live: true });
  const stranger = '//local/main/staff/stranger-canary';
  store.ingest.configure({ unknown: 'quarantine', eachEvent: false });
  apply(store, [{ ...envelope('unit.staffing-reported', NOW, { unit: 'WAITING-CANARY', staffedBeds: 3 }), source: stranger }], { now: NOW, live: true });
  markEvent(store.db, N, { at: NOW, by: WHO });
  changeSite(store.db, DEFAULT_SITE, { document: { timezone: 'Europe/Vienna' } as never, fromFile: [], at: NOW, who: WHO, why: 'why-canary' });
  for (const table of ['dead_letter', 'held_event', 'quarantined_event', 'event_mark', 'site_change']) expect(count(store.db, table), table).toBeGreaterThan(0);
  return store;
}

const count = (db: Db, table: string) => db.prepare<[], number>(`SELECT COUNT(*) FROM ${table}`).pluck().get()!;

function copied(store: SiteStore) {
  const to = join(temporaryDir(), 'copy.db');
  const copy = copyLog(store.db.name, to);
  return { to, copy, bytes: readFileSync(to), read: <T>(work: (db: Db) => T): T => {
    const db = openForReading(to);
    try {
      return work(db);
    } finally {
      db.close();
    }
  } };
}

test('given a trimmed log in use, when it is copied, then the copy has its state, baselines, events and history, and says how far it goes', () => {
  const store = hub();
  const { copy, bytes, read } = copied(store);
  expect(copy).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), position: N });
  expect(read((db) => hashState(currentEntities(db)))).toBe(stateHash(store));
  for (const table of ['ops_event', 'baseline', 'baseline_entity', 'entity', 'ops_event_source', 'bed_use', 'metric_series', 'snapshot_subject']) expect(read((db) => count(db, table)), table).toBe(count(store.db, table));
  expect(read((db) => db.pragma('integrity_check(1)', { simple: true }))).toBe('ok');
  const joined = read(readJoined)!;
  expect(joined.position).toBe(N);
  expect(readLog(store.db, { after: joined.position, check: joined.check!, limit: 10 })).toMatchObject({ state: 'page', events: [] });
});

test('given what is a station\'s own, when its log is copied, then no byte of it is in the copy, and the site document stands without who changed it', () => {
  const store = hub();
  const { bytes, read } = copied(store);
  for (const table of ['dead_letter', 'held_event', 'quarantined_event', 'event_mark']) expect(read((db) => count(db, table)), table).toBe(0);
  for (const canary of [WHO, 'why-canary', 'AHEAD-CANARY', 'WAITING-CANARY']) expect(bytes.includes(canary), canary).toBe(false);
  expect(read((db) => db.prepare('SELECT DISTINCT waiting, held, refused, duplicates, overflowed, lag_ms FROM ops_event_source').all())).toEqual([{ waiting: 0, held: 0, refused: 0, duplicates: 0, overflowed: 0, lag_ms: null }]);
  expect(read(siteVersion)).toMatchObject({ version: 1, who: 'join', document: { timezone: 'Europe/Vienna' } });
  expect(read((db) => db.prepare<[], string>('SELECT key FROM site ORDER BY key').pluck().all())).toEqual(['config', 'joined log', 'key']);
});

test('given files that are no whole copy for this station, when they are looked at, then each is refused with its reason', () => {
  const store = hub();
  const key = store.db.prepare<[], string>("SELECT value FROM site WHERE key = 'key'").pluck().get()!;
  const { read } = copied(store);
  expect(read((db) => faultOfCopy(db, key, LOG_MIGRATIONS.length))).toBeUndefined();
  expect(read((db) => faultOfCopy(db, 'another', LOG_MIGRATIONS.length))).toContain('site key');
  expect(read((db) => faultOfCopy(db, key, LOG_MIGRATIONS.length - 1))).toContain('newer Vigil');
  expect(faultOfCopy(store.db, key, LOG_MIGRATIONS.length)).toContain('no copy');
});

test('given a store, when one thing of any kind was taken, then it is not empty', () => {
  const store = temporaryStore();
  expect(isEmptyLog(store.db)).toBe(true);
  apply(store, ['no JSON']);
  expect(isEmptyLog(store.db)).toBe(false);
  const other = temporaryStore();
  apply(other, [hospitalEvent(0, START)]);
  expect(isEmptyLog(other.db)).toBe(false);
});
