import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KPI_WINDOWS } from '#shared/kpi-windows.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { siteConfigSchema } from '#shared/site.ts';
import { House } from '#core/domain/house.ts';
import { departmentNow } from '#core/views/department.ts';
import { overviewView } from '#core/views/overview/view.ts';
import { orView } from '#core/views/or/view.ts';
import { requestOf } from '#core/views/tile.ts';
import { trendSeries } from '#core/views/trend-series.ts';
import { happened, houseWith } from '../domain/given.ts';
import { contextOf, item } from './world.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const utc = (clock: string, day = '10') => Date.parse(`2026-01-${day}T${clock}:00Z`);
type Windows = { shifts?: string[]; metrics?: Record<string, string> };
const siteOf = (kpiWindows: Windows, timezone = 'UTC') => ({ timezone, kpiWindows }) as Parameters<typeof houseWith>[0];
const request = (kpiWindows: Windows, now: number, timezone?: string) =>
  requestOf({ metric: 'lab.turnaround', scope: {}, window: 'so-far' }, { house: new House(siteConfigSchema.parse(siteOf(kpiWindows, timezone))), now });

describe('the window of a number that looks back', () => {
  it('begins with the day of the site, unless the site says otherwise', () => {
    expect(request({}, utc('10:00'))).toMatchObject({ from: utc('00:00'), to: utc('10:00') + 1 });
    expect(request({ metrics: { 'ed.length_of_stay': '4h' } }, utc('10:00'))).toMatchObject({ from: utc('00:00') });
  });

  it('is of the hours that the site says, to the minute', () => {
    expect(request({ metrics: { 'lab.turnaround': '4h' } }, utc('10:00') + 30_000)).toMatchObject({ from: utc('06:00'), to: utc('10:00') + 30_001 });
    expect(request({ metrics: { 'lab.turnaround': '24h' } }, utc('10:00'))).toMatchObject({ from: utc('10:00', '09') });
  });

  it.each([['08:59', utc('19:00', '09')], ['07:00', utc('07:00')], ['06:59', utc('19:00', '09')], ['19:30', utc('19:00')]])('of the shift, at %s', (clock, from) => {
    const shifts = clock === '08:59' ? ['19:00', '09:00'] : ['07:00', '19:00'];
    expect(request({ shifts, metrics: { 'lab.turnaround': 'shift' } }, utc(clock)).from).toBe(from);
  });

  it('of a shift follows the clock of the site, also where that changes', () => {
    // 29 March 2026 in Berlin: 02:00 becomes 03:00; 07:00 there is 05:00 UTC, and the night shift from 22:00 began at 21:00 UTC.
    const shifts = { shifts: ['07:00', '22:00'], metrics: { 'lab.turnaround': 'shift' } };
    expect(request(shifts, Date.parse('2026-03-29T04:59:00Z'), 'Europe/Berlin').from).toBe(Date.parse('2026-03-28T21:00:00Z'));
    expect(request(shifts, Date.parse('2026-03-29T05:00:00Z'), 'Europe/Berlin').from).toBe(Date.parse('2026-03-29T05:00:00Z'));
  });

  it('never begins after now, nor more than a day and an hour before, at any time of any zone', () => {
    const clock = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    fc.assert(fc.property(fc.constantFrom(...KPI_WINDOWS), fc.uniqueArray(clock, { minLength: 1, maxLength: 4 }), fc.nat(366 * 24 * 60), fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'), (window, shifts, minute, zone) => {
      const now = utc('00:00') + minute * MINUTE;
      const { from, to } = request({ shifts, metrics: { 'lab.turnaround': window } }, now, zone);
      expect(from).toBeLessThanOrEqual(now);
      expect(to! - from!).toBeLessThanOrEqual(25 * HOUR + MINUTE);
    }));
  });
});

describe('boards of a site with windows of its own', () => {
  const result = (id: string, clock: string) => [
    happened('00:30', 'lab.order-created', { order: id, priority: 'STAT', test: 'K' }, { source: 'lis' }),
    { ...happened('01:00', 'lab.specimen-collected', { order: id, priority: 'STAT', test: 'K' }, { source: 'lis' }) },
    happened(clock, 'lab.result-reported', { order: id, priority: 'STAT', test: 'K' }, { source: 'lis' }),
  ];
  const events = [...result('L1', '02:00'), ...result('L2', '09:00')];
  const tile = (windows: Windows) => item<MetricItem>(overviewView.compute(contextOf(houseWith(siteOf(windows), ...events), utc('10:00'))), 'kpi:lab.turnaround@priority=STAT');

  it('show what lies within them, and say so', () => {
    // From 01:00 to 02:00 and to 09:00: 60 and 480 min; of the last 4 h the second alone.
    expect(tile({})).toMatchObject({ samples: 2, from: utc('00:00') });
    expect(tile({ metrics: { 'lab.turnaround': '4h' } })).toMatchObject({ samples: 1, value: 480, from: utc('06:00') });
  });

  it('go by them at once when they are changed', () => {
    const house = houseWith(siteOf({}), ...events);
    house.configure(siteConfigSchema.parse(siteOf({ metrics: { 'lab.turnaround': '4h' } })));
    expect(item<MetricItem>(overviewView.compute(contextOf(house, utc('10:00'))), 'kpi:lab.turnaround@priority=STAT')).toMatchObject({ samples: 1 });
  });

  it('keep the course of what they show, and other readers are told the same', () => {
    const house = houseWith(siteOf({ metrics: { 'lab.turnaround': '4h' } }), ...events);
    expect(trendSeries(house, utc('10:00')).find(({ metric }) => metric === 'lab.turnaround')).toMatchObject({ from: utc('06:00') });
    expect(departmentNow('lab', contextOf(house, utc('10:00'))).find(({ metric }) => metric === 'lab.turnaround')).toMatchObject({ samples: 1, from: utc('06:00') });
  });

  it('hold cases done against those of the day only where both are of the day', () => {
    const done = [
      happened('06:00', 'or.case-scheduled', { case: 'A', room: '1', scheduledStart: '2026-01-10T08:00:00Z', scheduledMinutes: 60 }),
      happened('08:00', 'or.patient-in-room', { case: 'A', room: '1' }), happened('09:00', 'or.patient-out-of-room', { case: 'A' }),
    ];
    const shown = (windows: Windows) => item<MetricItem>(orView.compute(contextOf(houseWith(siteOf(windows), ...done), utc('10:00'))), 'kpi:or.cases_completed');
    expect(shown({})).toMatchObject({ value: 1, of: { value: 1 } });
    expect(shown({ metrics: { 'or.cases_completed': '2h' } })).not.toHaveProperty('of');
  });
});
