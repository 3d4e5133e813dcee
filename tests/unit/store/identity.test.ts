import { expect, test } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { readLog, type LogEvent } from '#core/store/read-log.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, refusals, stateHash, temporaryStore } from '../../fixtures/stores.ts';

const T = '2026-01-14T08:00:00Z';
const staffing = (staffedBeds: number) => envelope('unit.staffing-reported', T, { unit: 'MICU', staffedBeds }, { id: 'same' });
const state = (store: ReturnType<typeof temporaryStore>) => JSON.parse((store.db.prepare("SELECT state FROM entity WHERE kind = 'unit'").get() as { state: string }).state) as { staffedBeds: number };

test('given an event, when it is delivered again with other whitespace and key order, then nothing changes', () => {
  const store = temporaryStore();
  const event = staffing(20);
  apply(store, [event]);
  const hash = stateHash(store);
  const again = JSON.stringify(Object.fromEntries(Object.entries(event).reverse()), null, 2);
  expect(apply(store, [again])).toMatchObject({ accepted: 0, duplicates: 1, refused: 0 });
  expect(stateHash(store)).toBe(hash);
});

test('given two bodies under one identity, when they arrive in either order, then the same one counts and the other is kept', () => {
  const results = [[staffing(20), staffing(24)], [staffing(24), staffing(20)]].map((events) => {
    const store = temporaryStore();
    for (const event of events) apply(store, [event]);
    expect(refusals(store)).toEqual(['two-bodies']);
    return { beds: state(store).staffedBeds, hash: stateHash(store) };
  });
  expect(results[0]).toEqual(results[1]);
});

test('given two bodies under one identity that speak of different entities, when the second wins, then the first is unsaid', () => {
  const of = (unit: string) => envelope('unit.staffing-reported', T, { unit, staffedBeds: 3 }, { id: 'same' });
  const hashes = [['A', 'B'], ['B', 'A']].map((units) => {
    const store = temporaryStore();
    for (const unit of units) apply(store, [of(unit)]);
    return stateHash(store);
  });
  expect(hashes[0]).toBe(hashes[1]);
});

test('given a log whose event another body under its identity wins over, when a station adopts it from its hub, then the losing body is kept as long as any', () => {
  const NOW = Date.parse('2026-01-15T00:00:00Z');
  const [hub, station] = [temporaryStore(), temporaryStore()];
  const [one, other] = [staffing(20), staffing(24)];
  for (const event of [one, other]) apply(hub, [event]);
  const winner = state(hub).staffedBeds;
  apply(station, [winner === 20 ? other : one]);
  const { events } = readLog(hub.db, { after: 0, limit: 10 }) as { events: LogEvent[] };
  station.ingest.adopt(events.map(({ position: _, hash, received, sequence, constructed, ...event }) => ({ event: { ...event, ...(sequence === null ? {} : { sequence }), ...(constructed === null ? {} : { constructed }) } as DomainEvent, hash: Buffer.from(hash, 'hex'), received })), NOW);
  expect(stateHash(station)).toBe(stateHash(hub));
  expect(refusals(station)).toEqual(['two-bodies']);
  station.ingest.deadLetters.expireBodies(NOW);
  const [letter] = station.ingest.deadLetters.waiting('two-bodies');
  expect(station.ingest.deadLetters.message(letter!)?.payload.toString()).toContain('staffedBeds');
});

test('given the same id from two instances of a source, when both arrive, then both count', () => {
  const store = temporaryStore();
  const other = { ...staffing(24), source: '//local/main/staff/other', time: '2026-01-14T09:00:00Z' };
  expect(apply(store, [staffing(20), other])).toMatchObject({ accepted: 2, duplicates: 0 });
  expect(state(store).staffedBeds).toBe(24);
});
