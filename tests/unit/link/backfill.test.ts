import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bedNow } from '#core/domain/beds/now.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { backfillTrends } from '#core/link/backfill.ts';
import { sample } from '#core/link/sampler.ts';
import { houseOverTime } from '#core/store/house-over-time.ts';
import { queryStore } from '#core/store/query.ts';
import { readHouseAt } from '#core/store/read-house.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { readSamples } from '#core/store/samples.ts';
import { beginTrim, Trimmer } from '#core/store/trim.ts';
import { entitiesAt, hashState } from '#core/store/state.ts';
import { trendSeries } from '#core/views/trend-series.ts';
import { FOLDED_KINDS } from '#core/domain/states.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { histories } from '../../fixtures/histories.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const MINUTE = 60_000;
const STEP = 5 * MINUTE;
const START = Date.UTC(2026, 0, 14);
const site = siteConfigSchema.parse({ units: [{ id: 'MICU', name: 'MICU', kind: 'icu', beds: ['1', '2', '3'] }] });

/** The hash of what a house holds, by the same rule as that of a store. */
const houseHash = (house: Parameters<typeof sample>[0]) =>
  hashState(FOLDED_KINDS.toSorted().flatMap((kind) => [...house.all(kind)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, state]) => ({ kind, id, state }))));

test('given any history, in any order of arrival, when trends are computed after the load, then they are those of the house as it was at each moment', () => {
  fc.assert(
    fc.property(histories, fc.boolean(), (events, shuffled) => {
      const store = temporaryStore();
      apply(store, shuffled ? [...events].sort((a, b) => (a.id < b.id ? -1 : 1)) : events.toSorted((a, b) => (a.time < b.time ? -1 : 1)));
      const until = START + 125 * MINUTE;
      backfillTrends(store.db, site, until);
      const plain = new Map<string, number | null>();
      for (let at = Math.ceil((until - 8 * 60 * MINUTE) / STEP) * STEP; at <= until; at += STEP) {
        const house = readHouseAt(store.db, site, at);
        for (const [series, time, value] of sample(house, trendSeries(house, at), at)) plain.set(`${series} ${time}`, value);
      }
      expect(Object.fromEntries([...readSamples(store.db, 0)].map(({ series, at, value }) => [`${series} ${at}`, value]))).toEqual(Object.fromEntries(plain));
    }),
    { numRuns: 5 },
  );
});

test('given any history, when the house walks from any moment on, then it is at each moment what the log says of it', () => {
  fc.assert(
    fc.property(histories, fc.boolean(), fc.nat(60), (events, shuffled, begin) => {
      const store = temporaryStore();
      apply(store, shuffled ? [...events].sort((a, b) => (a.id < b.id ? -1 : 1)) : events.toSorted((a, b) => (a.time < b.time ? -1 : 1)));
      const moments = [begin, 61, 125].map((minute) => START + minute * MINUTE);
      for (const { house, at } of houseOverTime(store.db, site, moments)) expect(houseHash(house)).toBe(houseHash(readHouseAt(store.db, site, at)));
    }),
    { numRuns: 40 },
  );
});

test('given a log that was trimmed, when the past is walked, then it begins at the baseline and is what it was', () => {
  const store = temporaryStore();
  const events = Array.from({ length: 20 }, (_, i) => envelope('unit.staffing-reported', START + i * STEP, { unit: 'MICU', staffedBeds: i }));
  apply(store, events);
  const times = events.map(({ time }) => Date.parse(time));
  const before = [...houseOverTime(store.db, site, times)].map(() => 0).length;
  const hashes = times.map((time) => hashState(entitiesAt(store.db, time)));
  beginTrim(store.db, times[9]!, times[19]!);
  const trimmer = new Trimmer(store.db);
  while (!trimmer.step(times[19]!, { rows: 100, ms: 1_000 }).done);
  const walked: string[] = [];
  for (const { house } of houseOverTime(store.db, site, times)) walked.push(houseHash(house));
  expect(before).toBe(20);
  expect(walked).toEqual(hashes.slice(9));
});

test('given a bed that nobody cleaned for longer than a house holds a stay that is over, when the past is walked or asked, then it is dirty as the whole log has it', () => {
  const store = temporaryStore();
  const DAY = 24 * 60 * MINUTE;
  const stay = { encounter: 'V1', patient: { id: 'MRN-1' } };
  apply(store, [
    envelope('adt.admitted', START, { ...stay, location: { unit: 'MICU', bed: '1' } }),
    envelope('adt.discharged', START + DAY, stay),
    envelope('unit.staffing-reported', START + 12 * DAY, { unit: 'MICU', staffedBeds: 3 }),
    envelope('bed.cleaning-completed', START + 13 * DAY, { unit: 'MICU', bed: '1' }),
  ]);
  const times = [START + DAY - 1, START + 9 * DAY, START + 13 * DAY];
  const told = (from: number) => {
    const statuses: string[] = [];
    for (const { house, at } of houseOverTime(store.db, site, times.slice(from))) statuses.push(bedNow(house, 'MICU/1', at).status);
    return statuses;
  };
  expect([told(0), told(1)]).toEqual([['occupied', 'dirty', 'available'], ['dirty', 'available']]);
  expect(times.map((to) => (queryStore(store.db, DEFAULT_SITE, { metric: 'beds.dirty', scope: {}, to }) as { value: number | null }).value)).toEqual([0, 1, 0]);
});
