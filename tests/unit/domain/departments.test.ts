import { describe, expect, it } from 'vitest';
import { departedEdAt, isInEd, isVoidVisit, leftEdAt } from '../../../electron/core/domain/ed/presence.ts';
import { icuTransfers, isStepDownReady } from '../../../electron/core/domain/icu/transfers.ts';
import type { EncounterState } from '../../../electron/core/domain/states.ts';
import { whereabouts } from '../../../electron/core/domain/whereabouts.ts';
import { at, folded, given, happened } from './given.ts';

const encounter = 'V3';
const patient = { id: 'P3' };
const ward = { unit: '4E', unitKind: 'ward', bed: '12' };

describe('emergency visit', () => {
  const said = (clock: string, type: string, more: object = {}) => happened(clock, `ed.${type}`, { encounter, ...more }, { source: 'ed' });
  const arrived = (clock = '08:00') => said(clock, 'arrived', { patient, mode: 'walk-in' });
  const stateAfter = (...events: Parameters<typeof folded>[0]) => folded(events) as EncounterState;

  it('keeps the first time of each step', () => {
    given(arrived(), said('08:05', 'triaged', { level: 3 }), said('08:20', 'roomed', { space: 'A1' }), said('08:30', 'provider-assigned'), said('09:00', 'roomed', { space: 'A4' }))
      .when(said('09:10', 'triaged', { level: 2 }))
      .thenOf('ed', { patient: 'P3', mode: 'walk-in', arrivedAt: at('08:00'), triagedAt: at('08:05'), level: 2, roomedAt: at('08:20'), space: 'A4', providerAt: at('08:30') });
  });
  it('boards from the decision to the departure', () => {
    given(arrived(), said('10:00', 'admission-decided', { toUnitKind: 'ward' }), said('10:10', 'bed-requested', { toUnit: '4E' }))
      .when(said('12:00', 'departed', { disposition: 'admitted' }))
      .thenOf('ed', {
        patient: 'P3', mode: 'walk-in', arrivedAt: at('08:00'), admissionDecidedAt: at('10:00'), bedRequestedAt: at('10:10'),
        toUnit: '4E', toUnitKind: 'ward', departedAt: at('12:00'), disposition: 'admitted',
      });
  });
  it('takes back that the patient left unseen when they are treated later', () => {
    given(arrived(), said('09:00', 'left-without-being-seen'))
      .when(said('09:30', 'roomed', { space: 'A1' }))
      .thenOf('ed', { patient: 'P3', mode: 'walk-in', arrivedAt: at('08:00'), roomedAt: at('09:30'), space: 'A1' });
  });
  it('given a treatment space in one department, when another speaks of the patient without one, then the old label is not theirs there', () => {
    const roomed = [said('08:00', 'arrived', { patient, unit: 'ED-A' }), said('08:10', 'roomed', { unit: 'ED-A', space: '7' })];
    expect(whereabouts(folded([...roomed, said('09:00', 'provider-assigned', { unit: 'ED-B' })]) as EncounterState)).toEqual({ unit: 'ED-B', unitKind: 'ed', since: at('08:10') });
    expect(whereabouts(folded([...roomed, said('09:00', 'provider-assigned')]) as EncounterState)).toMatchObject({ unit: 'ED-A', bed: '7' });
  });
  it('knows whether an emergency patient is ventilated', () => {
    given(said('08:30', 'ventilator-status-changed', { ventilated: true })).when(arrived()).thenOf('ed', { patient: 'P3', mode: 'walk-in', arrivedAt: at('08:00'), ventilated: true });
  });
  it('ends with a departure, or with what proves one', () => {
    const admitted = happened('11:00', 'adt.admitted', { encounter, patient, location: ward });
    const home = happened('13:00', 'adt.discharged', { encounter });
    expect(isInEd(stateAfter(arrived()))).toBe(true);
    expect(leftEdAt(stateAfter(arrived(), said('10:00', 'departed'), admitted))).toBe(at('10:00'));
    expect(leftEdAt(stateAfter(arrived(), admitted))).toBe(at('11:00'));
    expect(leftEdAt(stateAfter(arrived(), home))).toBe(at('13:00'));
    expect(leftEdAt(stateAfter(arrived(), happened('08:10', 'adt.admitted', { encounter, patient, location: { unit: 'ED', unitKind: 'ed' } })))).toBeUndefined();
  });
});

