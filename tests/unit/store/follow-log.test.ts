import Database from 'better-sqlite3';
import fc from 'fast-check';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { copyLog } from '#core/store/copy-log.ts';
import { markEvent } from '#core/store/event-marks.ts';
import { readJoined, unknownOf, type Joined } from '#core/store/joined.ts';
import { LOG_MIGRATIONS, migrate } from '#core/store/migrate.ts';
import { positionsRise } from '#core/store/migrations/013-positions-rise.ts';
import { openOptions } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { readEvent } from '#core/store/read-events.ts';
import { readLog, type LogEvent } from '#core/store/read-log.ts';
import type { SiteStore } from '#core/store/site-store.ts';
import { trim } from '#core/store/trim.ts';
import { envelope, type TestEnvelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);
const MINUTE = 60_000;
const NOW = START + 24 * 60 * MINUTE;
const RUNS = { numRuns: 8 };
const BEGINNING: Joined = { position: 0, check: null };

const found = ({ position: _, hash, received, sequence, constructed, ...event }: LogEvent) => ({
  event: { ...event, ...(sequence === null ? {} : { sequence }), ...(constructed === null ? {} : { constructed }) } as DomainEvent,
  hash: Buffer.from(hash, 'hex'),
  received,
});

/** Takes over what stands behind a place in the hub's log, page by page, as a station that joins does; returns where it ends. */
function follow(hub: SiteStore, station: SiteStore, from: Joined): Joined {
  for (let at = from; ; ) {
    const page = readLog(hub.db, { after: at.position, check: at.check ?? undefined, limit: 7 });
    if (page.state !== 'page') throw new Error(`the log cannot be read on after ${at.position}: ${page.state}`);
    station.ingest.adopt(unknownOf(station.db, page.events.map(found)), NOW);
    if (page.events.length === 0) return at;
    at = { position: page.next, check: page.check };
  }
}

/** A station that begins with a copy of the hub's log. */
function copyOf(hub: SiteStore): SiteStore {
  const dataDir = temporaryDir();
  const { log } = storeFiles(dataDir, DEFAULT_SITE);
  mkdirSync(dirname(log), { recursive: true });
  copyLog(hub.db.name, `${log}.copy`);
  copyFileSync(`${log}.copy`, log);
  return temporaryStore(dataDir);
}

/** Trims a store up to a horizon, as upkeep does. */
function forget(store: SiteStore, horizon: number): void {
  trim(store.db, horizon, NOW);
  store.ingest.readHorizon();
}

/** What a source says under an id that it gave before: something else that it said, or of another time. */
const under = (one: TestEnvelope, other: TestEnvelope): TestEnvelope => ({ ...other, id: one.id, source: one.source });

const staffing = (id: string, staffedBeds: number, minute = 0) => envelope('unit.staffing-reported', START + minute * MINUTE, { unit: 'MICU', staffedBeds }, { id });

/** Bodies under one identity, the one that counts last. */
function bodies(id: string, minute = 0): TestEnvelope[] {
  const store = temporaryStore();
  const hashOf = (event: TestEnvelope): string => {
    apply(store, [{ ...event, id: JSON.stringify(event.data) }]);
    return store.db.prepare<[], string>('SELECT HEX(hash) FROM ops_event ORDER BY position DESC LIMIT 1').pluck().get()!;
  };
  return [20, 21, 22, 23].map((beds) => staffing(id, beds, minute)).map((event) => ({ event, hash: hashOf(event) })).sort((a, b) => (a.hash < b.hash ? 1 : -1)).map(({ event }) => event);
}

const contradicted = fc.record({
  events: histories,
  pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 20 }),
  known: fc.double({ min: 0, max: 1, noNaN: true }),
  batch: fc.integer({ min: 1, max: 9 }),
}).map(({ events, pairs, known, batch }) => {
  const contradictions = pairs.flatMap(([i, j]) => {
    const one = events[i % events.length]!;
    const same = events.filter(({ source }) => source === one.source);
    return [under(one, same[j % same.length]!)];
  });
  return { events, contradictions, cut: Math.floor(events.length * known), batch };
});

function inBatches(store: SiteStore, events: readonly TestEnvelope[], size: number): void {
  for (let i = 0; i < events.length; i += size) apply(store, events.slice(i, i + size), { now: NOW });
}

test('given a station that has the log of its hub, when other bodies under known identities reach the hub alone and it reads on, then it has the hub\'s state', () => {
  fc.assert(
    fc.property(contradicted, ({ events, contradictions, cut, batch }) => {
      const [hub, station] = [temporaryStore(), temporaryStore()];
      inBatches(hub, events.slice(0, cut), batch);
      const at = follow(hub, station, BEGINNING);
      expect(stateHash(station)).toBe(stateHash(hub));
      inBatches(hub, [...contradictions, ...events.slice(cut), ...contradictions], batch);
      follow(hub, station, at);
      expect(stateHash(station)).toBe(stateHash(hub));
    }),
    RUNS,
  );
});

