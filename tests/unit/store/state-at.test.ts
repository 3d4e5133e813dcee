import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AHEAD_LIMIT_MS } from '#core/store/kept-aside.ts';
import { entitiesAt, hashState } from '#core/store/state.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, stateHash, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);
const MINUTE = 60_000;
const staffing = (minute: number, staffedBeds: number) => envelope('unit.staffing-reported', START + minute * MINUTE, { unit: 'MICU', staffedBeds }, { id: `s${minute}` });

test('given any history with corrections, in any order of arrival, when asked for the state at a time, then it is that of a store that got only the events up to then', () => {
  fc.assert(
    fc.property(histories, fc.nat(120), fc.boolean(), (events, minute, shuffled) => {
      const at = START + minute * MINUTE;
      const [store, known] = [temporaryStore(), temporaryStore()];
      apply(store, shuffled ? events.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : events);
      apply(known, events.filter(({ time }) => Date.parse(time) <= at));
      expect(hashState(entitiesAt(store.db, at))).toBe(stateHash(known));
    }),
    { numRuns: 6 },
  );
});

const staffed = (store: ReturnType<typeof temporaryStore>, minute: number) => [...entitiesAt(store.db, START + minute * MINUTE)].map(({ state }) => (state as { staffedBeds: number }).staffedBeds);

test('given an event that is held for being ahead of the clock, when it is released, then it holds from its own time on and not before', () => {
  const store = temporaryStore();
  apply(store, [staffing(0, 10)], { now: START, live: true });
  apply(store, [staffing(60, 12)], { now: START, live: true });
  expect([staffed(store, 59), staffed(store, 90)]).toEqual([[10], [10]]);
  store.ingest.release(START + 60 * MINUTE - AHEAD_LIMIT_MS);
  expect([staffed(store, 59), staffed(store, 60)]).toEqual([[10], [12]]);
});

test('given an event that comes late, when asked for a time after its own, then it counts from there, as known today', () => {
  const store = temporaryStore();
  apply(store, [staffing(0, 10), staffing(60, 12)]);
  expect(staffed(store, 45)).toEqual([10]);
  apply(store, [staffing(30, 11)]);
  expect([29, 30, 59, 60].map((minute) => staffed(store, minute))).toEqual([[10], [11], [11], [12]]);
});

test('given another body under a known identity, when the lower hash wins, then every past moment is told by it', () => {
  const store = temporaryStore();
  const bodies = [10, 20].map((beds) => ({ ...staffing(0, beds), id: 'same' }));
  apply(store, [bodies[0], staffing(60, 12), bodies[1]]);
  const winner = staffed(store, 30);
  const other = temporaryStore();
  apply(other, [bodies[1], bodies[0], staffing(60, 12)]);
  expect(staffed(other, 30)).toEqual(winner);
  expect(staffed(store, 60)).toEqual([12]);
});
