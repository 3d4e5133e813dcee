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
  // Lord Howe changes by half an hour; Havana and the Azores have midnight twice; Apia left out 30 December 2011.
  const zones = [
    'UTC', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Asia/Beirut', 'Asia/Kathmandu', 'Pacific/Chatham', 'Australia/Lord_Howe',
    'America/Havana', 'Atlantic/Azores', 'Pacific/Apia',
  ];

  /** Moments of twenty years, many of them within a day of a change of the clocks in spring or autumn, north or south. */
  const moment = fc.oneof(
    fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2030, 0, 1) }),
    fc.tuple(fc.integer({ min: 2011, max: 2029 }), fc.constantFrom(2, 3, 8, 9, 10, 11), fc.integer({ min: 1, max: 31 }), fc.nat(24 * 60)).map(([y, m, d, minute]) => Date.UTC(y, m, d) + minute * 60_000),
  );

  test('cover time without gap or overlap, and say the date that the wall says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, t) => {
        const days = new SiteDays(zone);
        const day = days.dayOf(t);
        expect(day.from <= t && t < day.to).toBe(true);
        expect(day.date).toBe(DateTime.fromMillis(t, { zone }).toISODate());
        expect(days.dayOf(day.to).from).toBe(day.to);
        expect(days.dayOf(day.from)).toEqual(day);
      }),
      { numRuns: 1_000 },
    );
  });

  test('hours cover each day without gap or overlap, begin at full hours or where the clocks change, and last an hour at most', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, (zone, t) => {
        const days = new SiteDays(zone);
        const day = days.dayOf(t);
        let cursor = day.from;
        while (cursor < day.to) {
          const hour = days.hourOf(cursor);
          expect(hour.from).toBe(cursor);
          expect(hour.to - hour.from).toBeLessThanOrEqual(HOUR);
          expect(days.hourOf(hour.to - 1)).toEqual(hour);
          const wall = DateTime.fromMillis(cursor, { zone });
          const changed = wall.offset !== DateTime.fromMillis(cursor - 1, { zone }).offset;
          expect(wall.minute === 0 || changed).toBe(true);
          cursor = hour.to;
        }
        expect(cursor).toBe(day.to);
      }),
      { numRuns: 300 },
    );
  });

  const lengths = (zone: string, date: string) => {
    const days = new SiteDays(zone);
    const day = days.dayOf(DateTime.fromISO(`${date}T12:00`, { zone }).toMillis());
    let hours = 0;
    for (let t = day.from; t < day.to; t = days.hourOf(t).to) hours++;
    return [(day.to - day.from) / HOUR, hours];
  };

  test.each([
    ['America/New_York', '2026-03-08', 23, 23],
    ['America/New_York', '2026-11-01', 25, 25],
    ['Europe/Berlin', '2026-03-29', 23, 23],
    ['Europe/Berlin', '2026-10-25', 25, 25],
    ['Australia/Lord_Howe', '2026-10-04', 23.5, 24],
    ['Australia/Lord_Howe', '2026-04-05', 24.5, 25],
    ['Asia/Kathmandu', '2026-03-29', 24, 24],
    ['Pacific/Apia', '2011-12-29', 24, 24],
    ['Pacific/Apia', '2011-12-31', 24, 24],
    ['America/Havana', '2026-11-01', 25, 25],
  ])('%s %s lasts %d h in %d hours of the clock', (zone, date, length, hours) => {
    expect(lengths(zone, date)).toEqual([length, hours]);
  });

  test('the day after 29 December 2011 in Apia is the 31st', () => {
    const days = new SiteDays('Pacific/Apia');
    const day = days.dayOf(DateTime.fromISO('2011-12-29T12:00', { zone: 'Pacific/Apia' }).toMillis());
    expect([day.date, days.dayOf(day.to).date]).toEqual(['2011-12-29', '2011-12-31']);
  });
});
