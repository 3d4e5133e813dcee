import { describe, expect, it } from 'vitest';
import type { FloorPlan } from '#shared/floorplan.ts';
import type { BedItem } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { ViewContext } from '#core/views/context.ts';
import { floorplanView } from '#core/views/floorplan/view.ts';
import { at, happened, houseWith } from '../domain/given.ts';
import { contextOf, feed, item, planOf } from './world.ts';

type Event = ReturnType<typeof happened>;
const units = [{ id: 'MICU', name: 'Medical ICU', kind: 'icu' as const, beds: ['1', '2', '3', '4'] }, { id: '4E', name: '4E', kind: 'ward' as const, beds: ['1'] }];
const plans = planOf({ MICU: ['1', '2', '3', '4'] });
const board = (events: readonly Event[], more: Partial<ViewContext> = {}, params = {}, site = {}) =>
  floorplanView.compute(contextOf(houseWith({ units, ...site }, ...events), at('10:00'), { plans, ...more }), params);
const admitted = (encounter: string, bed: string, unit = 'MICU') => happened('08:00', 'adt.admitted', { encounter, patient: { id: `P-${encounter}` }, location: { unit, bed } });
const ofBed = (type: string, bed: string, clock: string, data: Record<string, unknown> = {}) => happened(clock, type, { unit: 'MICU', bed, ...data }, { source: 'bed' });

