import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEGIN, MINUTE, anyHistory, foldedTypes } from '../../fixtures/any-events.ts';
import { ARRIVALS, hashAfter } from '../../fixtures/arrivals.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { PlainFold } from '../../fixtures/plain-fold.ts';

const RUNS = { numRuns: 8 };
const chosen = fc.record({ seed: fc.integer(), batch: fc.integer({ min: 1, max: 40 }), cut: fc.double({ min: 0, max: 1, noNaN: true }) });

describe.each(Object.keys(ARRIVALS))('given a history of all families, when it arrives %s', (arrival) => {
  test('then its state is the plain fold of its events', () => {
    fc.assert(
      fc.property(anyHistory(80), chosen, (events, how) => {
        const plain = new PlainFold();
        for (const event of events) expect(plain.add(JSON.stringify(event)), JSON.stringify(event)).toBe(true);
        expect(hashAfter(arrival, events, how)).toBe(plain.hash());
      }),
      RUNS,
    );
  });
});

test.each(Object.keys(ARRIVALS))('given a bed that forgets what is older than eight days, when its history arrives %s, then its state is the plain fold', (arrival) => {
  const round = [['cleaning-requested', 600, {}], ['cleaning-completed', 660, {}], ['blocked', 720, { reason: 'RN' }], ['unblocked', 780, {}]] as const;
  const events = Array.from({ length: 14 }, (_, day) => round.map(([type, minute, more]) => envelope(`bed.${type}`, BEGIN + (day * 1_440 + minute) * MINUTE, { unit: '4E', bed: '1', ...more }, { id: `${day}-${type}` }))).flat();
  const plain = new PlainFold();
  for (const event of events) plain.add(JSON.stringify(event));
  for (const seed of [1, 2]) expect(hashAfter(arrival, events, { seed, batch: 7, cut: 0.6 })).toBe(plain.hash());
});

test('given two bodies under one identity, when they arrive in any order and however often, then the state is one', () => {
  const ofOneId = fc.tuple(anyHistory(30), fc.nat(12)).map(([events, ids]) => events.map((event, i) => ({ ...event, id: `e${i % (ids + 1)}` })));
  fc.assert(
    fc.property(ofOneId, chosen, (events, how) => {
      const hash = hashAfter('in order', events, how);
      for (const arrival of Object.keys(ARRIVALS).filter((name) => !name.startsWith('trimmed'))) expect(hashAfter(arrival, events, how), arrival).toBe(hash);
    }),
    RUNS,
  );
});

test('the histories hold every type that changes state, and the plain fold tells a difference', () => {
  const seen = new Set(fc.sample(anyHistory(400), { numRuns: 20, seed: 1 }).flat().map(({ type }) => type));
  expect([...seen].sort()).toEqual(foldedTypes.map(({ type }) => type).sort());
  const admitted = envelope('adt.admitted', BEGIN, { encounter: 'V-A', patient: { id: 'MRN-A' }, location: { unit: '4E', bed: '1' } }, { id: 'a' });
  const fold = (...events: object[]) => {
    const plain = new PlainFold();
    for (const event of events) plain.add(JSON.stringify(event));
    return plain.hash();
  };
  expect(fold(admitted)).not.toBe(fold());
  expect(fold(admitted)).not.toBe(fold({ ...admitted, time: new Date(BEGIN + MINUTE).toISOString() }));
});
