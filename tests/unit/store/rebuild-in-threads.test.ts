import { expect, onTestFinished, test } from 'vitest';
import { openSiteStore } from '#core/store/site-store.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { rebuild, rebuildInThreads } from '#core/store/rebuild.ts';
import type { Db } from '#core/store/open.ts';
import { beginTrim, Trimmer } from '#core/store/trim.ts';
import { STEP } from '#core/store/upkeep.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { Random } from '../../fixtures/random.ts';
import { apply, stateHash, temporaryDir } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const EVENTS = 24_000;

/** Somebody who was in a bed and has left it. */
const stay = (i: number) => [
  envelope('adt.admitted', START + i * MINUTE, { encounter: `gone ${i}`, patient: { id: `P${i}` }, location: { unit: '4E', unitKind: 'ward', bed: String(i % 30) } }, { id: `in${i}` }),
  envelope('adt.discharged', START + (i + 30) * MINUTE, { encounter: `gone ${i}`, disposition: 'home' }, { id: `out${i}` }),
];

/** Some thousand entities in several blocks, some of their events late, the oldest trimmed behind a baseline. */
function filled() {
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: true });
  onTestFinished(() => store.close());
  const random = new Random(7);
  const events = Array.from({ length: EVENTS }, (_, i) => hospitalEvent(i, START + i * MINUTE));
  for (let i = 0; i < EVENTS; i++) if (random.below(50) === 0) [events[i], events[Math.max(0, i - 4_000)]] = [events[Math.max(0, i - 4_000)]!, events[i]!];
  for (let i = 0; i < EVENTS; i += 2_000) apply(store, events.slice(i, i + 2_000));
  apply(store, Array.from({ length: 600 }, (_, i) => stay(i)).flat());
  const now = START + EVENTS * MINUTE;
  beginTrim(store.db, START + 4_000 * MINUTE, now);
  const trimmer = new Trimmer(store.db);
  while (trimmer.pending) trimmer.step(now, STEP);
  return store;
}

const spoil = (db: Db) => db.exec("UPDATE entity SET state = NULL, open = 1 WHERE entity_id % 3 = 0; UPDATE entity SET state = '{}' WHERE entity_id % 7 = 0; DELETE FROM bed_use WHERE entity % 2 = 0");
const rows = (db: Db) => db.prepare('SELECT entity_id, kind, id, state, open FROM entity ORDER BY entity_id').all();
const changes = (db: Db) => (db.prepare('SELECT total_changes() AS n').get() as { n: number }).n;
const uses = (db: Db) => db.prepare('SELECT * FROM bed_use ORDER BY unit, bed, entity').all();

test('given a spoilt store, when several threads rebuild it, then every entity and past use is as one thread leaves them', async () => {
  const store = filled();
  const hash = stateHash(store);
  spoil(store.db);
  const events = rebuild(store.db);
  expect(stateHash(store)).toBe(hash);
  const [alone, usesAlone] = [rows(store.db), uses(store.db)];
  expect(alone.length).toBeGreaterThan(3 * 1_024);
  expect(usesAlone.length).toBeGreaterThan(0);
  for (const threads of [2, 3]) {
    spoil(store.db);
    const told: number[] = [];
    expect(await rebuildInThreads(store.db, (done) => told.push(done), threads)).toBe(events);
    expect(told.at(-1)).toBe(events);
    expect(rows(store.db)).toEqual(alone);
    expect(uses(store.db)).toEqual(usesAlone);
  }
}, 60_000);

test('given a store that is larger than the memory of a rebuild, when entities get events after they were let go, then one and several threads find nothing that differs, and mend what was spoilt', async () => {
  const store = filled();
  const hash = stateHash(store);
  for (const held of [30, 300, 1_500]) {
    for (const threads of [1, 2, 3]) {
      const written = changes(store.db);
      await rebuildInThreads(store.db, undefined, threads, held);
      expect(stateHash(store)).toBe(hash);
      spoil(store.db);
      await rebuildInThreads(store.db, undefined, threads, held);
      expect(stateHash(store)).toBe(hash);
      expect(changes(store.db)).toBeGreaterThan(written);
    }
  }
}, 120_000);

test('given a thread that fails, when several rebuild, then the store is as it was and says why', async () => {
  const store = filled();
  spoil(store.db);
  const before = rows(store.db);
  store.db.exec("UPDATE ops_event SET data = 'no JSON' WHERE position = (SELECT MAX(position) FROM ops_event)");
  await expect(rebuildInThreads(store.db, undefined, 2)).rejects.toThrow(/JSON/);
  expect(store.db.inTransaction).toBe(false);
  expect(rows(store.db)).toEqual(before);
}, 60_000);

test('given a store, when threads have rebuilt it, then none of them is left: what comes next does not run beside their end', async () => {
  const store = openSiteStore({ dataDir: temporaryDir(), id: DEFAULT_SITE, withVault: true });
  onTestFinished(() => store.close());
  apply(store, stay(1));
  const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  const before = ports();
  await rebuildInThreads(store.db, undefined, 3);
  expect(ports()).toBe(before);
});
