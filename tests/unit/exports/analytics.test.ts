import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { BOTTLENECKS, KPI_TREND, OCCUPANCY, PERFORMANCE } from '#core/exports/analytics.ts';
import { siteTimes } from '#core/exports/site-times.ts';
import { wholePage, type WholeList } from '#core/exports/whole.ts';

const T = Date.parse('2026-03-08T06:00:00Z');
const HOUR = 3_600_000;

function file<T>(list: WholeList<T>, answer: T): Record<string, string>[] {
  const { header, text } = wholePage(list, [answer], 'csv', siteTimes('UTC'));
  return parse(header + text, { columns: true }) as Record<string, string>[];
}

const point = (hours: number, value: number | null) => ({ from: T + hours * HOUR, to: T + (hours + 1) * HOUR, value, average: value, changePerHour: null });

test('given trends, when they are written, then each bucket is a row, and what nothing is known of a row with its reason', () => {
  const answer = { metric: 'beds.occupancy_rate', step: '1h', items: [{ points: [point(0, 0.9), point(1, null)] }, { unit: '4E', points: [], reason: 'never sampled' }] };
  expect(file(OCCUPANCY, answer).map(({ unit, from_utc, value, unknown_reasons }) => [unit, from_utc, value, unknown_reasons])).toEqual([
    ['', '2026-03-08T06:00:00.000Z', '0.9', ''], ['', '2026-03-08T07:00:00.000Z', '', ''], ['4E', '', '', 'never sampled'],
  ]);
  const kpi = { metric: 'ed.los', unit: 'min', scope: 'ed=A', figure: 'p50', points: [point(0, 12)] };
  expect(file(KPI_TREND, kpi)).toMatchObject([{ metric: 'ed.los', unit: 'min', scope: 'ed=A', figure: 'p50', value: '12', to_utc: '2026-03-08T07:00:00.000Z', unknown_reasons: '' }]);
});

test('given units beside each other and what keeps coming back, when they are written, then with rank, and with what recurs', () => {
  const unit = { unit: '=4E', kind: 'ward', mean: 0.9, known: 7, unknown: 1, median: 0.8, difference: 0.1, rank: 2 };
  expect(file(PERFORMANCE, { metric: 'm', unit: '%', items: [unit] })).toEqual([{ metric: 'm', unit: "'=4E", kind: 'ward', mean: '0.9', known_days: '7', unknown_days: '1', median: '0.8', difference: '0.1', rank: '2', unknown_reasons: '' }]);
  expect(file(PERFORMANCE, { metric: 'm', unit: '%', items: [], reason: 'no unit' })).toMatchObject([{ metric: 'm', unit: '', unknown_reasons: 'no unit' }]);
  const [nine, monday] = [{ slot: 9, observed: 10, beyond: 8, unknown: 0, share: 0.8 }, { slot: 1, observed: 4, beyond: 1, unknown: 0, share: 0.25 }];
  expect(file(BOTTLENECKS, { metric: 'm', limit: 0.85, hours: [nine], days: [monday], recurring: { hours: [nine], days: [] } }).map(({ of, slot, share, recurring, limit }) => [of, slot, share, recurring, limit])).toEqual([['hour', '9', '0.8', 'true', '0.85'], ['day', '1', '0.25', 'false', '0.85']]);
});
