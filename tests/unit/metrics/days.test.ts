import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { siteDays, SiteDays } from '#core/metrics/days.ts';

const HOUR = 3_600_000;

describe('days of a site', () => {
  test.each([
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-07-01', 24],
  ])('%s in Berlin has %d hours', (date, hours) => {
    const day = siteDays('Europe/Berlin').dayOf(Date.parse(`${date}T12:00:00Z`));
    expect([day.date, (day.to - day.from) / HOUR]).toEqual([date, hours]);
  });

  test('wall times keep to the wall when clocks change', () => {
    const days = siteDays('Europe/Berlin');
    const day = days.dayOf(Date.parse('2026-03-29T12:00:00Z'));
    expect([days.at(day, '01:00'), days.at(day, '07:00'), days.at(day, '24:00')]).toEqual([
      Date.parse('2026-03-29T00:00:00Z'), Date.parse('2026-03-29T05:00:00Z'), Date.parse('2026-03-29T22:00:00Z'),
    ]);
  });

  // Santiago and Beirut change clocks at midnight; Kathmandu and Chatham stand at odd quarters of an hour.
  const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Asia/Beirut', 'Asia/Kathmandu', 'Pacific/Chatham'];

  test('cover time without gap or overlap, and say the date that the wall says', () => {
    const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, t) => {
        const days = new SiteDays(zone);
        const day = days.dayOf(t);
        expect(day.from <= t && t < day.to).toBe(true);
        expect(day.date).toBe(DateTime.fromMillis(t, { zone }).toISODate());
        expect(days.dayOf(day.to).from).toBe(day.to);
        expect(days.dayOf(day.from)).toEqual(day);
      }),
    );
  });
});
