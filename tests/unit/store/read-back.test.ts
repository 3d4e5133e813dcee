import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FOLDED_KINDS } from '#core/domain/states.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { ReadBack } from '#core/store/read-back.ts';
import { newestEventTime, readHouse, readPresent } from '#core/store/read-house.ts';
import { unconfigured } from '#core/store/site-config.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);
const MINUTE = 60_000;
const site = unconfigured(DEFAULT_SITE);
const kinds = fc.subarray([...FOLDED_KINDS], { minLength: 1 });
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 });

/** Rows of the store that are over, as they stand. */
const over = (store: ReturnType<typeof temporaryStore>) => store.db.prepare<[], { kind: string; id: string; changed: number }>('SELECT kind, id, changed FROM entity WHERE open = 0 AND state IS NOT NULL').all();

test('given any history, when what was over is read back in any steps, then what the house says to be there is, and in the end it is what the store holds', () => {
  fc.assert(
    fc.property(histories, kinds, sizes, (events, wanted, steps) => {
      const store = temporaryStore();
      apply(store, events);
      const rows = over(store).filter(({ kind }) => (wanted as readonly string[]).includes(kind));
      const house = readPresent(store.db, site, wanted);
      house.closedSince = newestEventTime(store.db)! + 1;
      const back = new ReadBack(store.db, house, { since: -Infinity, kinds: wanted });
      for (let i = 0; !back.whole; i++) {
        const before = house.closedSince;
        const read = back.next(steps[i % steps.length]!);
        expect(read.length).toBeLessThanOrEqual(steps[i % steps.length]!);
        expect(house.closedSince).toBeLessThanOrEqual(before);
        for (const { kind, id, changed } of rows) if (changed >= house.closedSince) expect(house.get(kind as never, id), `${kind} ${id}`).toBeDefined();
      }
      expect(house.closedSince).toBe(-Infinity);
      const whole = readHouse(store.db, site, wanted);
      for (const kind of FOLDED_KINDS) expect(new Map<string, unknown>(house.all(kind))).toEqual(new Map<string, unknown>(whole.all(kind)));
    }),
    { numRuns: 25 },
  );
});

test('given what is asked for among much else that was over, when a step is taken, then it goes as far back as any step, and not until it finds as many', () => {
  const store = temporaryStore();
  const order = (i: number) => ['lab.order-created', 'lab.result-reported'].map((type) => envelope(type, START + i * MINUTE, { order: `L${i}`, test: 'K', priority: 'STAT' }, { id: `${type} ${i}` }));
  apply(store, Array.from({ length: 50 }, (_, i) => order(i)).flat());
  const house = readPresent(store.db, site, ['encounter']);
  const back = new ReadBack(store.db, house, { since: -Infinity, kinds: ['encounter'] });
  expect(back.next(10)).toEqual([]);
  expect(house.closedSince).toBe(START + 40 * MINUTE + 1);
});

test('given that the rest is left in the store, when the past uses of beds have been read, then the house still lacks it', () => {
  const store = temporaryStore();
  const stay = (i: number) => {
    const of = { encounter: `V${i}`, patient: { id: `MRN${i}` } };
    return [
      envelope('adt.admitted', START + i * MINUTE, { ...of, location: { unit: '4E', unitKind: 'ward', bed: String(i) } }, { id: `in ${i}` }),
      envelope('adt.discharged', START + i * MINUTE + 1, of, { id: `out ${i}` }),
    ];
  };
  apply(store, Array.from({ length: 20 }, (_, i) => stay(i)).flat());
  const house = readPresent(store.db, site);
  const back = new ReadBack(store.db, house, { since: -Infinity });
  back.next(5);
  back.leaveRest();
  while (!back.whole) expect(back.next(5)).toEqual([]);
  expect(house.closedSince).toBe(START + 15 * MINUTE + 2);
  expect(Array.from({ length: 20 }, (_, i) => house.vacated(`4E/${i}`).at(-1))).toEqual(Array.from({ length: 20 }, (_, i) => START + i * MINUTE + 1));
});
