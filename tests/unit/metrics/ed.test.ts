import { describe, expect, test } from 'vitest';
import { at, figures, houseOf, reason, value, type Told } from './house-of.ts';

const site = {
  units: [
    { id: 'ED', name: 'Emergency', kind: 'ed' as const, beds: ['1', '2', '3', '4'] },
    { id: '4E', name: 'Ward 4E', kind: 'ward' as const, beds: Array.from({ length: 100 }, (_, i) => String(i)) },
  ],
};
const person = (id: string) => ({ patient: { id: `P-${id}` } });
const arrived = (id: string, time: string, more: object = {}): Told => ['ed.arrived', time, { encounter: id, ...person(id), ...more }];
const step = (type: string, id: string, time: string, more: object = {}): Told => [type, time, { encounter: id, ...more }];

describe('given five visits in different stages', () => {
  const told: Told[] = [
    arrived('waits', '10:00'),
    step('ed.triaged', 'waits', '10:04', { level: 4 }),
    arrived('treated', '09:00'),
    step('ed.triaged', 'treated', '09:10', { level: 2 }),
    step('ed.roomed', 'treated', '09:30', { space: '1' }),
    step('ed.provider-assigned', 'treated', '09:45'),
    arrived('boards', '05:00'),
    step('ed.triaged', 'boards', '05:02', { level: 1 }),
    step('ed.roomed', 'boards', '05:06', { space: '2' }),
    step('ed.provider-assigned', 'boards', '05:06'),
    step('ed.ventilator-status-changed', 'boards', '05:20', { ventilated: true }),
    step('ed.admission-decided', 'boards', '06:00', { toUnit: '4E' }),
    arrived('home', '07:00'),
    step('ed.provider-assigned', 'home', '08:30'),
    step('ed.departed', 'home', '09:00', { disposition: 'home' }),
    arrived('upstairs', '06:00'),
    step('ed.admission-decided', 'upstairs', '07:00'),
    step('ed.departed', 'upstairs', '10:00', { disposition: 'admitted' }),
  ];
  const house = houseOf({ ...site, attendingPhysiciansInEd: 2 }, told);
  const now = { at: at('11:00') };

  test('counts patients by stage, and the stages add up to the census', () => {
    expect(value(house, 'ed.census', now)).toBe(3);
    expect(value(house, 'ed.waiting', now)).toBe(1);
    expect(value(house, 'ed.in_treatment', now)).toBe(1);
    expect(value(house, 'ed.boarders', now)).toBe(1);
    expect(value(house, 'ed.occupancy_rate', now)).toBe(0.75);
  });

  test('knows the census of a moment before', () => {
    expect(value(house, 'ed.census', { at: at('08:00') })).toBe(3);
    expect(value(house, 'ed.boarders', { at: at('08:00') })).toBe(2);
  });

  test('ed.nedocs from the house is the published formula', () => {
    // P 3, B 4, A 1, H 100, V 1, L 5 h (06:00 to 11:00), W 0.5 h (treated, roomed last at 09:30)
    const expected = -20 + 85.8 * (3 / 4) + 600 * (1 / 100) + 13.4 * 1 + 0.93 * 5 + 5.64 * 0.5;
    expect(value(house, 'ed.nedocs', now)).toBeCloseTo(expected, 10);
    expect(value(house, 'ed.crowding_index', now)).toBeCloseTo(expected / 200, 10);
  });

  test('ed.edwin from the house: levels 4, 2, 1 weigh 2 + 4 + 5', () => {
    expect(value(house, 'ed.edwin', now)).toBeCloseTo(11 / (2 * (4 - 1)), 10);
    const edwinSite = houseOf({ ...site, attendingPhysiciansInEd: 2, crowdingIndex: 'edwin' }, told);
    expect(value(edwinSite, 'ed.crowding_index', now)).toBeCloseTo(11 / 6 / 3, 10);
  });

  test('ed.registration_to_triage', () => {
    expect(figures(house, 'ed.registration_to_triage')).toMatchObject({ count: 3, excluded: 0, p50: 4, max: 10, within: 2 / 3 });
  });

  test('ed.door_to_provider, also by triage level', () => {
    expect(figures(house, 'ed.door_to_provider')).toMatchObject({ count: 3, p50: 45, max: 90, within: 1 / 3 });
    expect(figures(house, 'ed.door_to_provider', { scope: { level: '2' } })).toMatchObject({ count: 1, max: 45 });
  });

  test('ed.boarding_time and ed.length_of_stay end with the departure', () => {
    expect(figures(house, 'ed.boarding_time')).toMatchObject({ count: 1, max: 180, within: 1 });
    expect(figures(house, 'ed.length_of_stay')).toMatchObject({ count: 2, mean: 180, max: 240, within: 1 });
  });

  test('a window takes the end of a duration, from included, to not', () => {
    const count = (from: string, to: string) => figures(house, 'ed.length_of_stay', { from: at(from), to: at(to) }).count;
    expect([count('09:00', '10:00'), count('09:00:01', '10:00:01'), count('08:00', '09:00'), count('08:00', '23:00')]).toEqual([1, 1, 0, 2]);
  });

  test('narrows to one emergency department', () => {
    expect(value(house, 'ed.census', { ...now, scope: { ed: 'ED' } })).toBe(3);
    expect(value(house, 'ed.census', { ...now, scope: { ed: 'ED2' } })).toBeNull();
  });
});

