import { expect, test } from 'vitest';
import { freshness, stalest } from '#shared/freshness.ts';
import { freshnessText } from '../../../renderer/format/age.ts';
import { anchor, siteTime } from '../../../renderer/stores/site-clock.ts';

const feed = { lastContact: 1_000_000, intervalSeconds: 30, silenceLimitSeconds: 600 };
const after = (seconds: number): number => feed.lastContact + seconds * 1000;

test.each([
  [0, 'fresh'], [30, 'fresh'], [31, 'ageing'], [90, 'ageing'], [91, 'stale'], [600, 'stale'], [601, 'lost'],
] as const)('%i s after the last contact of a 30 s source it is %s', (seconds, state) => {
  expect(freshness(feed, after(seconds)).state).toBe(state);
});

test('a silence limit shorter than three intervals does not skip "stale" before its time', () => {
  expect(freshness({ ...feed, silenceLimitSeconds: 10 }, after(60)).state).toBe('ageing');
});

test.each([[30, '30 s'], [61, '1 min'], [240, 'STALE 4 min'], [601, 'NO DATA 00:16']] as const)('%i s after the last contact of a 30 s source its age reads "%s"', (seconds, text) => {
  expect(freshnessText(freshness(feed, after(seconds)), 'UTC')).toBe(text);
});

test('a source that was never heard has no data, since no time', () => {
  expect(freshnessText(freshness({ ...feed, lastContact: null }, after(1)), 'UTC')).toBe('NO DATA');
});

test('a contact ahead of the display\'s clock is not of negative age', () => {
  expect(freshness(feed, after(-5))).toMatchObject({ state: 'fresh', ageMs: 0 });
});

test('a number is as fresh as the stalest of its sources', () => {
  const fresh = { ...feed, lastContact: after(500) };
  expect(stalest([fresh, feed], after(510))).toMatchObject({ state: 'stale', since: feed.lastContact });
});

test('a source that was never heard of is lost, and so is a number without any', () => {
  expect(stalest([feed, undefined], after(1))).toEqual({ state: 'lost', ageMs: null, since: null });
  expect(stalest([], after(1)).state).toBe('lost');
});

test('the site\'s clock runs on with this machine\'s monotonic time, at the replay\'s speed', () => {
  const held = anchor(undefined, { mode: 'replay', at: 5000, sentAt: 77, speed: 60 }, 100);
  expect(siteTime(held, 100)).toBe(5000);
  expect(siteTime(held, 1100)).toBe(65_000);
});

test('the same clock sent again keeps its anchor; a newer one moves it', () => {
  const clock = { mode: 'wall', at: 5000, sentAt: 77, speed: 1 } as const;
  const held = anchor(undefined, clock, 100);
  expect(anchor(held, { ...clock }, 9000)).toBe(held);
  expect(anchor(held, { ...clock, at: 6000, sentAt: 78 }, 1200)).toMatchObject({ at: 6000, monotonic: 1200 });
});
