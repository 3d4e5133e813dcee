import { describe, expect, it } from 'vitest';
import { beginningOf, clockStart } from '#core/demo/course.ts';
import { Calendar, HOUR, MINUTE } from '#core/simulate/hospital/time.ts';
import { demo } from '../simulate/demo.ts';

const ZONE = 'America/New_York';
// Clocks went an hour ahead at 2:00 on 8 March 2026 and back at 2:00 on 1 November.
const DAYS = [
  ['an ordinary day', '2026-03-03', '2026-03-03T13:00:00Z'],
  ['the day of 23 hours', '2026-03-08', '2026-03-08T12:00:00Z'],
  ['the day of 25 hours', '2026-11-01', '2026-11-01T13:00:00Z'],
] as const;

describe('when the demo begins', () => {
  it.each(DAYS)('--begin is what the clocks show, on %s', (_what, day, eight) => {
    expect(new Date(clockStart(0, ZONE, day, '08:00')).toISOString()).toBe(new Date(eight).toISOString());
  });

  it('goes back by whole days of the site, also over the night in which clocks change', () => {
    const calendar = new Calendar(ZONE);
    const early = clockStart(0, ZONE, '2026-03-09', '00:30');
    expect(calendar.day(beginningOf(early, 1, ZONE))).toBe('2026-03-08');
    const late = clockStart(0, ZONE, '2026-11-01', '23:30');
    expect(calendar.day(beginningOf(late, 1, ZONE))).toBe('2026-10-31');
  });

  it('refuses a day or a time that is none, saying how to write it', () => {
    expect(() => clockStart(0, ZONE, '2026-02-30', undefined)).toThrow(/--day 2026-02-30: write a day such as/);
    expect(() => clockStart(0, ZONE, undefined, '25:00')).toThrow(/--begin 25:00: write a time such as/);
  });
});

describe('the calendar of the demo hospital', () => {
  const calendar = new Calendar(ZONE);
  it.each(DAYS)('speaks of hours as clocks show them, on %s', (_what, _day, eight) => {
    const at = Date.parse(eight);
    expect(calendar.hour(at)).toBe(8);
    expect(calendar.at(at, 8.5)).toBe(at + 30 * MINUTE);
    expect(calendar.next(at - MINUTE, 8)).toBe(at);
    expect(calendar.next(at, 7)).toBeGreaterThan(at + 22 * HOUR);
  });

  it('gives a time that clocks skip as much later as they skip', () => {
    expect(new Date(calendar.at(Date.parse('2026-03-08T12:00:00Z'), 2.5)).toISOString()).toBe('2026-03-08T07:30:00.000Z');
  });

  it('lets the hospital go through both nights', () => {
    for (const day of ['2026-03-07', '2026-10-31']) {
      const { hospital, sent } = demo({ start: clockStart(0, ZONE, day, '00:00') });
      hospital.run(hospital.now + 60 * HOUR);
      const rounds = sent.filter(({ envelope: { type, time } }) => type === 'rcm.ar-balance-reported' && Date.parse(time) > hospital.now - 50 * HOUR);
      expect(new Set(rounds.map(({ at }) => calendar.hour(at)))).toEqual(new Set([5]));
    }
  });
});