describe('corrections of an emergency visit', () => {
  const said = (clock: string, type: string, more: object = {}) => happened(clock, `ed.${type}`, { encounter, ...more }, { source: 'ed' });
  const adt = (clock: string, type: string, more: object = {}) => happened(clock, `adt.${type}`, { encounter, ...more });
  const arrived = said('08:00', 'arrived', { patient, unit: 'ED' });
  const inEd = { unit: 'ED', unitKind: 'ed', bed: 'A1' };
  const after = (...events: Parameters<typeof folded>[0]) => folded(events) as EncounterState;

  it('a registration that is cancelled is no visit, whichever is known first and however often', () => {
    const cancelled = [adt('08:20', 'admit-cancelled'), adt('08:25', 'admit-cancelled')];
    expect(isInEd(after(arrived, ...cancelled))).toBe(false);
    expect(isVoidVisit(after(arrived, said('08:10', 'triaged', { level: 3 }), ...cancelled))).toBe(true);
    expect(isVoidVisit(after(adt('08:00', 'admitted', { patient, location: inEd, class: 'emergency' }), arrived, ...cancelled))).toBe(true);
    expect(isVoidVisit(after(...cancelled))).toBe(false);
  });
  it('a patient who is treated after the cancellation is there', () => {
    expect(isInEd(after(arrived, adt('08:20', 'admit-cancelled'), said('08:40', 'roomed', { space: 'A1' })))).toBe(true);
  });
  it('an admission out of the department that is cancelled leaves the patient there', () => {
    const back = after(arrived, said('09:00', 'admission-decided'), adt('10:00', 'admitted', { patient, location: ward, class: 'inpatient' }), adt('10:20', 'admit-cancelled'));
    expect([isVoidVisit(back), isInEd(back), whereabouts(back)?.unit]).toEqual([false, true, 'ED']);
  });
  it('a departure ends with the discharge that never happened, until the patient leaves again', () => {
    const home = [arrived, adt('08:01', 'admitted', { patient, location: inEd, class: 'emergency' }), said('10:00', 'departed', { disposition: 'home' }), adt('10:00', 'discharged')];
    const back = [...home, adt('10:30', 'discharge-cancelled')];
    expect(whereabouts(after(...home))).toBeUndefined();
    expect(whereabouts(after(...back))).toMatchObject({ unit: 'ED', bed: 'A1' });
    expect(isInEd(after(...back))).toBe(true);
    expect(departedEdAt(after(...back, said('12:00', 'departed')))).toBe(at('12:00'));
    expect(whereabouts(after(...back, said('12:00', 'departed'), adt('12:00', 'discharged')))).toBeUndefined();
  });
  it('a departure to a ward stands when the discharge from there never happened', () => {
    const stay = [arrived, said('10:00', 'departed'), adt('10:00', 'admitted', { patient, location: ward }), adt('15:00', 'discharged'), adt('15:30', 'discharge-cancelled')];
    expect(departedEdAt(after(...stay))).toBe(at('10:00'));
    expect(whereabouts(after(...stay))).toMatchObject({ unit: '4E', bed: '12' });
  });
});

describe('ambulance', () => {
  it('is expected, at the door and offloaded', () => {
    const said = (clock: string, type: string, more: object = {}) => happened(clock, `ed.ambulance-${type}`, { ambulance: 'R5', ...more }, { source: 'ed' });
    given(said('12:00', 'expected', { expectedAt: '2026-01-10T12:20:00Z', level: 2 }), said('12:25', 'arrived', { encounter }))
      .when(said('12:41', 'offloaded'))
      .then({ expectedAt: at('12:20'), level: 2, encounter, arrivedAt: at('12:25'), offloadedAt: at('12:41') });
  });
});

