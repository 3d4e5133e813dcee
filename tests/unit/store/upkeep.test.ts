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
  const discharged = (i: number) => envelope('adt.discharged', START + 1_000 + i, { encounter: `V${i}` }, { id: `d${i}` });
  apply(store, [...Array.from({ length: 900 }, (_, i) => `no JSON ${i}`), ...Array.from({ length: 900 }, (_, i) => [admitted(i), discharged(i)]).flat()], { now: START });
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

test('given a short retention of persons, when some stay for longer than it, then who is in the house keeps their name until as long after they have gone', () => {
  const store = temporaryStore();
  const of = (i: number) => ({ encounter: `V${i}`, patient: { id: `MRN${i}` } });
  const admitted = (i: number) => envelope('adt.admitted', START + i, { ...of(i), patient: { id: `MRN${i}`, name: `Name ${i}` }, location: { unit: 'A', bed: String(i) } }, { id: `a${i}` });
  const names = () => [...Array(602).keys()].filter((i) => store.vault!.read(store.pseudonym(`MRN${i}`))?.['patient.name'] === `Name ${i}`);
  const on = (day: number, ...events: unknown[]) => {
    apply(store, events, { now: START + day * DAY });
    round(store, { events: 36_500, persons: 7 }, START + day * DAY + 60_000);
  };
  // More of them than one step looks at, the last two not in the house any more.
  on(0, ...Array.from({ length: 602 }, (_, i) => admitted(i)), ...[600, 601].map((i) => envelope('adt.discharged', START + 10 * 60_000, of(i), { id: `d${i}` })));
  expect(names()).toHaveLength(602);
  on(6, envelope('adt.discharge-cancelled', START + 6 * DAY, { encounter: 'V600' }, { id: 'c' }), envelope('adt.merged', START + 6 * DAY, { patient: { id: 'MRN0' }, into: { id: 'MRN601' } }, { id: 'm' }));
  on(9);
  expect(names()).toHaveLength(602);
  on(20, ...[1, 2].map((i) => envelope('adt.discharged', START + 20 * DAY, of(i), { id: `d${i}` })));
  on(26);
  expect(names()).toHaveLength(602);
  on(28);
  expect(names()).toEqual([...Array(602).keys()].filter((i) => i !== 1 && i !== 2));
});

test('given a person of whom nothing new is said and who is often spoken of, when persons are forgotten, then it counts from the last word', () => {
  const store = temporaryStore();
  const scheduled = (day: number) => envelope('or.case-scheduled', START + day * DAY, { case: 'C1', room: '1', patient: { id: 'MRN1', name: 'Example, Eva' }, scheduledStart: new Date(START + 90 * DAY).toISOString(), scheduledMinutes: 60 }, { id: `s${day}` });
  const known = () => store.vault!.read(store.pseudonym('MRN1'))?.['patient.name'];
  for (let day = 0; day < 12; day += 2) {
    apply(store, [scheduled(day)], { now: START + day * DAY });
    round(store, { events: 36_500, persons: 7 }, START + day * DAY + 60_000);
    expect(known(), `on day ${day}`).toBe('Example, Eva');
  }
  round(store, { events: 36_500, persons: 7 }, START + 18 * DAY);
  expect(known()).toBeUndefined();
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
