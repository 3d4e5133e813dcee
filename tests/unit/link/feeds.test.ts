import { expect, test } from 'vitest';
import { Feeds } from '#core/link/feeds.ts';
import { House } from '#core/domain/house.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const house = (config = {}) => new House(siteConfigSchema.parse(config));
const EHR = '//local/main/ehr/epic-1';

test('given a quiet source, when only its heartbeat comes, then it was heard at that moment', () => {
  const store = temporaryStore();
  const first = apply(store, [envelope('adt.leave-started', 1_000_000, { encounter: 'V1' }, { source: EHR })], { now: 1_000_500, live: true });
  const later = apply(store, [envelope('source.heartbeat', 1_060_000, { instance: 'epic-1' }, { source: EHR })], { now: 1_060_700, live: true });
  const feeds = new Feeds();
  for (const { contacts } of [first, later]) for (const [uri, at] of Object.entries(contacts)) feeds.heard(uri, at);
  expect(feeds.items(house())).toMatchObject([{ source: 'ehr', title: 'ADT', lastContact: 1_060_700 }]);
  const restarted = new Feeds();
  restarted.load(store.db);
  expect(restarted.items(house())).toEqual(feeds.items(house()));
});

test('given an old event that arrives now, when freshness is asked, then contact counts and not the age of the change', () => {
  const store = temporaryStore();
  const { contacts } = apply(store, [envelope('adt.leave-started', 0, { encounter: 'V1' }, { source: EHR })], { now: 5_000_000, live: true });
  expect(contacts).toEqual({ [EHR]: 5_000_000 });
});

test('given a refused message, when it names a source, then the source does not count as heard', () => {
  const store = temporaryStore();
  expect(apply(store, [{ ...envelope('adt.leave-started', 0, {}), source: EHR }]).contacts).toEqual({});
});

test('given a source that registered its pace, then it is held to that, and the site may say otherwise', () => {
  const feeds = new Feeds();
  feeds.heard(EHR, 1);
  feeds.heard('//local/main/lis/1', 1);
  const registered = house();
  registered.put('source', 'epic-1', { intervalSeconds: 30, silenceLimitSeconds: 90 });
  expect(feeds.items(registered)).toMatchObject([{ source: 'ehr', intervalSeconds: 30, silenceLimitSeconds: 90 }, { source: 'lis', intervalSeconds: 60, silenceLimitSeconds: 600 }]);
  const overruled = house({ sourceIntervalSeconds: { ehr: 10 } });
  expect(feeds.items(overruled)).toMatchObject([{ intervalSeconds: 10 }, {}]);
});