test('given a station that began with a copy of a trimmed log, when other bodies reach the hub alone and it reads on, then it has the hub\'s state and need not begin anew', () => {
  fc.assert(
    fc.property(contradicted, fc.nat(120), ({ events, contradictions, batch }, minute) => {
      const horizon = START + minute * MINUTE;
      const hub = temporaryStore();
      inBatches(hub, events, batch);
      forget(hub, horizon);
      const station = copyOf(hub);
      // The baseline of the copy is not the hub's newest any more.
      forget(hub, horizon + MINUTE / 2);
      inBatches(hub, contradictions, batch);
      follow(hub, station, readJoined(station.db)!);
      expect(stateHash(station)).toBe(stateHash(hub));
    }),
    RUNS,
  );
});

test('given an event that stands last in the log, when another body under its identity wins, then it has a position that no event had, and who reads on gets it', () => {
  const [hub, station] = [temporaryStore(), temporaryStore()];
  const [first, ...more] = bodies('same');
  apply(hub, [staffing('before', 3), first]);
  const at = follow(hub, station, BEGINNING);
  expect(at.position).toBe(2);
  for (const body of more) apply(hub, [body]);
  const page = readLog(hub.db, { after: at.position, check: at.check!, limit: 10 });
  expect(page.state === 'page' && page.events.map(({ position, id }) => [position, id])).toEqual([[2 + more.length, 'same']]);
  follow(hub, station, at);
  expect(stateHash(station)).toBe(stateHash(hub));
});

test('given a mark on an event, when another body under its identity wins, then nobody has dealt with that one', () => {
  const store = temporaryStore();
  const [first, second] = bodies('same');
  apply(store, [first]);
  markEvent(store.db, 1, { at: 1, by: 'somebody' });
  apply(store, [second]);
  expect(readEvent(store.db, 1)).toBeUndefined();
  expect(readEvent(store.db, 2)).toMatchObject({ id: 'same', processed: null });
  expect(store.db.prepare('SELECT COUNT(*) AS n FROM event_mark').get()).toEqual({ n: 0 });
});

test('given a log whose newest event was trimmed, when another comes, then it has a position of its own, and who had read to the end reads on', () => {
  const [hub, station] = [temporaryStore(), temporaryStore()];
  apply(hub, [staffing('one', 3), staffing('two', 4, 1)]);
  const at = follow(hub, station, BEGINNING);
  forget(hub, START + MINUTE);
  expect(follow(hub, station, at)).toEqual(at);
  apply(hub, [staffing('three', 5, 2)]);
  expect(follow(hub, station, at).position).toBe(3);
  expect(stateHash(station)).toBe(stateHash(hub));
});

test('given a body that wins, when it is listened to each event, then it is told with its new position and whether it changed its entity', () => {
  const store = temporaryStore();
  store.ingest.configure({ unknown: 'accept', eachEvent: true });
  const [first, second] = bodies('same', 5);
  apply(store, [first]);
  expect(apply(store, [second])).toMatchObject({ oldest: START + 5 * MINUTE, ingested: [{ id: 'same', position: 2, changed: true }] });
});

test('given a log that an earlier version trimmed, when this one has opened it, then who had read past what is missing reads on, and who had not is told', () => {
  const db = new Database(':memory:', openOptions());
  onTestFinished(() => void db.close());
  migrate(db, LOG_MIGRATIONS.slice(0, LOG_MIGRATIONS.indexOf(positionsRise)));
  db.exec(`
    INSERT INTO ops_event_source (source_id, uri, source, instance) VALUES (1, '${staffing('', 1).source}', 'staff', 'test');
    INSERT INTO entity VALUES (1, 'unit', 'MICU', '{}', 1, 1);
    INSERT INTO baseline (horizon, state_hash, created, completed, events_trimmed) VALUES (5, 'one', 5, 5, 3), (6, 'two', 6, 6, 1);
  `);
  const put = db.prepare("INSERT INTO ops_event (position, source_id, id, type, time, entity, data, hash, received) VALUES (?, 1, ?, 'unit.staffing-reported', 9, 1, '{}', x'00', 9)");
  for (const position of [4, 5, 7, 8]) put.run(position, `${position}`);
  migrate(db, LOG_MIGRATIONS);
  for (const after of [0, 3, 5]) expect(readLog(db, { after, limit: 9 }), `after ${after}`).toEqual({ state: 'trimmed', horizon: 6 });
  expect(readLog(db, { after: 6, limit: 9 })).toMatchObject({ state: 'page', newest: 8, events: [{ position: 7 }, { position: 8 }] });
  expect(readLog(db, { after: 3, baseline: 'two', limit: 9 })).toMatchObject({ state: 'page', next: 8 });
});
