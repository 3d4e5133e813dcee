import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { retentionSchema } from '#shared/retention.ts';
import { allBaselines } from '#core/store/baselines.ts';
import { wallClock } from '#core/clock/clock.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { readSiteConfig } from '#core/store/site-file.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import { storeTasks, Upkeep } from '#core/store/upkeep.ts';
import { WriterThread } from '#core/store/writer-thread.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envelope } from '../../fixtures/envelopes.ts';
import { loadEvent } from '../../fixtures/load-events.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** All that a round has to do, step by step. */
function round(store: ReturnType<typeof temporaryStore>, keep: object, now: number): void {
  const upkeep = new Upkeep(storeTasks(store, retentionSchema.parse(keep)));
  upkeep.due(now - DAY);
  expect(upkeep.due(now)).toBe(true);
  while (upkeep.step(now));
}
const rows = (store: ReturnType<typeof temporaryStore>, table: string) => (store.db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get() as { n: number }).n;

test('given ten days of events and a log kept for three, when days go by, then there is one baseline a day, the state stays, and each kept day can be asked for', () => {
  const store = temporaryStore();
  const days = 10;
  const perDay = 240;
  const hashes: string[] = [];
  for (let day = 0; day < days; day++) {
    apply(store, Array.from({ length: perDay }, (_, i) => loadEvent(day * perDay + i, START + day * DAY + i * 5 * MINUTE)));
    hashes.push(stateHash(store));
    round(store, { events: 3, baselines: 6 }, START + (day + 1) * DAY);
    expect(stateHash(store)).toBe(hashes[day]);
  }
  expect(rows(store, 'ops_event')).toBe(3 * perDay);
  const kept = allBaselines(store.db);
  expect(kept.map(({ horizon }) => horizon)).toEqual([5, 6, 7].map((day) => START + day * DAY - 1));
  for (const { horizon, state_hash: hash } of kept) {
    const day = (horizon + 1 - START) / DAY;
    expect(hashState(entitiesAt(store.db, horizon))).toBe(hashes[day - 1]);
    expect(hash).toBe(hashes[day - 1]);
  }
  rebuild(store.db);
  expect(stateHash(store)).toBe(hashes.at(-1));
  expect(rows(store, 'baseline_entity')).toBeLessThan(2 * [...currentEntities(store.db)].length);
});

test('given persons and refused messages from long ago, when a round ends, then they are gone, and what waits for its time has stayed', () => {
  const store = temporaryStore();
  const admitted = (i: number) => envelope('adt.admitted', START + i, { encounter: `V${i}`, patient: { id: `MRN${i}`, name: 'A B' }, location: { unit: 'A' } }, { id: `a${i}` });
  apply(store, [...Array.from({ length: 900 }, (_, i) => `no JSON ${i}`), ...Array.from({ length: 900 }, (_, i) => admitted(i))], { now: START });
  apply(store, [envelope('bed.cleaning-requested', START + 900 * DAY, { unit: '4E', bed: '1' }, { id: 'ahead' })], { now: START, live: true });
  apply(store, ['refused lately', admitted(5_000)], { now: START + 100 * DAY });
  const persons = () => (store.vault!.db.prepare('SELECT COUNT(*) AS n FROM person').get() as { n: number }).n;
  const before = persons();
  round(store, { events: 36_500, persons: 30, deadLetters: 60 }, START + 120 * DAY);
  expect(before).toBe(901);
  expect(persons()).toBe(1);
  expect(store.db.prepare('SELECT reason FROM dead_letter ORDER BY dead_letter_id').all()).toEqual([{ reason: 'ahead-of-clock' }, { reason: 'not-json' }]);
  expect(store.ingest.deadLetters.count()).toBe(2);
  expect(rows(store, 'held_event')).toBe(1);
    apply(store, [{ ...admitted(7), id: 'again' }], { now: START + 120 * DAY });
  expect(persons()).toBe(2);
});

test('given a log of which most was forgotten, when rounds go by, then the file shrinks by small steps', () => {
  const store = temporaryStore();
  apply(store, Array.from({ length: 8_000 }, (_, i) => loadEvent(i, START + i * 1_000)));
  const was = stateHash(store);
  round(store, { events: 1 }, START + 10 * DAY);
  expect(rows(store, 'ops_event')).toBe(0);
  expect(stateHash(store)).toBe(was);
  const [free, pages] = ['freelist_count', 'page_count'].map((pragma) => store.db.pragma(pragma, { simple: true }) as number);
  expect(free).toBeLessThanOrEqual(Math.max(250, pages! / 10));
});

test('given a clock that is given back, when time goes on, then the next round begins as after a start', () => {
  const upkeep = new Upkeep([{ name: 'nothing', step: () => false }]);
  const due = (minutes: number) => upkeep.due(START + minutes * MINUTE) && !upkeep.step(START + minutes * MINUTE);
  due(0);
  expect([due(1), due(2), due(12)]).toEqual([true, false, true]);
  expect([due(12 - 300), due(13 - 300), due(14 - 300), due(24 - 300)]).toEqual([false, true, false, true]);
});

test('given a running writer and a log beyond its time, when ticks come, then it forgets between batches and says so', async () => {
  const dataDir = temporaryDir();
  const config = join(dataDir, 'site.yaml');
  writeFileSync(config, 'retention: { events: 5 }');
  const store = temporaryStore(dataDir);
  const now = Date.now();
  apply(store, Array.from({ length: 1_500 }, (_, i) => loadEvent(i, now - 20 * DAY + i * 1_000)));
  store.close();
  let at = now;
  const clock = { ...wallClock, now: () => at };
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: true, config: readSiteConfig(config) }, clock, { onCommitted: () => undefined, onStalled: () => undefined, onLost: () => undefined });
  writer.tick();
  at += MINUTE;
  for (let i = 0; i < 400 && writer.upkeep?.completed === undefined; i++) {
    writer.tick();
    await sleep(25);
  }
  expect(writer.upkeep).toMatchObject({ state: 'idle', completed: at });
  await writer.close();
  const db = openForReading(storeFiles(dataDir, DEFAULT_SITE).log);
  expect(db.prepare('SELECT COUNT(*) AS n FROM ops_event').get()).toEqual({ n: 0 });
  db.close();
});
