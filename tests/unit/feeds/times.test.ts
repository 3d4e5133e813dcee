import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { compileFormat, parseWithOffset, startOfDay, toInstant } from '#core/feeds/table/times.ts';

const FORMATS = [
  'yyyy/MM/dd HH:mm:ss.SSS', 'yyyy-MM-dd HH:mm:ss', 'MM/dd/yy hh:mm a', 'M/d/yy h:mm a', 'M/d/yyyy H:mm', 'dd.MM.yyyy', "yyyy-MM-dd'T'HH:mm:ss", 'yyyyMMddHHmmss',
];
const ZONES = ['UTC', 'Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata'];
const moments = fc.date({ min: new Date('1961-01-01T00:00:00Z'), max: new Date('2060-12-31T23:59:59Z'), noInvalidDate: true });

describe('time formats', () => {
  it('read back every time that Luxon prints', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(...FORMATS), fc.constantFrom(...ZONES), (date, format, zone) => {
        const text = DateTime.fromJSDate(date, { zone }).toFormat(format);
        const wall = compileFormat(format)(text);
        expect(wall).toBeDefined();
        expect(DateTime.fromMillis(toInstant(wall!, zone), { zone }).toFormat(format)).toBe(text);
      }),
    );
  });

  it('refuse exactly what Luxon refuses among texts of the right shape', () => {
    const two = fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0'));
    const parse = compileFormat('yyyy-MM-dd HH:mm:ss');
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2100 }), two, two, two, two, two, (y, mo, d, h, mi, s) => {
        const text = `${y}-${mo}-${d} ${h}:${mi}:${s}`;
        const general = DateTime.fromFormat(text, 'yyyy-MM-dd HH:mm:ss', { zone: 'UTC' });
        fc.pre(h !== '24');
        expect(parse(text)).toBe(general.isValid ? general.toMillis() : undefined);
      }),
    );
  });

  it.each(['', '2014/02/30 10:00:00.000', '2014/10/22 11:15:41', '2014/10/22 24:00:00.000', '0014/1/2 1:1:1.1', 'x2014/10/22 11:15:41.000'])('gives nothing for "%s"', (text) => {
    expect(compileFormat('yyyy/MM/dd HH:mm:ss.SSS')(text)).toBeUndefined();
  });

  it('knows noon and midnight of a 12-hour clock', () => {
    const parse = compileFormat('MM/dd/yy hh:mm a');
    expect(parse('01/03/22 12:00 AM')).toBe(Date.UTC(2022, 0, 3, 0, 0));
    expect(parse('01/03/22 12:30 pm')).toBe(Date.UTC(2022, 0, 3, 12, 30));
    expect(parse('01/03/22 13:30 PM')).toBeUndefined();
  });

  it.each([['yyyy-MM-dd EEE', /"EEE"/], ['HH:mm', /year/], ['yyyy-MM-dd hh:mm', /AM\/PM/]])('refuses the format %s with a reason', (format, reason) => {
    expect(() => compileFormat(format)).toThrow(reason);
  });
});

describe('zones', () => {
  it('moves a time that daylight saving skips by the length of the gap and takes the first of two', () => {
    const skipped = compileFormat('yyyy-MM-dd HH:mm')('2026-03-08 02:30')!;
    expect(new Date(toInstant(skipped, 'America/New_York')).toISOString()).toBe('2026-03-08T07:30:00.000Z');
    const twice = compileFormat('yyyy-MM-dd HH:mm')('2026-11-01 01:30')!;
    expect(new Date(toInstant(twice, 'America/New_York')).toISOString()).toBe('2026-11-01T05:30:00.000Z');
  });

  it('takes the day of a wall-clock reading', () => {
    expect(startOfDay(Date.UTC(1969, 11, 31, 23))).toBe(Date.UTC(1969, 11, 31));
    expect(startOfDay(Date.UTC(2026, 0, 14, 0))).toBe(Date.UTC(2026, 0, 14));
  });

  it('reads times that carry their own offset, and no others', () => {
    expect(parseWithOffset('2026-01-14 10:00:00+02:00')).toBe(Date.UTC(2026, 0, 14, 8));
    expect(parseWithOffset('2026-01-14T10:00:00Z')).toBe(Date.UTC(2026, 0, 14, 10));
    expect(parseWithOffset('2026-01-14T10:00:00')).toBeUndefined();
    expect(parseWithOffset('2026-13-14T10:00:00Z')).toBeUndefined();
  });
});