describe('intensive care', () => {
  const said = (clock: string, type: string, more: object = {}) => happened(clock, `icu.${type}`, { encounter, ...more }, { source: 'icu' });
  const admitted = said('08:00', 'admitted', { unit: 'MICU', bed: '3' });

  it('knows ventilation since it began, and acuity', () => {
    given(admitted, said('09:00', 'ventilator-status-changed', { ventilated: true }), said('10:00', 'ventilator-status-changed', { ventilated: true }))
      .when(said('11:00', 'acuity-changed', { acuity: 4 }))
      .thenOf('icu', { unit: 'MICU', bed: '3', admittedAt: at('08:00'), transfers: [], ventilated: true, ventilatedSince: at('09:00'), ventilationTold: { at: at('10:00'), unit: 'MICU' }, acuity: 4 });
  });
  it('measures the transfer from the order to the leaving', () => {
    given(admitted, said('09:00', 'ventilator-status-changed', { ventilated: true }), said('12:00', 'transfer-ordered', { toUnitKind: 'step_down' }))
      .when(said('15:00', 'discharged'))
      .thenOf('icu', { unit: 'MICU', bed: '3', admittedAt: at('08:00'), dischargedAt: at('15:00'), ventilationTold: { at: at('09:00'), unit: 'MICU' },
        transfers: [{ orderedAt: at('12:00'), leftAt: at('15:00'), unit: 'MICU' }] });
  });
  it('takes the leaving from the administrative move where intensive care does not report it', () => {
    const place = happened('08:00', 'adt.admitted', { encounter, patient, location: { unit: 'MICU', unitKind: 'icu', bed: '3' } });
    const ordered = said('12:00', 'transfer-ordered');
    const moved = happened('14:00', 'adt.transferred', { encounter, location: ward });
    const undone = happened('14:10', 'adt.transfer-cancelled', { encounter });
    expect(icuTransfers(folded([place, ordered]) as EncounterState)).toEqual([{ orderedAt: at('12:00'), unit: 'MICU' }]);
    expect(icuTransfers(folded([place, ordered, moved]) as EncounterState)).toEqual([{ orderedAt: at('12:00'), leftAt: at('14:00'), unit: 'MICU' }]);
    expect(icuTransfers(folded([place, ordered, moved, undone]) as EncounterState)).toEqual([{ orderedAt: at('12:00'), unit: 'MICU' }]);
  });
  it('given the patient has left, when the order to leave is signed, then nobody waits for a step-down bed', () => {
    const ward = happened('14:00', 'adt.transferred', { encounter, location: { unit: '4E', unitKind: 'ward', bed: '1' } });
    const place = happened('08:00', 'adt.admitted', { encounter, patient, location: { unit: 'MICU', unitKind: 'icu', bed: '3' } });
    const late = said('15:00', 'transfer-ordered');
    const leftBySystem = folded([admitted, said('14:00', 'discharged'), late]) as EncounterState;
    const leftByMove = folded([place, said('08:00', 'acuity-changed', { acuity: 4 }), ward, late]) as EncounterState;
    for (const encounterState of [leftBySystem, leftByMove]) expect(isStepDownReady(encounterState)).toBe(false);
    // Ordered after the leaving: a negative duration, which metrics count as excluded.
    expect(icuTransfers(leftBySystem)).toEqual([{ orderedAt: at('15:00'), leftAt: at('14:00'), unit: 'MICU' }]);
    expect(icuTransfers(leftByMove)).toEqual([{ orderedAt: at('15:00'), leftAt: at('14:00'), unit: 'MICU' }]);
  });
  it('given a bed in one unit, when another unit speaks of the patient without a bed, then the old label is not theirs there', () => {
    const moved = folded([admitted, said('10:00', 'admitted', { unit: 'SICU' })]) as EncounterState;
    expect(whereabouts(moved)).toEqual({ unit: 'SICU', unitKind: 'icu', since: at('08:00') });
    expect(whereabouts(folded([admitted, said('10:00', 'acuity-changed', { acuity: 2 })]) as EncounterState)).toMatchObject({ unit: 'MICU', bed: '3' });
  });
  it('given a transfer that was measured, when its order is signed again after the leaving, then it counts once', () => {
    const stay = [admitted, said('09:00', 'transfer-ordered'), said('14:00', 'discharged'), said('15:00', 'transfer-ordered')];
    expect(icuTransfers(folded(stay) as EncounterState)).toEqual([{ orderedAt: at('09:00'), leftAt: at('14:00'), unit: 'MICU' }]);
  });
  it('given an order signed after the leaving, when the patient is back, then they do not leave by that order', () => {
    const back = [admitted, said('10:00', 'discharged'), said('11:00', 'transfer-ordered'), said('12:00', 'admitted', { unit: 'MICU', bed: '3' })];
    expect(isStepDownReady(folded(back) as EncounterState)).toBe(false);
    expect(isStepDownReady(folded([...back, said('13:00', 'transfer-ordered')]) as EncounterState)).toBe(true);
  });
});

