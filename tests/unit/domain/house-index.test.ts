import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { siteConfigSchema } from '#shared/site.ts';
import { House } from '../../../electron/core/domain/house.ts';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { newestTime } from '../../../electron/core/domain/recent.ts';
import type { EntityStates, FoldedKind } from '../../../electron/core/domain/states.ts';

const START = Date.parse('2026-01-10T00:00:00Z');
const HOUR = 3_600_000;

const time = fc.nat(20).map((n) => START + n * (HOUR / 2));
const order: fc.Arbitrary<EntityStates['lab-order']> = fc
  .record({ orderedAt: time, reportedAt: fc.option(time, { nil: undefined }), priority: fc.constantFrom('STAT', 'ROUTINE') })
  .map(({ orderedAt, reportedAt, priority }) => ({ priority, orderedAt, results: reportedAt === undefined ? [] : [{ reportedAt, priority }] }));
const visit: fc.Arbitrary<EntityStates['encounter']> = fc
  .record({ patient: fc.constantFrom('A', 'B', undefined), arrivedAt: time, departedAt: fc.option(time, { nil: undefined }) })
  .map(({ patient, arrivedAt, departedAt }) => ({ ed: { arrivedAt, ...(patient === undefined ? {} : { patient }), ...(departedAt === undefined ? {} : { departedAt }) } }));
const denial: fc.Arbitrary<EntityStates['denial']> = fc.constantFrom('C1', 'C2').map((claim) => ({ claim, status: 'received', steps: [] }));

type Put = { [K in FoldedKind]: readonly [K, string, EntityStates[K] | undefined] }[FoldedKind];
const id = fc.constantFrom('1', '2', '3', '4', '5', '6');
const put: fc.Arbitrary<Put> = fc.oneof(
  fc.tuple(fc.constant('lab-order' as const), id, fc.option(order, { nil: undefined })),
  fc.tuple(fc.constant('encounter' as const), id, fc.option(visit, { nil: undefined })),
  fc.tuple(fc.constant('denial' as const), id, fc.option(denial, { nil: undefined })),
);
const puts = fc.array(put, { maxLength: 60, size: 'max' });
const house = () => new House(siteConfigSchema.parse({}));
const ids = (entries: Iterable<readonly [string, unknown]>) => [...entries].map(([key]) => key).sort();

describe('a house', () => {
  it('leaves out of a window only what was over before it, whether it is asked early or late', () => {
    fc.assert(
      fc.property(puts, fc.integer({ min: -2, max: 12 }), fc.boolean(), (all, hours, early) => {
        const one = house();
        const t = START + hours * HOUR;
        if (early) one.since('lab-order', t);
        for (const [kind, key, state] of all) one.put(kind, key, state as never);
        const found = ids(one.entriesSince('lab-order', t));
        expect(one.since('lab-order', t)).toEqual(one.entriesSince('lab-order', t).map(([, state]) => state));
        const orders = [...one.all('lab-order')];
        expect(new Set(found).size).toBe(found.length);
        for (const [key, state] of orders) if (isOpen('lab-order', state) || newestTime(state) >= t) expect(found).toContain(key);
        for (const key of found) expect(isOpen('lab-order', one.get('lab-order', key)) || newestTime(one.get('lab-order', key)) >= t - HOUR).toBe(true);
        expect(ids(one.entriesSince('lab-order', -Infinity))).toEqual(ids(orders));
      }),
    );
  });

  it('adds up what is over once, and tells after each change what a walk through all would', () => {
    const departures = (from: number, to: number, factor: number) => ({ ed }: EntityStates['encounter']) => (ed?.departedAt !== undefined && ed.departedAt >= from && ed.departedAt < to ? factor : 0);
    const question = fc.record({ from: fc.option(time, { nil: -Infinity }), length: fc.nat(20), factor: fc.constantFrom(1, 10) });
    fc.assert(
      fc.property(puts, fc.array(question, { minLength: 1, maxLength: 4 }), (all, questions) => {
        const one = house();
        for (const [kind, key, state] of all) {
          one.put(kind, key, state as never);
          for (const { from, length, factor } of questions) {
            const to = Math.max(from, START) + length * (HOUR / 2);
            const weigh = departures(from, to, factor);
            const walked = [...one.all('encounter').values()].reduce((sum, state) => sum + weigh(state), 0);
            expect(one.sumSince('encounter', { from, to }, 'departures', weigh, factor)).toBe(walked);
          }
        }
      }),
    );
  });

  it('knows after each change whether anything answers a test', () => {
    const isStat = ({ priority }: EntityStates['lab-order']) => priority === 'STAT';
    const isAnswered = ({ results }: EntityStates['lab-order']) => results.length > 0;
    fc.assert(
      fc.property(puts, (all) => {
        const one = house();
        for (const [kind, key, state] of all) {
          one.put(kind, key, state as never);
          const orders = [...one.all('lab-order').values()];
          expect(one.some('lab-order', 'stat', isStat)).toBe(orders.some(isStat));
          expect(one.some('lab-order', 'answered', isAnswered)).toBe(orders.some(isAnswered));
        }
      }),
    );
  });

  it('asks again when what a test rests on has changed', () => {
    const one = house();
    one.put('lab-order', '1', { priority: 'STAT', results: [] });
    expect([0, 0, 1, 1].map((basis) => one.some('lab-order', 'x', () => basis === 1, basis))).toEqual([false, false, true, true]);
  });

  it('answers more questions than it remembers', () => {
    const one = house();
    one.put('lab-order', '1', { priority: 'P7', results: [] });
    const ask = (n: number) => one.some('lab-order', `P${n}`, ({ priority }) => priority === `P${n}`);
    for (let round = 0; round < 2; round++) expect(Array.from({ length: 500 }, (_, n) => n).filter(ask)).toEqual([7]);
  });

  it('knows by another site document who is in its sole emergency department', () => {
    const withEds = (...ids: string[]) => siteConfigSchema.parse({ units: ids.map((unit) => ({ id: unit, name: unit, kind: 'ed' })) });
    fc.assert(
      fc.property(puts, fc.constantFrom(withEds('A'), withEds('A', 'B'), withEds()), fc.constantFrom(withEds('B'), withEds('A', 'B'), withEds()), (all, before, after) => {
        const [changed, fresh] = [new House(before), new House(after)];
        for (const [kind, key, state] of all) for (const one of [changed, fresh]) one.put(kind, key, state as never);
        changed.configure(after);
        expect(changed.soleEd).toBe(fresh.soleEd);
        expect(new Map([...changed.present()].sort())).toEqual(new Map([...fresh.present()].sort()));
      }),
    );
  });

  it('finds encounters by patient and denials by claim', () => {
    fc.assert(
      fc.property(puts, (all) => {
        const one = house();
        for (const [kind, key, state] of all) one.put(kind, key, state as never);
        for (const patient of ['A', 'B']) {
          expect([...one.encountersOfPatient(patient)].sort()).toEqual(ids([...one.all('encounter')].filter(([, { ed }]) => ed?.patient === patient)));
        }
        for (const claim of ['C1', 'C2']) expect([...one.denialsOfClaim(claim)].sort()).toEqual(ids([...one.all('denial')].filter(([, d]) => d.claim === claim)));
      }),
    );
  });
});

describe('the newest time of a state', () => {
  it('is its largest number, wherever it stands', () => {
    expect(newestTime({ a: 3, b: { c: [1, { d: START }], e: 'x', f: null }, g: true })).toBe(START);
    expect(newestTime({ status: 'x' })).toBe(-Infinity);
  });
});
