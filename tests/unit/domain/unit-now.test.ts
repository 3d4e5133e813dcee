import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsByKind } from '../../../electron/core/domain/units/decisions.ts';
import { unitIds, unitNow } from '../../../electron/core/domain/units/now.ts';
import { bedsAfterDecisions } from '../../../electron/core/metrics/formulas/ratios.ts';
import { at, happened, houseWith } from './given.ts';
import { admitted, adt, bed, config, in12, status } from './given-ward.ts';

describe('a unit now', () => {
  it('counts beds by state, and patients without a bed', () => {
    const house = houseWith(
      config(),
      admitted('08:00', 'V1', in12),
      admitted('08:00', 'V2', { unit: '4E' }),
      bed('08:00', 'status-changed', { bed: '11', status: 'available' }),
      happened('07:00', 'unit.staffing-reported', { unit: '4E', staffedBeds: 2 }),
    );
    expect(unitNow(house, '4E', at('12:00'))).toMatchObject({ kind: 'ward', staffed: 2, staffedFrom: 'reported', occupied: 2, unknown: 1, available: 0 });
  });
  it('without staffing report has its configured beds, without either is unknown', () => {
    const house = houseWith(config(), admitted('08:00', 'V1', { unit: '5W', unitKind: 'ward', bed: '1' }));
    expect(unitNow(house, '4E', at('12:00'))).toMatchObject({ staffed: 3, staffedFrom: 'configured', unknown: 3 });
    expect(unitNow(house, '5W', at('12:00'))).toMatchObject({ kind: 'ward', staffed: null, staffedFrom: null, occupied: 1 });
    expect(unitIds(house)).toEqual(['4E', 'MICU', 'ED', '5W']);
  });
  it('of no configured kind is what most of its patients say, in whatever order they came', () => {
    const placed = (encounter: string, unitKind: string) => admitted('08:00', encounter, { unit: '5W', unitKind });
    const of = (...events: ReturnType<typeof happened>[]) => unitNow(houseWith(config(), ...events), '5W', at('12:00')).kind;
    expect(of(placed('V1', 'ward'), placed('V2', 'icu'), placed('V3', 'icu'))).toBe('icu');
    expect(of(placed('V1', 'ward'), placed('V2', 'icu'))).toBe('icu');
    expect(of(placed('V2', 'icu'), placed('V1', 'ward'))).toBe('icu');
  });
  it('knows decided movements, each patient once', () => {
    const house = houseWith(
      config(),
      admitted('08:00', 'V1', in12),
      adt('09:00', 'transfer-pending', 'V1', { to: { unit: 'MICU' } }),
      happened('09:05', 'bed.reserved', { unit: 'MICU', bed: '2', encounter: 'V1' }),
      admitted('08:00', 'V2', { ...in12, bed: '11' }),
      adt('09:00', 'discharge-pending', 'V2'),
      happened('08:00', 'ed.arrived', { encounter: 'V5', patient: { id: 'P5' } }),
      happened('09:00', 'ed.admission-decided', { encounter: 'V5', toUnit: '4E' }),
      happened('09:05', 'bed.reserved', { unit: '4E', bed: '13', encounter: 'V5' }),
      happened('09:05', 'bed.reserved', { unit: '4E', bed: '14', encounter: 'V8' }),
      happened('09:05', 'or.bed-hold-requested', { case: 'C1', unitKind: 'icu', unit: 'MICU' }),
    );
    expect(unitNow(house, '4E', at('12:00'))).toMatchObject({ pendingDischarges: 1, pendingTransfersOut: 1, pendingTransfersIn: 0, assignedAdmissions: 2, holds: 0 });
    expect(unitNow(house, 'MICU', at('12:00'))).toMatchObject({ pendingTransfersIn: 1, assignedAdmissions: 0, holds: 1 });
    // Who waits in no treatment space leaves none free.
    expect(unitNow(house, 'ED', at('12:00'))).toMatchObject({ pendingTransfersOut: 0, waiting: 1, occupied: 0 });
  });
  describe('takes nobody away who does not count as lying in it', () => {
    const in11 = { ...in12, bed: '11' };
    const two = [admitted('08:00', 'V1', in12), admitted('08:00', 'V2', in11)];
    const ward = (...events: ReturnType<typeof happened>[]) => {
      const unit = unitNow(houseWith(config(), ...two, ...events), '4E', at('12:00'));
      return [unit.occupied, bedsAfterDecisions(unit)];
    };
    it.each([
      ['discharge', adt('09:00', 'discharge-pending', 'V1')],
      ['transfer', adt('09:00', 'transfer-pending', 'V1', { to: { unit: 'MICU' } })],
    ])('given a pending %s, when the bed is dirty before it is charted, then the patient is gone once', (_, pending) => {
      expect(ward(pending)).toEqual([2, 1]);
      expect(ward(pending, status('10:00', 'dirty'))).toEqual([1, 1]);
      expect(ward(pending, status('10:00', 'dirty'), bed('10:10', 'cleaning-started'), bed('10:40', 'cleaning-completed'))).toEqual([1, 1]);
    });
    it('given two patients charted in one bed, when one of them is to go, then the bed stays taken', () => {
      const second = admitted('09:30', 'V3', in12);
      expect(ward(adt('09:00', 'discharge-pending', 'V1'), second)).toEqual([2, 2]);
      expect(ward(second, adt('10:00', 'discharge-pending', 'V3'))).toEqual([2, 1]);
    });
    it('given intensive care whose bed is dirty already, then nobody there is ventilated, ready to go, or of an acuity', () => {
      const house = houseWith(
        config(),
        admitted('08:00', 'V1', { unit: 'MICU', unitKind: 'icu', bed: '1' }),
        happened('08:10', 'icu.ventilator-status-changed', { encounter: 'V1', ventilated: true }),
        happened('08:10', 'icu.acuity-changed', { encounter: 'V1', acuity: 4 }),
        happened('09:00', 'icu.transfer-ordered', { encounter: 'V1', toUnit: '4E' }),
        bed('10:00', 'status-changed', { unit: 'MICU', bed: '1', status: 'dirty' }),
      );
      expect(unitNow(house, 'MICU', at('12:00'))).toMatchObject({ occupied: 0, ventilated: 0, stepDownReady: 0, acuity: { sum: 0, count: 0 }, pendingTransfersOut: 0 });
      expect(unitNow(house, '4E', at('12:00'))).toMatchObject({ pendingTransfersIn: 1 });
    });
  });
  describe('counts nobody twice who lies in a bed before the chart says so', () => {
    const taken = (clock: string, unit: string, label: string) => bed(clock, 'status-changed', { unit, bed: label, status: 'occupied' });
    const moving = [admitted('08:00', 'V1', in12), adt('09:00', 'transfer-pending', 'V1', { to: { unit: 'MICU' } })];
    const icu = (...events: ReturnType<typeof happened>[]) => {
      const unit = unitNow(houseWith(config(), ...events), 'MICU', at('12:00'));
      return [unit.occupied, unit.pendingTransfersIn + unit.assignedAdmissions, bedsAfterDecisions(unit)];
    };
    it('given a decided move, when a bed there is taken since, then they have come', () => {
      expect(icu(...moving)).toEqual([0, 1, 1]);
      expect(icu(...moving, taken('10:00', 'MICU', '1'))).toEqual([1, 0, 1]);
      expect(icu(...moving, taken('10:00', 'MICU', '1'), adt('10:10', 'transferred', 'V1', { location: { unit: 'MICU', bed: '1' } }))).toEqual([1, 0, 1]);
    });
    it('given a bed that was taken before the decision, then somebody else lies there', () => {
      expect(icu(taken('08:30', 'MICU', '1'), ...moving)).toEqual([1, 1, 2]);
    });
    it('given a bed kept for them, when another is taken, then they are still to come', () => {
      const kept = bed('09:05', 'reserved', { unit: 'MICU', bed: '2', encounter: 'V1' });
      expect(icu(...moving, kept, taken('10:00', 'MICU', '1'))).toEqual([1, 1, 2]);
      expect(icu(...moving, kept, taken('10:00', 'MICU', '2'))).toEqual([1, 0, 1]);
    });
    it('given an admission of the emergency department, when its bed is taken before the chart, then they have come', () => {
      const boarding = [happened('08:00', 'ed.arrived', { encounter: 'V5', patient: { id: 'P5' } }), happened('09:00', 'ed.admission-decided', { encounter: 'V5', toUnit: 'MICU' })];
      expect(icu(...boarding)).toEqual([0, 1, 1]);
      expect(icu(...boarding, taken('10:00', 'MICU', '1'))).toEqual([1, 0, 1]);
    });
    it('given patients charted in the unit without a bed, then they lie in the beds that are taken', () => {
      const bedless = admitted('08:00', 'V7', { unit: 'MICU', unitKind: 'icu' });
      expect(icu(bedless, taken('08:10', 'MICU', '1'))).toEqual([1, 0, 1]);
      expect(icu(bedless, taken('08:10', 'MICU', '1'), taken('08:20', 'MICU', '2'))).toEqual([2, 0, 2]);
      expect(icu(bedless, admitted('08:00', 'V8', { unit: 'MICU', unitKind: 'icu' }), taken('08:10', 'MICU', '1'))).toEqual([2, 0, 2]);
    });
  });
  describe('the same patients whatever the order in which bed and chart say it', () => {
    /** Each patient lies in a ward bed; then it is decided, then they go: bed left, bed taken, and charted, in any order and perhaps not all. */
    const journeys = fc.array(fc.record({ goes: fc.constantFrom('home', 'MICU'), said: fc.shuffledSubarray(['left', 'arrived', 'charted']) }), { minLength: 1, maxLength: 2 });
    const clock = (n: number) => new Date(at('09:00') + n * 60_000).toISOString().slice(11, 16);
    function told(patients: { goes: string; said: string[] }[]) {
      let minute = 1;
      return patients.flatMap(({ goes, said }, i) => {
        const [v, label] = [`V${i}`, String(11 + i)];
        const home = goes === 'home';
        const event: Record<string, (c: string) => ReturnType<typeof happened> | undefined> = {
          left: (c) => bed(c, 'status-changed', { bed: label, status: 'dirty' }),
          arrived: (c) => (home ? undefined : bed(c, 'status-changed', { unit: 'MICU', bed: String(i + 1), status: 'occupied' })),
          charted: (c) => (home ? adt(c, 'discharged', v) : adt(c, 'transferred', v, { location: { unit: 'MICU', bed: String(i + 1) } })),
        };
        return [
          admitted('08:00', v, { ...in12, bed: label }),
          home ? adt('09:00', 'discharge-pending', v) : adt('09:00', 'transfer-pending', v, { to: { unit: 'MICU' } }),
          ...said.flatMap((what) => event[what]!(clock(minute++)) ?? []),
        ];
      });
    }
    it('after decisions nobody is left in the ward, and who moves is in intensive care, once', () => {
      fc.assert(fc.property(journeys, (patients) => {
        const house = houseWith(config(), ...told(patients));
        const after = (unit: string) => bedsAfterDecisions(unitNow(house, unit, at('12:00')));
        expect([after('4E'), after('MICU')]).toEqual([0, patients.filter(({ goes }) => goes === 'MICU').length]);
      }));
    });
    it('occupied after decisions is never below 0, nor more than there are patients', () => {
      const anything = fc.tuple(fc.nat(300), fc.constantFrom('V1', 'V2', 'V3'), fc.constantFrom('4E/11', '4E/12', 'MICU/1', 'ED/A1'), fc.constantFrom(
        'admitted', 'transferred', 'discharged', 'discharge-pending', 'transfer-pending', 'dirty', 'available', 'cleaning', 'ed.arrived', 'ed.roomed', 'ed.admission-decided', 'icu.admitted', 'icu.transfer-ordered', 'reserved',
      ));
      const event = ([minute, encounter, place, what]: [number, string, string, string]) => {
        const [unit, label] = place.split('/') as [string, string];
        const c = clock(minute % 170);
        if (['dirty', 'available', 'cleaning'].includes(what)) return bed(c, 'status-changed', { unit, bed: label, status: what });
        if (what === 'reserved') return bed(c, 'reserved', { unit, bed: label, encounter });
        if (what === 'icu.admitted') return happened(c, what, { encounter, unit, bed: label });
        if (what.includes('.')) return happened(c, what, { encounter, ...(what === 'ed.arrived' ? { patient: { id: encounter } } : {}), ...(what === 'ed.roomed' ? { space: label } : {}), ...(what === 'ed.admission-decided' || what === 'icu.transfer-ordered' ? { toUnit: unit } : {}) });
        if (what === 'admitted') return admitted(c, encounter, { unit, bed: label });
        return adt(c, what, encounter, what === 'transferred' ? { location: { unit, bed: label } } : what === 'transfer-pending' ? { to: { unit } } : {});
      };
      fc.assert(fc.property(fc.array(anything, { maxLength: 30 }), (events) => {
        const house = houseWith(config(), ...events.map(event));
        const units = unitIds(house).map((unit) => unitNow(house, unit, at('12:00')));
        for (const unit of units) expect(bedsAfterDecisions(unit), unit.unit).toBeGreaterThanOrEqual(0);
        expect(units.reduce((sum, unit) => sum + bedsAfterDecisions(unit), 0)).toBeLessThanOrEqual(3);
      }), { numRuns: 500 });
    });
  });
  describe('knows the beds that operating rooms want kept', () => {
    const hold = (more: object = {}) => happened('09:00', 'or.bed-hold-requested', { case: 'C1', unitKind: 'icu', ...more });
    const named = happened('08:30', 'or.case-scheduled', { case: 'C1', room: '1', encounter: 'V1', scheduledStart: '2026-01-10T10:00:00Z', scheduledMinutes: 60 });
    const micu = { unit: 'MICU', unitKind: 'icu', bed: '1' };
    const holds = (...events: ReturnType<typeof happened>[]) => {
      const house = houseWith(config(), ...events);
      return [unitNow(house, 'MICU', at('12:00')).holds, holdsByKind(house).get('icu') ?? 0];
    };
    it('by unit where one is named, and by kind', () => {
      expect(holds(hold({ unit: 'MICU' }))).toEqual([1, 1]);
      expect(holds(hold())).toEqual([0, 1]);
      expect(holds(hold(), happened('09:00', 'or.bed-hold-requested', { case: 'C2', unitKind: 'icu' }))).toEqual([0, 2]);
    });
    it('until they are released or the case is cancelled', () => {
      expect(holds(hold(), happened('10:00', 'or.bed-hold-released', { case: 'C1' }))).toEqual([0, 0]);
      expect(holds(hold(), happened('10:00', 'or.case-cancelled', { case: 'C1' }))).toEqual([0, 0]);
    });
    const heldFor = (...events: ReturnType<typeof happened>[]) => holds(named, ...events);
    it('not of patients who come there by another decision, nor of those who are or were there', () => {
      for (const of of [{ unit: 'MICU' }, {}]) {
        expect(heldFor(hold(of), happened('09:30', 'bed.reserved', { unit: 'MICU', bed: '2', encounter: 'V1' }))).toEqual([0, 0]);
        expect(heldFor(hold(of), admitted('08:00', 'V1', in12), adt('09:30', 'transfer-pending', 'V1', { to: { unit: 'MICU' } }))).toEqual([0, 0]);
        expect(heldFor(hold(of), admitted('08:00', 'V1', micu))).toEqual([0, 0]);
        expect(heldFor(hold(of), admitted('08:00', 'V1', in12), adt('10:00', 'transferred', 'V1', { location: micu }), adt('11:00', 'transferred', 'V1', { location: in12 }))).toEqual([0, 0]);
        expect(heldFor(hold(of), admitted('08:00', 'V1', in12))).toEqual(['unit' in of ? 1 : 0, 1]);
      }
    });
    it('not of patients who left the hospital, nor of an unnamed one whose case is over', () => {
      expect(heldFor(hold(), admitted('08:00', 'V1', in12), adt('11:00', 'discharged', 'V1'))).toEqual([0, 0]);
      const unnamed = happened('09:00', 'or.bed-hold-requested', { case: 'C1', unitKind: 'icu' });
      expect(holds(unnamed, happened('10:00', 'or.patient-in-room', { case: 'C1', room: '1' }))).toEqual([0, 1]);
      expect(holds(unnamed, happened('10:00', 'or.patient-in-room', { case: 'C1', room: '1' }), happened('11:00', 'or.patient-out-of-room', { case: 'C1', room: '1' }))).toEqual([0, 0]);
    });
  });
  it('expects a patient for whom two beds are kept in the one that was reserved last', () => {
    const kept = (clock: string, unit: string) => happened(clock, 'bed.reserved', { unit, bed: '1', encounter: 'V8' });
    const house = houseWith(config(), kept('09:10', 'MICU'), kept('09:00', '4E'));
    expect([unitNow(house, 'MICU', at('12:00')).assignedAdmissions, unitNow(house, '4E', at('12:00')).assignedAdmissions]).toEqual([1, 0]);
  });
  it('knows who is ventilated, ready for step-down, and how ill they are', () => {
    const icu = (clock: string, type: string, more: object = {}) => happened(clock, `icu.${type}`, { encounter: 'V1', ...more });
    const house = houseWith(
      config(),
      admitted('08:00', 'V1', { unit: 'MICU', unitKind: 'icu', bed: '1' }),
      icu('08:10', 'ventilator-status-changed', { ventilated: true }),
      icu('08:10', 'acuity-changed', { acuity: 4 }),
      icu('09:00', 'transfer-ordered', { toUnit: '4E' }),
    );
    expect(unitNow(house, 'MICU', at('12:00'))).toMatchObject({ occupied: 1, ventilated: 1, stepDownReady: 1, acuity: { sum: 4, count: 1 }, pendingTransfersOut: 1 });
    expect(unitNow(house, '4E', at('12:00'))).toMatchObject({ pendingTransfersIn: 1 });
  });
});
