import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyHistory } from '../fixtures/any-events.ts';
import { ARRIVALS, hashAfter } from '../fixtures/arrivals.ts';
import { PlainFold } from '../fixtures/plain-fold.ts';

const HISTORIES = 60;
const LONGEST = 1_000;

test(`given ${HISTORIES} histories of up to ${LONGEST} events of all families, when each arrives in every way, then it has one state hash`, () => {
  let histories = 0;
  let events = 0;
  fc.assert(
    fc.property(anyHistory(LONGEST), fc.integer(), fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (history, seed, batch, cut) => {
      const plain = new PlainFold();
      for (const event of history) expect(plain.add(JSON.stringify(event))).toBe(true);
      const hash = plain.hash();
      for (const arrival of Object.keys(ARRIVALS)) expect(hashAfter(arrival, history, { seed, batch, cut }), arrival).toBe(hash);
      events += history.length;
      if (++histories % 10 === 0) process.stderr.write(`${histories} histories, ${events} events, ${Object.keys(ARRIVALS).length} ways each: one hash a history\n`);
    }),
    { numRuns: HISTORIES },
  );
});
