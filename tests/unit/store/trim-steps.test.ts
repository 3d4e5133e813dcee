import { expect, test } from 'vitest';
import { allBaselines } from '#core/store/baselines.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import { Trimmer, beginTrim, trim } from '#core/store/trim.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);
const SECOND = 1_000;
const stream = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => loadEvent(from + i, START + (from + i) * SECOND));
const at = (i: number) => START + i * SECOND;
const count = (store: { db: ReturnType<typeof temporaryStore>['db'] }) => (store.db.prepare('SELECT COUNT(*) AS n FROM ops_event').get() as { n: number }).n;

test('given a trimming under way, when late events come between its steps and the store is opened anew, then the state is at every moment that of the whole history', () => {
  const dir = temporaryDir();
  const calm = temporaryStore();
  let store = temporaryStore(dir);
  apply(store, stream(0, 1_000));
  apply(calm, stream(0, 1_000));
  beginTrim(store.db, at(600), at(1_000));
  let trimmer = new Trimmer(store.db);
  for (let late = 1_010, done = false; !done; late -= 7) {
    done = trimmer.step(at(1_000), { rows: 40, ms: 1_000 }).done;
    const event = loadEvent(5_000 + late, at(late));
    apply(store, [event]);
    apply(calm, [event]);
    expect(stateHash(store)).toBe(stateHash(calm));
    if (late % 4 === 0) {
      store.close();
      store = temporaryStore(dir);
      trimmer = new Trimmer(store.db);
    }
  }
  expect(store.db.prepare('SELECT COUNT(*) AS n FROM ops_event WHERE time <= ?').get(at(600))).toEqual({ n: 0 });
  rebuild(store.db);
  expect(stateHash(store)).toBe(stateHash(calm));
});

test('given one unit with more events than a step folds, many of one moment, when it is trimmed, then the state stays', () => {
  const store = temporaryStore();
  const statuses = ['occupied', 'dirty', 'cleaning', 'available'];
  apply(store, Array.from({ length: 1_600 }, (_, i) => envelope('bed.status-changed', START + Math.floor(i / 700), { unit: '4E', bed: '1', status: statuses[i % 4] }, { id: `b${i}`, sequence: i })));
  const before = stateHash(store);
  beginTrim(store.db, START + 1, START + 9);
  const trimmer = new Trimmer(store.db);
  while (!trimmer.step(START + 9, { rows: 1, ms: 1_000 }).done) expect(stateHash(store)).toBe(before);
  expect(count(store)).toBe(200);
  rebuild(store.db);
  expect(stateHash(store)).toBe(before);
});

test('given several baselines, when the state of one of their moments is asked for, then it is what it was, and between them the answer names those that are kept', () => {
  const store = temporaryStore();
  apply(store, stream(0, 900));
  const was = [200, 400, 600].map((i) => hashState(entitiesAt(store.db, at(i))));
  for (const i of [200, 400, 600]) trim(store.db, at(i), at(900));
  expect([200, 400, 600].map((i) => hashState(entitiesAt(store.db, at(i))))).toEqual(was);
  expect(allBaselines(store.db).map(({ state_hash: hash, events_trimmed: n }) => ({ hash, n }))).toEqual(was.map((hash, i) => ({ hash, n: i === 0 ? 201 : 200 })));
  expect(() => hashState(entitiesAt(store.db, at(300)))).toThrow(`Of the time before, the state is kept of: ${new Date(at(200)).toISOString()}, ${new Date(at(400)).toISOString()}`);
  const states = store.db.prepare('SELECT COUNT(*) AS n FROM baseline_entity').get() as { n: number };
  expect(states.n).toBeLessThan(3 * [...currentEntities(store.db)].length);
});

test('given an event from before a horizon that is only announced, when it comes, then it is refused as before the baseline', () => {
  const dir = temporaryDir();
  const first = temporaryStore(dir);
  apply(first, stream(0, 20));
  beginTrim(first.db, at(10), at(20));
  first.close();
  const store = temporaryStore(dir);
  expect(apply(store, [loadEvent(777, at(5))])).toMatchObject({ accepted: 0, refused: 1 });
});
