import { expect, test } from 'vitest';
import { SNAPSHOT_FAMILIES, snapshotFamilies } from '#shared/snapshots/families.ts';
import { metricKey } from '#shared/snapshots/family.ts';
import { metricDefinitions } from '#shared/metrics/definitions/index.ts';
import { evaluate } from '#core/metrics/evaluate.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '#core/snapshots/take.ts';
import type { Taken } from '#core/snapshots/taken.ts';
import { at, houseOf, instant, type Told } from '../metrics/house-of.ts';

const site = {
  timezone: 'Europe/Berlin',
  units: [
    { id: '4E', name: 'Medicine East', kind: 'ward' as const, beds: ['1', '2'] },
    { id: 'ED', name: 'Emergency', kind: 'ed' as const, beds: ['A'] },
    { id: 'OT', name: 'Theatres', kind: 'or' as const },
    { id: 'LAB', name: 'Laboratory', kind: 'lab' as const },
  ],
  or: { rooms: [{ id: '1' }, { id: '2' }] },
};
const told: Told[] = [
  ['adt.admitted', '08:00', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: '4E', unitKind: 'ward', bed: '1' } }],
  ['adt.discharge-pending', '09:00', { encounter: 'V1' }],
  ['bed.blocked', '08:30', { unit: '4E', bed: '2', reason: 'RN' }],
  ['ed.arrived', '09:00', { encounter: 'E1', patient: { id: 'P2' }, unit: 'ED' }],
  ['or.case-scheduled', '06:00', { case: 'C1', room: '1', scheduledStart: instant('09:00'), scheduledMinutes: 60 }],
  ['or.patient-in-room', '09:05', { case: 'C1', room: '1' }],
  ['lab.order-created', '09:00', { order: 'L1', test: 'K', priority: 'STAT' }],
  ['imaging.order-created', '09:10', { order: 'I1', modality: 'CT', priority: 'STAT' }],
  ['rcm.claim-status-changed', '09:10', { claim: 'K1', payer: 'ACME', status: 'opened' }],
];
const house = () => houseOf(site, told);
const NOW = at('09:30');
const of = (family: string, ...subject: string[]): Taken => takeSnapshots(house(), family, NOW).find((one) => one.subject.join() === subject.join())!;

test('each family says all its fields and no other, and why a metric is unknown', () => {
  for (const name of FAMILIES_OF_A_MOMENT) {
    const family = snapshotFamilies.get(name)!;
    const taken = takeSnapshots(house(), name, NOW);
    expect(taken.length, name).toBeGreaterThan(0);
    for (const one of taken) {
      expect(one.subject).toHaveLength(family.subject.length);
      expect(Object.keys(one.facts).sort(), name).toEqual(Object.keys(family.facts).sort());
      expect(Object.keys(one.metrics), name).toEqual(family.metrics.map(metricKey));
      for (const [key, value] of Object.entries(one.metrics)) expect(value === null, `${name} ${key}`).toBe(key in one.unknown);
    }
  }
});

test('families name metrics that exist', () => {
  expect(SNAPSHOT_FAMILIES).toHaveLength(9);
  for (const family of snapshotFamilies.values()) for (const { metric } of family.metrics) expect(metricDefinitions.has(metric), metric).toBe(true);
});

test('a unit, its beds, a room and the departments are told as the house has them', () => {
  expect(of('hospital-unit', '4E').facts).toEqual({ name: 'Medicine East', kind: 'ward', level: null, capacity: 2, configured: true });
  expect(of('hospital-unit', 'OT').facts).toMatchObject({ kind: 'or', capacity: 2 });
  expect(of('unit', '4E')).toMatchObject({ facts: { staffed: 2, occupied: 1, blocked: 1, pendingDischarges: 1 }, metrics: { 'beds.occupancy_rate': 0.5, 'beds.occupancy_after_decisions': 0 } });
  expect(of('bed', '4E', '2').facts).toMatchObject({ status: 'blocked', reason: 'RN', since: at('08:30'), acuity: null });
  expect(of('bed', '4E', '1').facts).toMatchObject({ status: 'occupied', leaving: true });
  expect(of('or-status', '1')).toMatchObject({ facts: { running: true, casesLeft: 1 }, metrics: { 'or.predicted_end': at('10:05') } });
  expect(of('or-status', '2').facts).toMatchObject({ running: false, casesLeft: 0 });
  expect(of('ed-status', 'ED').metrics).toMatchObject({ 'ed.census': 1 });
  expect(of('lab-workload', 'STAT').metrics).toMatchObject({ 'lab.pending': 1 });
  expect(of('imaging-workload', 'CT').subject).toEqual(['CT']);
  expect(of('rcm-workload', 'ACME').metrics).toMatchObject({ 'rcm.claims_open': 1 });
});

