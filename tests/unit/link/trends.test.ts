import { expect, test } from 'vitest';
import { Trends } from '#core/link/trends.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 14, 8);
const minute = (n: number) => START + n * MINUTE;

test('given a minute that was sampled, when it is asked what is due, then only the next one is', () => {
  const trends = new Trends();
  trends.add([['a', minute(0), 1]], minute(0));
  expect([trends.due(minute(0) + 59_999), trends.due(minute(1) + 5)]).toEqual([undefined, minute(1)]);
});

test('given a series that is sampled no more, when its points are older than trends are, then it is gone', () => {
  const trends = new Trends();
  trends.add([['room', minute(0), 1]], minute(0));
  trends.add([['a', minute(480), 1]], minute(480));
  expect(trends.get('room', {})).toEqual([[minute(0), 1]]);
  trends.add([['a', minute(481), 1]], minute(481));
  expect(trends.get('room', {})).toEqual([]);
});

test.each([
  ['while the core runs', (trends: Trends) => [1, 2, 3, 4].forEach((n) => trends.add([['a', minute(n), n], ['b', minute(n), n]], minute(n)))],
  ['while no core ran', (trends: Trends) => trends.load([1, 2, 3, 4].flatMap((n) => ['a', 'b'].map((series) => ({ series, at: minute(n), value: n }))))],
])('given a clock that is given back %s, when time goes on, then each minute is sampled again and no course runs ahead of it', (_, known) => {
  const trends = new Trends();
  known(trends);
  expect(trends.due(minute(2) + 7)).toBe(minute(2));
  trends.add([['a', minute(2), 20]], minute(2));
  expect(trends.due(minute(2) + 8)).toBeUndefined();
  expect(trends.get('a', {})).toEqual([[minute(1), 1], [minute(2), 20]]);
  expect(trends.get('b', {})).toEqual([[minute(1), 1]]);
});
