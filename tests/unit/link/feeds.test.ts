import { expect, test } from 'vitest';
import { Feeds } from '#core/link/feeds.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryStore } from '../../fixtures/stores.ts';

const site = (config = {}) => siteConfigSchema.parse(config);
const EHR = '//local/main/ehr/epic-1';
const heartbeat = (at: number, source: string, instance: string) => envelope('source.heartbeat', at, { instance }, { source, id: `${source} ${at}` });

test('given a quiet source, when only its heartbeat comes, then it was heard at that moment', () => {
  const store = temporaryStore();
  const first = apply(store, [envelope('adt.leave-started', 1_000_000, { encounter: 'V1' }, { source: EHR })], { now: 1_000_500, live: true });
  const later = apply(store, [heartbeat(1_060_000, EHR, 'epic-1')], { now: 1_060_700, live: true });
  const feeds = new Feeds();
  for (const outcome of [first, later]) feeds.apply(outcome);
  expect(feeds.items(site(), 1_060_700)).toMatchObject([{ source: 'ehr', title: 'ADT', lastContact: 1_060_700 }]);
  const restarted = new Feeds();
  restarted.load(store.db, 1_060_700);
  expect(restarted.items(site(), 1_060_700)).toEqual(feeds.items(site(), 1_060_700));
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
  const store = temporaryStore();
  const feeds = new Feeds();
  feeds.apply(apply(store, [envelope('source.registered', 1, { instance: 'epic-1', intervalSeconds: 30, silenceLimitSeconds: 90 }, { source: EHR }), heartbeat(2, '//local/main/lis/1', '1')], { now: 3, live: true }));
  expect(feeds.items(site(), 3)).toMatchObject([{ source: 'ehr', intervalSeconds: 30, silenceLimitSeconds: 90 }, { source: 'lis', intervalSeconds: 60, silenceLimitSeconds: 600 }]);
  expect(feeds.items(site({ sourceIntervalSeconds: { ehr: 10 } }), 3)).toMatchObject([{ intervalSeconds: 10 }, {}]);
});

test('given two systems with instances of one name, when each registers its pace, then each is held to its own', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  const says = (source: string, intervalSeconds: number) => envelope('source.registered', 1, { instance: '1', intervalSeconds }, { source, id: source });
  feeds.apply(apply(store, [says('//local/main/ehr/1', 30), says('//local/main/lis/1', 300)], { now: 3, live: true }));
  expect(feeds.items(site(), 3)).toMatchObject([{ source: 'ehr', intervalSeconds: 30 }, { source: 'lis', intervalSeconds: 300 }]);
});

test('given a dead instance beside one that lives, when freshness is asked, then the dead one shows, until somebody refuses it', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  const live = (at: number, ...instances: string[]) => feeds.apply(apply(store, instances.map((name) => heartbeat(at, `//local/main/ehr/${name}`, name)), { now: at, live: true }));
  live(0, 'a', 'b');
  live(3_600_000, 'b');
  expect(feeds.items(site(), 3_600_000)).toEqual([{ source: 'ehr', title: 'ADT a', instance: 'a', instances: 2, lastContact: 0, intervalSeconds: 60, silenceLimitSeconds: 600 }]);
  expect(feeds.troubles(site(), 3_600_000, 1)).toMatchObject([{ state: 'silent', source: 'ehr/a' }]);
  feeds.apply(store.ingest.decide('//local/main/ehr/a', 'refuse')!);
  expect(feeds.items(site(), 3_600_000)).toMatchObject([{ instance: 'b', lastContact: 3_600_000 }]);
});

test('given a source of which only a file told, when another instance of its kind speaks, then the file\'s does not count', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  feeds.apply(apply(store, [heartbeat(0, '//local/main/ehr/history', 'history')], { now: 1 }));
  expect(feeds.items(site(), 3_600_000)).toMatchObject([{ instance: 'history' }]);
  feeds.apply(apply(store, [heartbeat(3_600_000, EHR, 'epic-1')], { now: 3_600_000, live: true }));
  expect(feeds.items(site(), 3_600_000)).toMatchObject([{ instance: 'epic-1', lastContact: 3_600_000 }]);
});

test('given a source that the site lists and nobody has heard, then it is shown as never heard', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  feeds.apply(store.ingest.decide('//local/main/lis/sysmex', { by: 'site', title: 'Sysmex', expectedPerHour: 50 })!);
  expect(feeds.items(site(), 9)).toMatchObject([{ source: 'lis', title: 'Sysmex', lastContact: null }]);
  expect(feeds.troubles(site(), 9, 1)).toMatchObject([{ state: 'never-heard', source: 'lis/sysmex' }]);
});

test('given a clock that was given back, when the writer tells of a source that is silent since, then its age goes on', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  feeds.apply(apply(store, [heartbeat(7_200_000, EHR, 'epic-1')], { now: 7_200_000, live: true }));
  feeds.shift(3_600_000);
  store.ingest.clockBack(3_600_000);
  store.ingest.decide(EHR, 'accept');
  feeds.update(store.ingest.takeChangedSources());
  expect(feeds.items(site(), 3_660_000)).toMatchObject([{ lastContact: 3_600_000 }]);
  const reopened = new Feeds();
  reopened.load(store.db, 3_660_000);
  expect(reopened.items(site(), 3_660_000)).toEqual(feeds.items(site(), 3_660_000));
});

test('given a core that started after the clock went back, when the writer tells of a contact ahead of it, then that is none', () => {
  const store = temporaryStore();
  apply(store, [heartbeat(7_200_000, EHR, 'epic-1')], { now: 7_200_000, live: true });
  const feeds = new Feeds();
  feeds.load(store.db, 3_600_000);
  feeds.apply(store.ingest.decide(EHR, 'accept')!, 3_601_000);
  feeds.update(store.ingest.takeChangedSources(), 3_602_000);
  expect(feeds.items(site(), 3_602_000)).toMatchObject([{ lastContact: null }]);
});

test('given a message from just before the clock was given back, when its commit is told after, then its source was heard of now', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  feeds.apply(apply(store, [heartbeat(7_200_000, EHR, 'epic-1')], { now: 7_200_000, live: true }), 3_600_000);
  expect(feeds.items(site(), 3_600_000)).toMatchObject([{ lastContact: 3_600_000 }]);
});

test('given contacts from before the clock stepped back, when the core goes on or starts anew, then no age lies', () => {
  const store = temporaryStore();
  const feeds = new Feeds();
  feeds.apply(apply(store, [heartbeat(7_200_000, EHR, 'epic-1')], { now: 7_200_000, live: true }));
  feeds.shift(3_600_000);
  expect(feeds.items(site(), 3_660_000)).toMatchObject([{ lastContact: 3_600_000 }]);
  const restarted = new Feeds();
  restarted.load(store.db, 3_660_000);
  expect(restarted.items(site(), 3_660_000)).toMatchObject([{ lastContact: null }]);
});
