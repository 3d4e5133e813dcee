import { expect, test } from 'vitest';
import type { ValueResult } from '#shared/metrics/result.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { queryStore } from '#core/store/query.ts';
import type { SiteStore } from '#core/store/site-store.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.parse('2026-01-14T08:00:00Z');
const HOUR = 3_600_000;
const beat = (instance: string, time: number, source = 'ehr') => envelope('source.heartbeat', time, { instance }, { source: `//local/main/${source}/${instance}`, id: `${source}${instance}${time}` });
const ask = (store: SiteStore, metric: string, source?: string, to = NOW + HOUR) => queryStore(store.db, DEFAULT_SITE, { metric, scope: source === undefined ? {} : { source }, to }) as ValueResult;

/** One instance that fell silent an hour ago, one that lives, and one of another kind. */
function hospital(): SiteStore {
  const store = temporaryStore();
  apply(store, [beat('dead', NOW), beat('alive', NOW)], { now: NOW + 500, live: true });
  apply(store, [beat('alive', NOW + HOUR - 1_000), beat('1', NOW + HOUR - 3_000, 'lis')], { now: NOW + HOUR - 500, live: true });
  return store;
}

test('given a dead instance beside a living one, when the age of their data is asked, then the dead one counts and each has its own', () => {
  expect(ask(hospital(), 'data.age_seconds', 'ehr')).toEqual({
    metric: 'data.age_seconds', scope: { source: 'ehr' }, value: 3_600,
    sources: [{ source: 'ehr/alive', value: 1, states: [] }, { source: 'ehr/dead', value: 3_600, states: ['silent'] }],
  });
});

test('given sources with lags, when the lag is asked by kind, instance and CloudEvents source, then it is that of the newest event', () => {
  const store = hospital();
  expect(['lis', 'ehr/alive', '//local/main/ehr/dead', undefined].map((source) => ask(store, 'data.lag_seconds', source).value)).toEqual([2.5, 0.5, 0.5, 2.5]);
});

test('given a moment of the past, when the age is asked, then it is that of what was known to have happened by then', () => {
  expect(ask(hospital(), 'data.age_seconds', 'ehr/alive', NOW + 60_000).value).toBe(60);
});

test('given a source of which nothing was heard, when it is asked about, then the answer is unknown with a reason', () => {
  const store = hospital();
  expect(ask(store, 'data.age_seconds', 'ris')).toMatchObject({ value: null, reason: 'nothing has been heard from this source' });
  store.ingest.decide('//local/main/lis/2', { by: 'person' });
  expect(ask(store, 'data.age_seconds', 'lis')).toMatchObject({ value: null, reason: 'nothing has been heard from lis/2', sources: [{ value: 3 }, { source: 'lis/2', value: null, states: ['never-heard'] }] });
});

test('given refused and waiting events, when they are counted, then each instance has its own and the kind their sum', () => {
  const store = hospital();
  apply(store, [{ ...beat('dead', NOW), id: 'x', data: {} }, { ...beat('alive', NOW), id: 'y', data: {} }, { ...beat('alive', NOW), id: 'z', data: {} }, beat('alive', NOW + 9 * HOUR)], { now: NOW + HOUR, live: true });
  expect(ask(store, 'data.dead_letters', 'ehr')).toMatchObject({ value: 4, sources: [{ source: 'ehr/alive', value: 3 }, { source: 'ehr/dead', value: 1 }] });
  expect(ask(store, 'data.waiting', 'ehr')).toMatchObject({ value: 1, sources: [{ value: 1, states: ['clock-ahead'] }, { value: 0 }] });
});
