import { expect, it } from 'vitest';
import { benchmark } from '#core/analytics/benchmark.ts';

const ward = (unit: string, ...values: (number | null)[]) => ({ unit, kind: 'ward', values });

it('compares a unit with those of its kind, and ranks by what is good', () => {
  const units = [ward('A', 0.8, 1), ward('B', 0.7, null), ward('C', 0.8), { unit: 'ICU', kind: 'icu', values: [1] }];
  const told = benchmark(units, 'high');
  expect(told[0]).toMatchObject({ unit: 'A', mean: 0.9, known: 2, unknown: 0, median: 0.8, rank: 3 });
  expect(told[0]!.difference).toBeCloseTo(0.1, 9);
  expect(told.map(({ rank }) => rank)).toEqual([3, 1, 2, null]);
  expect(benchmark(units, 'low').map(({ rank }) => rank)).toEqual([1, 3, 2, null]);
  expect(told[3]).toMatchObject({ mean: 1, median: null, difference: null });
});

it('leaves out what is not known, and is not known beside others', () => {
  expect(benchmark([ward('A', null), ward('B', 1), ward('C', 3)], 'high')).toMatchObject([{ mean: null, known: 0, unknown: 1, median: null, rank: null }, { median: 2, rank: 1 }, { median: 2, rank: 2 }]);
});

it('ranks nothing where neither way is bad', () => expect(benchmark([ward('A', 1), ward('B', 2)], undefined).map(({ rank }) => rank)).toEqual([null, null]));