describe('corrections of intensive care', () => {
  const said = (clock: string, type: string, more: object = {}) => happened(clock, `icu.${type}`, { encounter, ...more }, { source: 'icu' });
  const admitted = said('08:00', 'admitted', { unit: 'MICU', bed: '3' });
  const withdrawn = happened('10:00', 'adt.pending-cancelled', { encounter, pending: 'transfer' });
  const after = (...events: Parameters<typeof folded>[0]) => folded(events) as EncounterState;

  it('an admission that never happened was none in intensive care either', () => {
    expect(whereabouts(after(admitted))).toMatchObject({ unit: 'MICU' });
    expect(whereabouts(after(admitted, happened('08:30', 'adt.admit-cancelled', { encounter })))).toBeUndefined();
  });
  it('a transfer that is withdrawn is not waited for; one that is ordered again counts from then', () => {
    const ordered = said('09:00', 'transfer-ordered');
    expect(isStepDownReady(after(admitted, ordered))).toBe(true);
    expect(isStepDownReady(after(admitted, ordered, withdrawn))).toBe(false);
    expect(icuTransfers(after(admitted, ordered, withdrawn, said('11:00', 'transfer-ordered')))).toEqual([{ orderedAt: at('11:00'), unit: 'MICU' }]);
    expect(isStepDownReady(after(admitted, withdrawn, said('11:00', 'transfer-ordered')))).toBe(true);
  });
  it('a transfer that is withdrawn is no delay when the patient leaves another way', () => {
    const stay = [admitted, said('09:00', 'transfer-ordered'), withdrawn];
    expect(icuTransfers(after(...stay, said('14:00', 'discharged')))).toEqual([]);
    expect(icuTransfers(after(...stay, said('11:00', 'transfer-ordered'), said('14:00', 'discharged')))).toEqual([{ orderedAt: at('11:00'), leftAt: at('14:00'), unit: 'MICU' }]);
    expect(icuTransfers(after(admitted, said('09:00', 'transfer-ordered'), said('09:30', 'discharged'), withdrawn))).toEqual([{ orderedAt: at('09:00'), leftAt: at('09:30'), unit: 'MICU' }]);
  });
});

describe('unit and source', () => {
  it('a staffing report is whole', () => {
    const report = (clock: string, more: object) => happened(clock, 'unit.staffing-reported', { unit: '4E', ...more }, { source: 'staff' });
    given(report('07:00', { unitKind: 'ward', staffedBeds: 24, staff: { RN: 6 }, plannedStaff: { RN: 7 } }))
      .when(report('15:00', { staffedBeds: 22, staff: { RN: 5 } }))
      .then({ kind: 'ward', staffedBeds: 22, staff: { RN: 5 }, staffingReportedAt: at('15:00') });
  });
  it('a status said again does not restart its time', () => {
    const status = (clock: string, reason?: string) => happened(clock, 'unit.status-changed', { unit: 'ED', status: 'diversion', ...(reason ? { reason } : {}) }, { source: 'ed' });
    given(status('07:00', 'NEDOCS')).when(status('08:00')).then({ status: { value: 'diversion', since: at('07:00') } });
  });
  it('a heartbeat changes nothing that a source said of itself', () => {
    const registered = happened('07:00', 'source.registered', { instance: 'a', title: 'ADT', intervalSeconds: 30 });
    given(registered).when(happened('07:01', 'source.heartbeat', { instance: 'a', queued: 4 })).then({ title: 'ADT', intervalSeconds: 30 });
  });
});