test('given a unit of which nobody tells the free beds or who is ventilated, when it is taken, then that is unknown with its reason and not zero', () => {
  const icu = { id: 'MICU', name: 'MICU', kind: 'icu' as const, beds: ['1', '2'] };
  const unit = (...told: Told[]) => takeSnapshots(houseOf({ units: [icu] }, told), 'unit', NOW)[0]!;
  const silent = unit(['adt.admitted', '08:00', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: 'MICU', unitKind: 'icu', bed: '1' } }]);
  const unknown = ['available', 'dirty', 'cleaning', 'blocked', 'reserved', 'ventilated', 'stepDownReady'];
  for (const name of unknown) expect([silent.facts[name], typeof silent.unknown[name]], name).toEqual([null, 'string']);
  const spoken = unit(['bed.cleaning-completed', '08:00', { unit: 'MICU', bed: '2' }], ['icu.ventilator-status-changed', '08:10', { encounter: 'V1', unit: 'MICU', ventilated: false }]);
  expect(spoken.facts).toMatchObject({ available: 1, dirty: 0, cleaning: 0, blocked: 0, reserved: 0 });
});

test('every payer that a claim, an authorisation, a denial or a balance names is told', () => {
  const told: Told[] = [
    ['rcm.claim-status-changed', '09:10', { claim: 'K1', payer: 'A', status: 'opened' }],
    ['rcm.preauth-status-changed', '09:10', { preauth: 'Q1', payer: 'B', status: 'requested' }],
    ['rcm.ar-balance-reported', '09:10', { payer: 'C', buckets: [1, 0, 0, 0, 0] }],
    ['rcm.denial-status-changed', '09:10', { denial: 'D1', claim: 'K2', payer: 'D', status: 'received' }],
  ];
  const taken = takeSnapshots(houseOf(site, told), 'rcm-workload', NOW);
  expect(taken.map(({ subject }) => subject[0])).toEqual(['', 'A', 'B', 'C', 'D']);
  expect(taken[2]!.metrics).toMatchObject({ 'rcm.preauth_pending': 1 });
});

test('values are those of the metric library', () => {
  const [whole] = takeSnapshots(house(), 'ed-status', NOW) as [Taken];
  expect(whole.subject).toEqual(['ED']);
  for (const metric of ['ed.census', 'ed.waiting', 'ed.nedocs', 'ed.occupancy_rate']) {
    expect(whole.metrics[metric]).toEqual((evaluate(house(), { metric, scope: {}, at: NOW }) as { value: number | null }).value);
  }
});

test('snapshots name no person, stay, order or case', () => {
  const text = JSON.stringify(FAMILIES_OF_A_MOMENT.map((family) => takeSnapshots(house(), family, NOW)));
  for (const name of ['V1', 'P1', 'E1', 'C1', 'L1', 'I1', 'K1']) expect(text).not.toContain(`"${name}"`);
});

test('given a house in which nothing was told, when departments are taken, then there is nothing, not zero', () => {
  const empty = houseOf({}, []);
  for (const family of FAMILIES_OF_A_MOMENT) expect(takeSnapshots(empty, family, NOW)).toEqual([]);
  expect(() => takeSnapshots(empty, 'everything', NOW)).toThrow(/no snapshot family everything; there are hospital-unit/);
});
