import { expect, test } from 'vitest';
import type { SourceRecord } from '#shared/sources.ts';
import { floodLimit, sourceTroubles } from '#core/domain/sources/trouble.ts';
import { Rates } from '#core/health/rates.ts';
import { StationHealth } from '#core/health/station.ts';
import { Feeds } from '#core/link/feeds.ts';

const NOW = 1_000_000_000;
const record = (over: Partial<SourceRecord> = {}): SourceRecord => ({
  uri: '//local/main/lis/1', kind: 'lis', instance: '1', state: 'registered', registeredBy: 'contact', title: null, intervalSeconds: null, silenceLimitSeconds: null,
  expectedPerHour: null, firstContact: 0, lastContact: NOW, lastEventTime: NOW, types: {}, lagMs: 0, smoothedLagMs: 0, accepted: 1, duplicates: 0, refused: 0, waiting: 0,
  waitingBytes: 0, held: 0, heldBytes: 0, overflowed: 0, ...over,
});
const states = (over: Partial<SourceRecord>, now = NOW, perSecond?: number) => sourceTroubles(record(over), { sourceIntervalSeconds: {} }, now, perSecond).map(({ state }) => state);

test.each([
  ['nothing', {}, 0, 0, []],
  ['silence within its limit', { silenceLimitSeconds: 60 }, 60, 0, []],
  ['silence beyond it', { silenceLimitSeconds: 60 }, 61, 0, ['silent']],
  ['ten default intervals of silence', {}, 601, 0, ['silent']],
  ['no word ever', { lastContact: null }, 0, 0, ['never-heard']],
  ['the silence of a file', { registeredBy: 'file' as const }, 9_999, 0, []],
  ['events ahead of the clock', { held: 3 }, 0, 0, ['clock-ahead']],
  ['20,000 events a second', {}, 0, 20_000, ['flooding']],
  ['a burst where little is expected', { expectedPerHour: 10 }, 0, 150, []],
  ['a flood where little is expected', { expectedPerHour: 10 }, 0, 250, ['flooding']],
  ['much where much is expected', { expectedPerHour: 3_600_000 }, 0, 9_000, []],
  ['events that wait', { state: 'quarantined' as const, waiting: 5 }, 9_999, 0, ['quarantined']],
  ['a full queue', { state: 'quarantined' as const, overflowed: 5 }, 0, 0, ['quarantined', 'queue-full']],
  ['a refused source that floods', { state: 'refused' as const, held: 3 }, 0, 20_000, ['refused']],
])('given %s, when a source is looked at, then its troubles are named', (_what, over, seconds, perSecond, named) => {
  expect(states(over, NOW + seconds * 1_000, perSecond)).toEqual(named);
});

test('given events of some seconds, when their rate is asked, then it is that of the last five, and falls to nothing', () => {
  const rates = new Rates();
  for (let second = 0; second < 10; second++) rates.add('a', 1_000, second * 1_000);
  expect(rates.perSecond('a', 9_900)).toBe(1_000);
  expect(rates.perSecond('a', 11_000)).toBe(600);
  expect(rates.perSecond('a', 60_000)).toBe(0);
  rates.add('a', 50, 60_000);
  expect({ a: rates.perSecond('a', 60_000), b: rates.perSecond('b', 0) }).toEqual({ a: 10, b: 0 });
  expect(floodLimit({ expectedPerHour: 360_000 })).toBe(1_000);
});

test('given a station in trouble, when it is looked at, then each is named, and none when all is well again', () => {
  const writer = { full: true, backlog: 20_000 };
  let stalled: { state: 'store-full'; message: string } | undefined = { state: 'store-full', message: 'database or disk is full' };
  let behind = 3_600_000;
  let broker: 'lost' | 'connected' = 'lost';
  let dropped = { letters: 0, bodies: 0 };
  let ending = ['--tls-cert hub.pem (CN=hub) ends in 3 days'];
  let words = ['“KAP” of 1 bed (4E/12)'];
  const parts = { clock: { mode: 'wall', speed: 1, now: () => NOW } as const, behindMs: () => behind, feeds: new Feeds(), site: () => ({ sourceIntervalSeconds: {} }), writer, broker: () => broker, stalled: () => stalled, dropped: () => dropped, certificates: () => ending, unexplained: () => words };
  const names = (health: StationHealth) => health.station.map(({ state }) => state);
  expect(names(new StationHealth(parts))).toEqual(['store-full', 'clock-stepped-back', 'back-pressure', 'broker-lost', 'certificate-ends', 'unknown-status']);
  [stalled, behind, broker, writer.full, ending, words] = [undefined, 0, 'connected', false, [], []];
  const health = new StationHealth(parts);
  expect(names(health)).toEqual([]);
  dropped = { letters: 10_000, bodies: 3 };
  expect(names(health)).toEqual(['dead-letters-dropped']);
  expect(names(new StationHealth(parts))).toEqual([]);
});