describe('what is not known', () => {
  const house = houseOf(site, [arrived('a', '10:00'), step('ed.triaged', 'a', '10:05', { level: 3 })]);
  const now = { at: at('11:00') };

  test.each([
    ['ed.waiting', /ed\.roomed/],
    ['ed.in_treatment', /ed\.roomed/],
    ['ed.boarders', /ed\.admission-decided/],
    ['ed.lwbs_rate', /left-without-being-seen/],
    ['ed.nedocs', /admission-decided.*ventilator.*roomed/],
    ['ed.edwin', /admission-decided.*attending/],
    ['ed.crowding_index', /ventilator/],
  ])('%s is unknown and says what lacks', (metric, why) => {
    expect(value(house, metric, now)).toBeNull();
    expect(reason(house, metric, now)).toMatch(why);
  });

  test('durations without an end have no samples, not samples of 0', () => {
    for (const metric of ['ed.door_to_provider', 'ed.boarding_time', 'ed.length_of_stay', 'ed.ambulance_offload']) {
      expect(figures(house, metric)).toMatchObject({ count: 0, excluded: 0, mean: null, p50: null, p90: null, max: null, within: null, reason: expect.any(String) });
    }
  });

  test('an empty house has no census', () => {
    const empty = houseOf(site, []);
    for (const metric of ['ed.census', 'ed.occupancy_rate', 'ed.return_rate_72h', 'ed.lwbs_rate']) expect(value(empty, metric, now)).toBeNull();
  });

  test('occupancy without configured spaces', () => {
    expect(reason(houseOf({}, [arrived('a', '10:00')]), 'ed.occupancy_rate', now)).toMatch(/treatment spaces/);
  });

  test('EDWIN with boarders in every bay', () => {
    const full = houseOf({ units: [{ id: 'ED', name: 'ED', kind: 'ed', beds: ['1'] }], attendingPhysiciansInEd: 1 }, [
      arrived('a', '10:00'),
      step('ed.triaged', 'a', '10:05', { level: 3 }),
      step('ed.admission-decided', 'a', '10:30'),
    ]);
    expect(reason(full, 'ed.edwin', now)).toMatch(/boarders take every/);
  });
});

test('a triage charted before the arrival is excluded, not a sample', () => {
  const house = houseOf(site, [arrived('a', '10:00'), step('ed.triaged', 'a', '09:50'), arrived('b', '10:00'), step('ed.triaged', 'b', '10:20')]);
  expect(figures(house, 'ed.registration_to_triage')).toMatchObject({ count: 1, excluded: 1, mean: 20 });
});

