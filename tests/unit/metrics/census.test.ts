import { describe, expect, test } from 'vitest';
import { at, figures, houseOf, reason, value, type Told } from './house-of.ts';

const units = [
  { id: '4E', name: 'Ward', kind: 'ward' as const, beds: ['1', '2', '3'] },
  { id: '4S', name: 'Ward', kind: 'ward' as const, beds: ['1', '2'] },
  { id: 'MICU', name: 'ICU', kind: 'icu' as const, beds: ['1', '2'] },
  { id: 'SICU', name: 'ICU', kind: 'icu' as const, beds: ['1'] },
  { id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['1'] },
];
const admitted = (encounter: string, time: string, unit: string, more: object = {}): Told =>
  ['adt.admitted', time, { encounter, patient: { id: `P-${encounter}` }, location: { unit, bed: '1' }, ...more }];
const moved = (encounter: string, time: string, unit: string, bed = '1'): Told => ['adt.transferred', time, { encounter, location: { unit, bed } }];
const discharged = (encounter: string, time: string): Told => ['adt.discharged', time, { encounter }];

describe('given moves between emergency department, wards and intensive care', () => {
  const house = houseOf({ units }, [
    // through the emergency department: admitted when placed in the ward
    ['adt.admitted', '06:00', { encounter: 'a', patient: { id: 'A' }, location: { unit: 'ED', unitKind: 'ed' }, class: 'emergency' }],
    moved('a', '09:00', '4E'),
    moved('a', '12:00', 'MICU'),
    moved('a', '18:00', '4S'),
    discharged('a', '20:00'),
    admitted('b', '10:00', 'MICU', { class: 'inpatient' }),
    moved('b', '11:00', '4E', '2'),
    moved('b', '11:30', '4E', '3'),
    discharged('b', '11:45'),
    // seen in the emergency department only
    ['adt.admitted', '07:00', { encounter: 'c', patient: { id: 'C' }, location: { unit: 'ED', unitKind: 'ed' }, class: 'emergency' }],
    discharged('c', '08:00'),
    admitted('d', '08:00', '4S'),
    ['adt.admit-cancelled', '08:05', { encounter: 'd' }],
  ]);
  const count = (metric: string, scope = {}) => value(house, `census.${metric}`, { scope });

  test('the first inpatient placement is the admission', () => {
    expect([count('admissions'), count('admissions', { unit: '4E' }), count('admissions', { unit: '4S' }), count('admissions', { unit: 'ED' })]).toEqual([2, 1, 0, 0]);
    expect([count('admissions', { unit_kind: 'ward' }), count('admissions', { unit_kind: 'icu' })]).toEqual([1, 1]);
  });

  test('later placements are transfers, in where the patient comes to and out where they were', () => {
    expect([count('transfers_in'), count('transfers_out')]).toEqual([4, 4]);
    expect([count('transfers_in', { unit: 'MICU' }), count('transfers_out', { unit: 'MICU' })]).toEqual([1, 2]);
    expect([count('transfers_in', { unit_kind: 'icu' }), count('transfers_out', { unit_kind: 'icu' })]).toEqual([1, 2]);
    expect([count('transfers_in', { unit_kind: 'ward' }), count('transfers_out', { unit_kind: 'ward' })]).toEqual([3, 2]);
  });

  test('discharges count where the last inpatient placement was; who never was an inpatient is not discharged', () => {
    expect([count('discharges'), count('discharges', { unit: '4S' }), count('discharges', { unit: '4E' }), count('discharges', { unit: 'ED' })]).toEqual([2, 1, 1, 0]);
  });

  test('counts keep to the window', () => {
    const window = { from: at('09:00'), to: at('10:00') };
    expect([value(house, 'census.admissions', window), value(house, 'census.transfers_in', window)]).toEqual([1, 0]);
  });

  test('a configured unit without patients has 0, an unknown one nothing', () => {
    expect(count('admissions', { unit: 'SICU' })).toBe(0);
    expect(count('admissions', { unit: '9Z' })).toBeNull();
    expect(reason(house, 'census.admissions', { scope: { unit: '9Z' } })).toBe('unit 9Z is not known');
    expect(count('admissions', { unit_kind: 'step_down' })).toBeNull();
  });

  test('census.discharged_before_noon_rate: b at 11:45, a at 20:00', () => {
    expect(count('discharged_before_noon_rate')).toBe(0.5);
    expect(count('discharged_before_noon_rate', { unit: '4S' })).toBe(0);
    expect(value(house, 'census.discharged_before_noon_rate', { from: at('21:00') })).toBeNull();
  });

  test('census.los_days: from the inpatient admission to the discharge', () => {
    expect(figures(house, 'census.los_days')).toMatchObject({ count: 2, excluded: 0, max: 11 / 24, mean: (11 + 1.75) / 48, within: null });
    expect(figures(house, 'census.los_days', { scope: { unit: '4E' } })).toMatchObject({ count: 1, max: 1.75 / 24 });
  });
});

test('the kind that the event names beats the configured one: one department may hold both', () => {
  const house = houseOf({ units }, [
    ['adt.admitted', '08:00', { encounter: 'a', patient: { id: 'A' }, location: { unit: '4E', unitKind: 'ward' } }],
    ['adt.admitted', '08:00', { encounter: 'b', patient: { id: 'B' }, location: { unit: '4E', unitKind: 'icu' } }],
  ]);
  expect(value(house, 'census.admissions', { scope: { unit_kind: 'icu' } })).toBe(1);
});

test('a discharge at noon is not one before noon', () => {
  const house = houseOf({ units }, [admitted('a', '06:00', '4E'), discharged('a', '12:00'), admitted('b', '06:00', '4S'), discharged('b', '11:59:59')]);
  expect(value(house, 'census.discharged_before_noon_rate')).toBe(0.5);
});

test('noon is the noon of the site', () => {
  const told = [admitted('a', '06:00', '4E'), discharged('a', '16:30')];
  expect(value(houseOf({ units, timezone: 'America/New_York' }, told), 'census.discharged_before_noon_rate')).toBe(1);
  expect(value(houseOf({ units, timezone: 'UTC' }, told), 'census.discharged_before_noon_rate')).toBe(0);
});

test('census.stranded: present for longer than 7 days, where they are now', () => {
  const house = houseOf({ units }, [
    admitted('old', '2026-01-01T08:00:00Z', 'MICU'),
    moved('old', '2026-01-05T08:00:00Z', '4E'),
    admitted('week', '2026-01-03T12:00:00Z', '4S'),
    admitted('left', '2026-01-01T08:00:00Z', 'SICU'),
    discharged('left', '2026-01-09T08:00:00Z'),
  ]);
  const stranded = (time: string, scope = {}) => value(house, 'census.stranded', { at: at(time), scope });
  expect([stranded('12:00'), stranded('12:01'), stranded('12:01', { unit: '4E' }), stranded('12:01', { unit: 'MICU' })]).toEqual([1, 2, 1, 0]);
});

test('without any placement nothing is 0', () => {
  const house = houseOf({ units }, []);
  for (const metric of ['admissions', 'discharges', 'transfers_in', 'transfers_out', 'stranded', 'discharged_before_noon_rate']) {
    expect(value(house, `census.${metric}`), metric).toBeNull();
  }
  expect(figures(house, 'census.los_days')).toMatchObject({ count: 0, mean: null });
});
