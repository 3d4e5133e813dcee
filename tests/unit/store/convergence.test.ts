import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rebuild } from '#core/store/rebuild.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import { trim } from '#core/store/trim.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, stateHash, temporaryStore } from '../../fixtures/stores.ts';
import type { TestEnvelope } from '../../fixtures/envelopes.ts';

const RUNS = { numRuns: 12 };

/** Applies in batches of random sizes and returns the hash; stores are made fresh for each history. */
function hashOf(events: readonly TestEnvelope[], batch: number): string {
  const store = temporaryStore();
  for (let i = 0; i < events.length; i += batch) apply(store, events.slice(i, i + batch));
  return stateHash(store);
}

const shuffled = (events: readonly TestEnvelope[], seed: number) =>
  events.map((event, i) => ({ event, key: Math.sin(seed + i * 7919) })).sort((a, b) => a.key - b.key).map(({ event }) => event);

test('given one set of events, when they arrive in any order, batch size and multiplicity, then the state is one', () => {
  fc.assert(
    fc.property(histories, fc.integer(), fc.integer({ min: 1, max: 20 }), (events, seed, batch) => {
      const expected = hashOf(events, 7);
      expect(hashOf(shuffled(events, seed), batch)).toBe(expected);
      expect(hashOf([...events, ...shuffled(events, seed + 1), ...events], batch)).toBe(expected);
    }),
    RUNS,
  );
});

test('given events that arrived out of order, when the store is rebuilt, then the state is the same', () => {
  fc.assert(
    fc.property(histories, fc.integer(), (events, seed) => {
      const store = temporaryStore();
      for (const event of shuffled(events, seed)) apply(store, [event]);
      const before = stateHash(store);
      rebuild(store.db);
      expect(stateHash(store)).toBe(before);
    }),
    RUNS,
  );
});

test('given a log trimmed behind a baseline, when late and rebuilt, then baseline plus tail is the whole history', () => {
  fc.assert(
    fc.property(histories, fc.nat(120), fc.integer(), (events, minute, seed) => {
      const horizon = Date.UTC(2026, 0, 14) + minute * 60_000;
      const early = events.filter((event) => Date.parse(event.time) <= horizon);
      const late = events.filter((event) => Date.parse(event.time) > horizon);
      const store = temporaryStore();
      apply(store, early);
      trim(store.db, horizon, horizon);
      for (const event of shuffled(late, seed)) apply(store, [event]);
      expect(stateHash(store)).toBe(hashOf(events, 5));
      rebuild(store.db);
      expect(stateHash(store)).toBe(hashOf(events, 5));
    }),
    RUNS,
  );
});

test('given a time, when the state of that time is asked for, then it is the fold of the events up to it', () => {
  fc.assert(
    fc.property(histories, fc.nat(120), fc.integer(), (events, minute, seed) => {
      const until = Date.UTC(2026, 0, 14) + minute * 60_000;
      const store = temporaryStore();
      apply(store, shuffled(events, seed));
      const expected = temporaryStore();
      apply(expected, events.filter((event) => Date.parse(event.time) <= until));
      expect(hashState(entitiesAt(store.db, until))).toBe(hashState(currentEntities(expected.db)));
    }),
    RUNS,
  );
});