describe('a floor plan', () => {
  it('shows the plan asked for, its beds and units, and no others', () => {
    const items = board([admitted('V1', '1'), admitted('V2', '1', '4E')]);
    expect(Object.keys(items)).toEqual(['plan', 'bed:MICU/1', 'bed:MICU/2', 'bed:MICU/3', 'bed:MICU/4', 'unit:MICU']);
    expect(items['plan']).toEqual(plans.get('plan'));
  });

  it('calls a status as the site does, and one that the site does not explain unknown', () => {
    const statuses = { bed: { KAP: { base: 'blocked' as const, label: 'Out of service', reason: 'EQ' as const }, EOS: { base: 'dirty' as const, label: 'Used' } } };
    const items = board([ofBed('bed.status-changed', '1', '09:00', { status: 'KAP' }), ofBed('bed.status-changed', '2', '09:00', { status: 'XX' }), ofBed('bed.status-changed', '3', '09:00', { status: 'dirty' })], {}, {}, { statuses });
    const bed = (label: string) => ({ unit: 'MICU', bed: label, since: at('09:00') });
    expect(items['bed:MICU/1']).toEqual({ ...bed('1'), status: 'blocked', reason: 'EQ', label: 'Out of service' });
    expect(items['bed:MICU/2']).toEqual({ ...bed('2'), status: 'unknown', word: 'XX' });
    expect(items['bed:MICU/3']).toEqual({ ...bed('3'), status: 'dirty' });
    expect(items['statuses']).toEqual({ blocked: ['Out of service'], dirty: ['Used'] });
  });

  it('tells the beds of a unit that wait for cleaning over their limit', () => {
    const wipLimits = [{ stage: 'beds-to-clean' as const, unit: 'MICU', limit: 1 }, { stage: 'beds-to-clean' as const, limit: 9 }];
    const card = item<UnitCardItem>(board([ofBed('bed.status-changed', '1', '09:00', { status: 'dirty' }), ofBed('bed.status-changed', '2', '09:00', { status: 'dirty' })], {}, {}, { wipLimits }), 'unit:MICU');
    expect(card.wip).toEqual([{ stage: 'beds-to-clean', unit: 'MICU', title: 'Dirty beds', count: 2, limit: 1, state: 'over' }]);
  });

  it('is empty where there is no such plan', () => {
    expect(board([], { plans: new Map() })).toEqual({});
    expect(board([], {}, { plan: 'other' })).toEqual({});
  });

  it('draws a bed with its marks', () => {
    const marks = [
      admitted('V1', '1'), happened('08:30', 'icu.admitted', { encounter: 'V1', unit: 'MICU', bed: '1' }), happened('08:40', 'icu.ventilator-status-changed', { encounter: 'V1', ventilated: true }),
      happened('09:00', 'adt.updated', { encounter: 'V1', acuity: 4, isolation: 'contact' }), happened('09:30', 'adt.discharge-pending', { encounter: 'V1' }),
    ];
    expect(item<BedItem>(board(marks), 'bed:MICU/1')).toEqual({ unit: 'MICU', bed: '1', status: 'occupied', since: at('08:00'), acuity: 4, isolation: 'contact', ventilated: true, leaving: true });
  });

  it.each([['09:00', 'normal'], ['12:01', 'warn'], ['16:01', 'crit']])('judges at %s how long a patient boards: %s', (clock, boardingSeverity) => {
    const ed = { units: [{ id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A1'] }] };
    const house = houseWith(ed, happened('07:30', 'ed.arrived', { encounter: 'V1', patient: { id: 'P1' } }, { source: 'ed' }), happened('07:40', 'ed.roomed', { encounter: 'V1', space: 'A1' }, { source: 'ed' }), happened('08:00', 'ed.admission-decided', { encounter: 'V1' }, { source: 'ed' }));
    const items = floorplanView.compute(contextOf(house, at(clock), { plans: planOf({ ED: ['A1'] }) }), {});
    expect(item<BedItem>(items, 'bed:ED/A1')).toMatchObject({ boardingSince: at('08:00'), boardingSeverity });
  });

  it('draws free, cleaned, closed and assigned beds', () => {
    const items = board([
      ofBed('bed.status-changed', '1', '09:00', { status: 'available' }),
      ofBed('bed.cleaning-requested', '2', '09:20'), ofBed('bed.cleaning-started', '2', '09:40', { expectedMinutes: 40 }),
      ofBed('bed.blocked', '3', '07:00', { reason: 'RN' }),
      ofBed('bed.status-changed', '4', '06:00', { status: 'available' }), ofBed('bed.reserved', '4', '09:50'),
    ]);
    expect(['1', '2', '3', '4'].map((bed) => item<BedItem>(items, `bed:MICU/${bed}`))).toMatchObject([
      { status: 'available', since: at('09:00') },
      { status: 'cleaning', cleaningProgress: 0.5 },
      { status: 'blocked', reason: 'RN' },
      { status: 'assigned', since: at('09:50') },
    ]);
  });
});

it('shows the plan that draws the site\'s beds, of several that name its units', () => {
  const named = (id: string, beds: string[]) => [...planOf({ MICU: beds }).values()].map((plan): [string, FloorPlan] => [id, { ...plan, id }])[0]!;
  const several = new Map([named('small', ['1', '2']), named('own', ['1', '2', '3', '4']), named('large', ['1', '2', '3', '4', '5', '6'])]);
  expect(item<FloorPlan>(board([], { plans: several }), 'plan').id).toBe('own');
  expect(item<FloorPlan>(board([], { plans: several }, { plan: 'small' }), 'plan').id).toBe('small');
});

describe('a unit card', () => {
  const card = (events: readonly Event[], site = {}) => item<UnitCardItem>(board(events, {}, {}, site), 'unit:MICU');
  const occupied = ['1', '2', '3'].map((bed) => admitted(`V${bed}`, bed));
  const staffing = (staff: number, planned: number) => happened('07:00', 'unit.staffing-reported', { unit: 'MICU', staffedBeds: 4, staff: { RN: staff }, plannedStaff: { RN: planned } }, { source: 'staff' });

  it('counts the beds and who comes and goes', () => {
    const events = [...occupied, happened('09:00', 'adt.discharge-pending', { encounter: 'V1' }), admitted('V9', '1', '4E'), happened('09:10', 'adt.transfer-pending', { encounter: 'V9', to: { unit: 'MICU' } }), ofBed('bed.status-changed', '4', '09:00', { status: 'dirty' })];
    expect(card(events)).toMatchObject({ name: 'Medical ICU', kind: 'icu', occupied: 3, staffed: 4, available: 0, dirty: 1, blocked: 0, leaving: 1, incoming: 1, occupancy: { value: 0.75, scope: { unit: 'MICU' } } });
  });

  it('counts the beds of each pod that the plan draws', () => {
    const zone = { x: 0, y: 0, w: 10, h: 10 };
    const zones = [{ id: 'a', title: 'Pod A', beds: ['1', '2'], ...zone }, { id: 'b', title: 'Pod B', beds: ['3', '4'], ...zone }];
    const zoned = new Map([...plans].map(([id, plan]) => [id, { ...plan, units: plan.units.map((unit) => ({ ...unit, zones })) }]));
    const items = board([...occupied, happened('09:00', 'adt.discharge-pending', { encounter: 'V3' })], { plans: zoned });
    expect(item<UnitCardItem>(items, 'unit:MICU').pods).toEqual([
      { id: 'a', title: 'Pod A', beds: 2, occupied: 2, leaving: 0 },
      { id: 'b', title: 'Pod B', beds: 2, occupied: 1, leaving: 1 },
    ]);
  });

  it('names the sources of a bed: of who lies in it, and of how it is when nobody does', () => {
    const ed = [{ id: 'ED', name: 'ED', kind: 'ed' as const, beds: ['A1'] }, ...units];
    const items = board(occupied, { plans: planOf({ ED: ['A1'], MICU: ['1'] }) }, {}, { units: ed });
    expect(item<UnitCardItem>(items, 'unit:MICU').bedFeeds).toEqual({ occupied: ['ehr'], other: ['ehr', 'bed'] });
    expect(item<UnitCardItem>(items, 'unit:ED').bedFeeds).toEqual({ occupied: ['ehr', 'ed'], other: ['ehr', 'ed', 'bed'] });
    expect(item<UnitCardItem>(board(occupied, { feeds: [feed('ehr')] }), 'unit:MICU').bedFeeds.other).toEqual(['ehr']);
  });

  it('does not count free beds of which nobody tells', () => {
    expect(card(occupied)).toMatchObject({ available: null, dirty: null, blocked: null });
  });

  it('lies on the load of its nurses against the plan where both are told', () => {
    const { nurses, load } = card([...occupied, staffing(2, 4)]);
    expect([nurses, load]).toEqual([{ present: 2, planned: 4 }, { ratio: 1.5, label: 'load per RN', severity: 'normal', step: 1 }]);
  });

  it('judges that load by the limits the site sets', () => {
    const thresholds = { 'unit.load_per_nurse': { warn: 1.2, crit: 1.5 } };
    expect(card([...occupied, staffing(2, 4)], { thresholds }).load).toMatchObject({ severity: 'crit', step: 3 });
    expect(card([...occupied, staffing(3, 4)], { thresholds }).load).toMatchObject({ ratio: 1, severity: 'normal', step: 0 });
  });

  it('else lies on its occupancy', () => {
    expect(card(occupied).load).toEqual({ ratio: 0.75, label: 'occupancy', severity: 'normal', step: 0 });
    expect(card([...occupied, admitted('V4', '4')]).load).toMatchObject({ ratio: 1, severity: 'crit', step: 3 });
  });
});
