import { expect, test } from 'vitest';
import { opsEventTypes } from '#shared/events/ops.ts';
import { snapshotOps } from '#shared/events/ops/snapshots.ts';
import { SnapshotPace } from '#core/link/snapshots.ts';
import { announceSnapshots } from '#core/ops/announce-snapshots.ts';
import { OpsBus, type OpsName } from '#core/ops/bus.ts';
import { at, houseOf, instant } from '../metrics/house-of.ts';

const house = houseOf(
  { units: [{ id: '4E', name: 'East', kind: 'ward', beds: ['1', '2'] }, { id: 'ED', name: 'Emergency', kind: 'ed', beds: ['A'] }], or: { rooms: [{ id: '1' }] } },
  [
    ['adt.admitted', '08:00', { encounter: 'V1', patient: { id: 'P1' }, location: { unit: '4E', unitKind: 'ward', bed: '1' } }],
    ['ed.arrived', '09:00', { encounter: 'E1', patient: { id: 'P2' }, unit: 'ED' }],
    ['or.case-scheduled', '06:00', { case: 'C1', room: '1', scheduledStart: instant('09:00'), scheduledMinutes: 60 }],
    ['lab.order-created', '09:00', { order: 'L1', test: 'K', priority: 'STAT' }],
    ['imaging.order-created', '09:10', { order: 'I1', modality: 'CT', priority: 'STAT' }],
    ['rcm.claim-status-changed', '09:10', { claim: 'K1', payer: 'ACME', status: 'opened' }],
  ],
);

test('given a house, when minutes and an hour pass, then every snapshot and KPI is told as its schema says, and an unchanged one once', () => {
  const bus = new OpsBus();
  const types = [...snapshotOps.map(({ type }) => type), 'ops.kpi-computed'] as OpsName[];
  const told = new Map<OpsName, unknown[]>(types.map((type) => [type, []]));
  for (const type of types) bus.on(type, (data) => told.get(type)!.push(data));
  const pace = new SnapshotPace();
  for (let now = at('09:58'); now < at('10:04'); now += 1_000) {
    const batch = pace.due(house, now);
    if (batch) announceSnapshots(bus, batch);
  }
  for (const [type, events] of told) {
    expect(events.length, type).toBeGreaterThan(0);
    for (const data of events) expect(opsEventTypes.get(type)!.data.safeParse(data), `${type} ${JSON.stringify(data)}`).toMatchObject({ success: true });
  }
  expect(told.get('ops.bed-snapshot-updated')).toHaveLength(3);
  expect(told.get('ops.kpi-computed')).toContainEqual(expect.objectContaining({ metric: 'beds.occupied', value: 1, at: instant('10:00').replace('Z', '.000Z') }));
});

test('given a lost feed, when minutes pass, then nothing is announced of what rests on it, and a department as unknown', () => {
  const bus = new OpsBus();
  const units: string[] = [];
  const census: (number | null)[] = [];
  bus.on('ops.unit-snapshot-updated', ({ unit }) => units.push(unit));
  bus.on('ops.ed-status-snapshot-updated', ({ patients }) => census.push(patients));
  const pace = new SnapshotPace();
  for (let now = at('09:58'); now < at('10:00'); now += 1_000) {
    const batch = pace.due(house, now, (metric) => (metric.startsWith('ed.') ? ['ed'] : []));
    if (batch) announceSnapshots(bus, batch);
  }
  expect(units).toEqual(['4E']);
  expect(census).toEqual([null]);
});
