import { describe, expect, test } from 'vitest';
import { at, figures, houseOf, reason, value, type Told } from './house-of.ts';

const units = [
  { id: '4E', name: 'Ward', kind: 'ward' as const, beds: ['1', '2', '3', '4', '5', '6', '7', '8'] },
  { id: 'MICU', name: 'ICU', kind: 'icu' as const, beds: ['1', '2'] },
  { id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A', 'B', 'C'] },
];
const admitted = (encounter: string, unit: string, bed: string, time = '08:00'): Told =>
  ['adt.admitted', time, { encounter, patient: { id: `P-${encounter}` }, location: { unit, bed }, class: 'inpatient' }];
const bed = (type: string, unit: string, label: string, time: string, more: object = {}): Told => [`bed.${type}`, time, { unit, bed: label, ...more }];
const now = { at: at('12:00') };

describe('given a ward of 8 and an ICU of 2', () => {
  const house = houseOf({ units }, [
    ...['1', '2', '3', '4', '5', '6', '7', '8'].map((label) => bed('status-changed', '4E', label, '07:00', { status: 'available' })),
    admitted('a', '4E', '1'),
    admitted('b', '4E', '2'),
    admitted('c', '4E', '3'),
    admitted('d', 'MICU', '1'),
    bed('status-changed', '4E', '4', '09:00', { status: 'dirty' }),
    bed('blocked', '4E', '5', '09:00', { reason: 'RN' }),
    bed('reserved', '4E', '6', '09:00', { encounter: 'e' }),
    ['adt.discharge-pending', '09:00', { encounter: 'a' }],
    ['adt.transfer-pending', '09:00', { encounter: 'd', to: { unit: '4E', unitKind: 'ward' } }],
    ['adt.updated', '09:30', { encounter: 'a', acuity: 1 }],
    ['adt.updated', '09:30', { encounter: 'b', acuity: 4 }],
    ['icu.admitted', '08:00', { encounter: 'd', unit: 'MICU', bed: '1' }],
    ['icu.ventilator-status-changed', '08:30', { encounter: 'd', ventilated: true }],
    ['unit.staffing-reported', '07:00', { unit: 'MICU', unitKind: 'icu', staffedBeds: 1 }],
    ['ed.arrived', '10:00', { encounter: 'x', patient: { id: 'X' }, unit: 'ED' }],
    ['ed.roomed', '10:05', { encounter: 'x', space: 'A' }],
  ]);
  const of = (metric: string, scope = {}) => value(house, metric, { ...now, scope });

  test('counts beds by state', () => {
    const counts = Object.fromEntries(['staffed', 'occupied', 'available', 'dirty', 'blocked', 'reserved'].map((state) => [state, of(`beds.${state}`, { unit: '4E' })]));
    expect(counts).toEqual({ staffed: 8, occupied: 3, available: 2, dirty: 1, blocked: 1, reserved: 1 });
  });

  test('takes reported staffing before configured beds, and leaves emergency spaces out of the hospital', () => {
    expect([of('beds.staffed'), of('beds.staffed', { unit: 'MICU' }), of('beds.staffed', { unit_kind: 'icu' }), of('beds.staffed', { unit: 'ED' })]).toEqual([9, 1, 1, 3]);
    expect([of('beds.occupied'), of('beds.occupied', { unit: 'ED' })]).toEqual([4, 1]);
  });

  test('beds.occupancy_rate', () => {
    expect([of('beds.occupancy_rate'), of('beds.occupancy_rate', { unit: '4E' }), of('beds.occupancy_rate', { unit_kind: 'icu' }), of('icu.occupancy_rate')]).toEqual([4 / 9, 3 / 8, 1, 1]);
  });

  test('beds.occupancy_after_decisions: 3 - 1 discharge + 1 transfer in + 1 assigned of 8 in the ward; the ICU loses one', () => {
    expect(of('beds.occupancy_after_decisions', { unit: '4E' })).toBe(4 / 8);
    expect(of('beds.occupancy_after_decisions', { unit: 'MICU' })).toBe(0);
    expect(of('beds.occupancy_after_decisions')).toBe(4 / 9);
  });

  test('unit.acuity_index is the mean of the known scores', () => {
    expect(of('unit.acuity_index', { unit: '4E' })).toBe(2.5);
    expect(of('unit.acuity_index', { unit: 'MICU' })).toBeNull();
  });

  test('intensive care metrics refuse another unit', () => {
    expect(of('icu.ventilated')).toBe(1);
    expect(of('icu.occupancy_rate', { unit: 'MICU' })).toBe(1);
    expect(reason(house, 'icu.occupancy_rate', { ...now, scope: { unit: '4E' } })).toBe('unit 4E is no intensive care unit');
  });
});

describe('what is not known', () => {
  test('staffed beds of one unit make the hospital unknown', () => {
    const house = houseOf({ units: [...units, { id: '9N', name: 'New', kind: 'ward', beds: [] }] }, [admitted('a', '4E', '1')]);
    expect(reason(house, 'beds.staffed', now)).toBe('staffed beds are not known of 9N');
    for (const metric of ['beds.staffed', 'beds.occupancy_rate', 'beds.occupancy_after_decisions']) expect(value(house, metric, now), metric).toBeNull();
    expect(value(house, 'beds.occupancy_rate', { ...now, scope: { unit: '4E' } })).toBe(1 / 8);
  });

  test('free beds of which nobody spoke are neither available nor clean', () => {
    const house = houseOf({ units }, [admitted('a', '4E', '1')]);
    for (const state of ['available', 'dirty', 'blocked', 'reserved']) expect(value(house, `beds.${state}`, now), state).toBeNull();
    expect(value(house, 'beds.occupied', now)).toBe(1);
  });

  test('a site without units, or an unknown unit', () => {
    expect(reason(houseOf({}, []), 'beds.occupied', now)).toBe('no inpatient unit is known');
    expect(reason(houseOf({ units }, []), 'beds.occupied', { ...now, scope: { unit: '9Z' } })).toBe('unit 9Z is not known');
  });

  test('ventilation and step-down that nobody reports', () => {
    const house = houseOf({ units }, [admitted('a', 'MICU', '1')]);
    expect(reason(house, 'icu.ventilated', now)).toMatch(/icu\.ventilator-status-changed/);
    expect(reason(house, 'icu.step_down_ready', now)).toMatch(/icu\.transfer-ordered/);
    expect(reason(house, 'beds.blocked_hours', now)).toMatch(/no bed events/);
  });
});

describe('given two intensive care units', () => {
  const two = [...units, { id: 'SICU', name: 'Surgical ICU', kind: 'icu' as const, beds: ['1', '2'] }];
  const icu = (type: string, encounter: string, time: string, more: object = {}): Told => [`icu.${type}`, time, { encounter, ...more }];
  const stay = (encounter: string, unit: string, label: string): Told[] => [admitted(encounter, unit, label), icu('admitted', encounter, '08:00', { unit, bed: label })];
  const ventilated = (encounter: string, time: string, on = true) => icu('ventilator-status-changed', encounter, time, { ventilated: on });
  const gone = (encounter: string, time: string): Told[] => [icu('discharged', encounter, time), ['adt.discharged', time, { encounter }]];

  test('when the last ventilated patient has left, then none is ventilated, and that is known', () => {
    const house = houseOf({ units: two }, [...stay('a', 'MICU', '1'), ventilated('a', '08:30'), ...stay('b', 'MICU', '2'), ...gone('a', '10:00')]);
    expect(value(house, 'icu.ventilated', now)).toBe(0);
    expect(value(house, 'icu.ventilated', { ...now, scope: { unit: 'MICU' } })).toBe(0);
  });

  test('when one of them does not report, then it is unknown, and so is the hospital while somebody lies there', () => {
    const told = [...stay('a', 'MICU', '1'), ventilated('a', '08:30'), icu('transfer-ordered', 'a', '09:00')];
    const empty = houseOf({ units: two }, told);
    const taken = houseOf({ units: two }, [...told, ...stay('b', 'SICU', '1')]);
    for (const [metric, type] of [['icu.ventilated', 'icu.ventilator-status-changed'], ['icu.step_down_ready', 'icu.transfer-ordered']] as const) {
      expect(value(empty, metric, now), metric).toBe(1);
      expect(value(taken, metric, { ...now, scope: { unit: 'MICU' } }), metric).toBe(1);
      for (const house of [empty, taken]) expect(reason(house, metric, { ...now, scope: { unit: 'SICU' } }), metric).toBe(`no ${type} event has been reported of SICU`);
      expect(reason(taken, metric, now), metric).toBe(`no ${type} event has been reported of SICU`);
    }
  });

  test('when intensive care names no unit, then the place of the patient tells whose report it is', () => {
    const house = houseOf({ units: two }, [admitted('a', 'SICU', '1'), ventilated('a', '09:00')]);
    expect(value(house, 'icu.ventilated', { ...now, scope: { unit: 'SICU' } })).toBe(1);
    expect(value(house, 'icu.ventilated', { ...now, scope: { unit: 'MICU' } })).toBeNull();
  });

  test('when an order is signed after the patient left, then its delay is excluded and nobody is ready', () => {
    const house = houseOf({ units: two }, [...stay('a', 'MICU', '1'), icu('discharged', 'a', '10:00'), ['adt.transferred', '10:00', { encounter: 'a', location: { unit: '4E', bed: '1' } }], icu('transfer-ordered', 'a', '11:00')]);
    expect(value(house, 'icu.step_down_ready', now)).toBe(0);
    expect(figures(house, 'icu.transfer_delay')).toMatchObject({ count: 0, excluded: 1 });
  });
});

test('beds.clean_turnaround: from the request, else from when the bed was vacated', () => {
  const house = houseOf({ units }, [
    bed('cleaning-requested', '4E', '1', '09:00'),
    bed('cleaning-started', '4E', '1', '09:30'),
    bed('cleaning-completed', '4E', '1', '10:00'),
    admitted('a', '4E', '2'),
    ['adt.discharged', '09:00', { encounter: 'a' }],
    bed('cleaning-started', '4E', '2', '10:00'),
    bed('cleaning-completed', '4E', '2', '10:30'),
    bed('cleaning-completed', '4E', '3', '11:00'),
    admitted('e', 'ED', 'A'),
  ]);
  expect(figures(house, 'beds.clean_turnaround')).toMatchObject({ count: 2, excluded: 0, mean: 75, max: 90, within: 0.5 });
  expect(figures(house, 'beds.clean_turnaround', { scope: { unit: 'MICU' } })).toMatchObject({ count: 0, p50: null });
});

test('given housekeeping that tells of ends alone, when patients leave in between, then each end is a sample', () => {
  const house = houseOf({ units }, [
    admitted('a', '4E', '1', '08:00'), ['adt.discharged', '09:00', { encounter: 'a' }], bed('cleaning-completed', '4E', '1', '09:30'),
    admitted('b', '4E', '1', '10:00'), ['adt.discharged', '11:00', { encounter: 'b' }], bed('cleaning-completed', '4E', '1', '11:50'),
    bed('cleaning-completed', '4E', '1', '11:55'), bed('cleaning-completed', '4E', '1', '13:00'),
  ]);
  expect(figures(house, 'beds.clean_turnaround')).toMatchObject({ count: 2, excluded: 0, mean: 40, max: 50 });
});

test('given a bed of months, when the question looks back further than its state, then the answer is unknown', () => {
  const day = (n: number, time: string) => new Date(Date.UTC(2026, 0, 1 + n) + Date.parse(`1970-01-01T${time}:00Z`)).toISOString();
  const house = houseOf({ units }, Array.from({ length: 60 }, (_, n) => [
    bed('cleaning-requested', '4E', '1', day(n, '10:00')), bed('cleaning-completed', '4E', '1', day(n, '11:00')),
    bed('blocked', '4E', '1', day(n, '12:00'), { reason: 'RN' }), bed('unblocked', '4E', '1', day(n, '14:00')),
  ]).flat());
  const week = { at: at(day(60, '00:00')), from: at(day(53, '00:00')) };
  const month = { at: at(day(60, '00:00')), from: at(day(30, '00:00')) };
  expect([value(house, 'beds.blocked_hours', week), figures(house, 'beds.clean_turnaround', week).count]).toEqual([14, 7]);
  expect(value(house, 'beds.blocked_hours', month)).toBeNull();
  expect(figures(house, 'beds.clean_turnaround', month)).toMatchObject({ count: 0, p50: null });
  for (const metric of ['beds.blocked_hours', 'beds.clean_turnaround']) expect(reason(house, metric, month), metric).toMatch(/kept for 8 days/);
  expect(value(house, 'beds.blocked_hours', { ...month, scope: { unit: 'ED' } })).toBeNull();
});

test('beds.blocked_hours: within the window and until now, by reason', () => {
  const house = houseOf({ units }, [
    bed('blocked', '4E', '1', '08:00', { reason: 'RN' }),
    bed('unblocked', '4E', '1', '10:00'),
    bed('blocked', '4E', '2', '11:00', { reason: 'FAC' }),
  ]);
  expect(value(house, 'beds.blocked_hours', now)).toBe(3);
  expect(value(house, 'beds.blocked_hours', { ...now, from: at('09:30'), to: at('11:15') })).toBe(0.75);
  expect(value(house, 'beds.blocked_hours', { ...now, scope: { reason: 'FAC' } })).toBe(1);
  expect(value(house, 'beds.blocked_hours', { ...now, scope: { reason: 'INF' } })).toBe(0);
});

test('icu.transfer_delay and icu.step_down_ready', () => {
  const inIcu = (encounter: string, label: string): Told[] => [admitted(encounter, 'MICU', label), ['icu.admitted', '08:00', { encounter, unit: 'MICU', bed: label }]];
  const house = houseOf({ units }, [
    ...inIcu('a', '1'),
    ...inIcu('b', '2'),
    ['icu.transfer-ordered', '09:00', { encounter: 'a', toUnit: '4E' }],
    ['icu.transfer-ordered', '09:00', { encounter: 'b', toUnit: '4E' }],
    ['icu.discharged', '14:00', { encounter: 'b' }],
    ['adt.transferred', '14:00', { encounter: 'b', location: { unit: '4E', bed: '1' } }],
  ]);
  expect(figures(house, 'icu.transfer_delay')).toMatchObject({ count: 1, max: 300, within: 0 });
  expect(figures(house, 'icu.transfer_delay', { scope: { unit: 'SICU' } })).toMatchObject({ count: 0 });
  expect(value(house, 'icu.step_down_ready', { at: at('15:00') })).toBe(1);
});