test('ed.lwbs_rate: left in the window over arrived in the window', () => {
  const house = houseOf(site, [
    ...['a', 'b', 'c', 'd'].map((id) => arrived(id, '10:00')),
    step('ed.left-without-being-seen', 'a', '12:00'),
    arrived('e', '14:00'),
  ]);
  expect(value(house, 'ed.lwbs_rate', { to: at('13:00') })).toBe(0.25);
  expect(value(house, 'ed.lwbs_rate')).toBe(0.2);
  expect(value(house, 'ed.census', { at: at('13:00') })).toBe(3);
});

test('who boards without ever having been roomed boards and does not wait', () => {
  const house = houseOf(site, [arrived('a', '10:00'), step('ed.admission-decided', 'a', '10:30'), arrived('b', '10:00'), step('ed.roomed', 'b', '10:10')]);
  const now = { at: at('11:00') };
  expect(['waiting', 'in_treatment', 'boarders', 'census'].map((stage) => value(house, `ed.${stage}`, now))).toEqual([0, 1, 1, 2]);
});

test('a visit is no return to itself', () => {
  expect(value(houseOf(site, [arrived('a', '10:00'), step('ed.departed', 'a', '10:00')]), 'ed.return_rate_72h')).toBe(0);
});

test('a patient placed in an inpatient bed is no longer in the department', () => {
  const house = houseOf(site, [
    arrived('a', '10:00'),
    ['adt.admitted', '12:00', { encounter: 'a', ...person('a'), location: { unit: '4E', unitKind: 'ward', bed: '1' } }],
  ]);
  expect([value(house, 'ed.census', { at: at('11:00') }), value(house, 'ed.census', { at: at('13:00') })]).toEqual([1, 0]);
});

test('ed.return_rate_72h: by person, from the emergency department or the hospital, through merged records', () => {
  const again = (encounter: string, patient: string, time: string): Told => ['ed.arrived', time, { encounter, patient: { id: patient } }];
  const house = houseOf(site, [
    again('1', 'A', '2026-01-01T08:00:00Z'),
    step('ed.departed', '1', '2026-01-01T10:00:00Z'),
    again('2', 'A', '2026-01-04T10:00:00Z'),
    step('ed.departed', '2', '2026-01-04T11:00:00Z'),
    again('3', 'A', '2026-01-07T11:00:01Z'),
    ['adt.admitted', '2026-01-01T09:00:00Z', { encounter: '4', patient: { id: 'B' }, location: { unit: '4E' } }],
    ['adt.discharged', '2026-01-05T09:00:00Z', { encounter: '4' }],
    again('5', 'B2', '2026-01-06T09:00:00Z'),
    ['adt.merged', '2026-01-06T10:00:00Z', { patient: { id: 'B2' }, into: { id: 'B' } }],
    again('6', 'C', '2026-01-06T12:00:00Z'),
  ]);
  // Of 1, 2, 3, 5 and 6, 2 comes back after exactly 72 h and 5 after a day; 3 a second too late.
  expect(value(house, 'ed.return_rate_72h')).toBe(0.4);
});

test('ed.ambulance_offload', () => {
  const house = houseOf(site, [
    ['ed.ambulance-arrived', '10:00', { ambulance: 'R1', unit: 'ED' }],
    ['ed.ambulance-offloaded', '10:25', { ambulance: 'R1' }],
    ['ed.ambulance-arrived', '10:00', { ambulance: 'R2', unit: 'ED' }],
    ['ed.ambulance-offloaded', '10:15', { ambulance: 'R2' }],
    ['ed.ambulance-arrived', '10:30', { ambulance: 'R3', unit: 'ED' }],
  ]);
  expect(figures(house, 'ed.ambulance_offload')).toMatchObject({ count: 2, mean: 20, p90: 24, within: 0.5 });
});
