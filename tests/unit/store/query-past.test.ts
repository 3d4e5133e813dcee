import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import type { House } from '#core/domain/house.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { DATA_METRICS } from '#core/store/data-health.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { queryStore } from '#core/store/query.ts';
import { newestEventTime, readHouse, readHouseAt } from '#core/store/read-house.ts';
import { unconfigured } from '#core/store/site-config.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 14);
const MINUTE = 60_000;

/** Sums in another order differ in their last digits. */
const rounded = (answer: unknown): unknown => JSON.parse(JSON.stringify(answer), (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value));

test('given any history, in any order of arrival, when a metric is asked of any moment or window, or without one, then the answer is that of the whole house of that moment', () => {
  fc.assert(
    fc.property(histories, fc.boolean(), fc.nat(130), fc.nat(130), (events, shuffled, end, length) => {
      const { db, ...store } = temporaryStore();
      apply({ db, ...store }, shuffled ? events.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : events.toSorted((a, b) => (a.time < b.time ? -1 : 1)));
      const site = unconfigured(DEFAULT_SITE);
      const newest = newestEventTime(db)!;
      const to = START + end * MINUTE;
      const from = to - length * MINUTE;
      const houses = new Map<number, House>();
      const houseOf = (at: number) => houses.get(at) ?? houses.set(at, at >= newest ? readHouse(db, site) : readHouseAt(db, site, at)).get(at)!;
      for (const [metric, { kind }] of metricDefinitions) {
        if (DATA_METRICS.has(metric)) continue;
        for (const window of kind === 'gauge' ? [{ to }, {}] : [{ from, to }, { to }, { from }, {}]) {
          const at = window.to === undefined ? newest : kind === 'gauge' ? to : to - 1;
          const house = houseOf(window.to === undefined || to >= newest ? newest : at);
          expect(rounded(queryStore(db, DEFAULT_SITE, { metric, scope: {}, ...window })), `${metric} ${JSON.stringify(window)}`).toEqual(rounded(evaluate(house, { metric, scope: {}, at, ...window })));
        }
      }
    }),
    { numRuns: 12 },
  );
});

test('given a bed that was vacated, cleaned and vacated again by stays that are over, when the turnaround of its cleaning is asked for, now or then, then it is measured from when the first left', () => {
  const store = temporaryStore();
  const place = { unit: '4E', bed: '1' };
  const at = (minute: number, type: string, data: Record<string, unknown>) => envelope(type, START + minute * MINUTE, data, { id: `${type} ${minute}` });
  const stay = (name: string, from: number, to: number) => [
    at(from, 'adt.admitted', { encounter: name, patient: { id: name }, location: { ...place, unitKind: 'ward' } }),
    at(to, 'adt.discharged', { encounter: name, patient: { id: name } }),
  ];
  apply(store, [...stay('A', 0, 10), at(15, 'bed.cleaning-started', place), at(20, 'bed.cleaning-completed', place), ...stay('B', 30, 40), at(90, 'bed.blocked', { ...place, reason: 'RN' })]);
  for (const to of [60, 100]) {
    expect(queryStore(store.db, DEFAULT_SITE, { metric: 'beds.clean_turnaround', scope: {}, from: START, to: START + to * MINUTE })).toMatchObject({ count: 1, p50: 10 });
  }
});
