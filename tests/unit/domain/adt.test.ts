import { describe, it } from 'vitest';
import { at, given, happened } from './given.ts';

const encounter = 'V1';
const patient = { id: 'P1' };
const bed12 = { unit: '4E', unitKind: 'ward', bed: '12' } as const;
const icu3 = { unit: 'MICU', unitKind: 'icu', bed: '3' } as const;
const here = { ...bed12, from: at('08:00'), admission: true };
const back = { ...here, restored: true };
const admitted = (clock = '08:00', location: object = bed12) => happened(clock, 'adt.admitted', { encounter, patient, location, class: 'inpatient' });
const transferred = (clock: string, location: object = icu3) => happened(clock, 'adt.transferred', { encounter, location });
const discharged = (clock: string, more: object = {}) => happened(clock, 'adt.discharged', { encounter, ...more });
const said = (clock: string, type: string, more: object = {}) => happened(clock, type, { encounter, ...more });
const base = { patient: 'P1', class: 'inpatient', admittedAt: at('08:00') };

describe('admission', () => {
  it('places the patient', () => {
    given().when(admitted()).then({ adt: { ...base, status: 'active', stays: [here] } });
  });
  it('said again in the same place changes no time', () => {
    given(admitted()).when(admitted('08:05')).thenOf('adt', { ...base, status: 'active', stays: [{ ...here, saidAgainAt: at('08:05') }] });
  });
  it('said again for another bed is a move', () => {
    const bed14 = { ...bed12, bed: '14' };
    given(admitted())
      .when(admitted('08:05', bed14))
      .thenOf('adt', { ...base, status: 'active', stays: [{ ...here, to: at('08:05') }, { ...bed14, from: at('08:05'), admission: true }] });
  });
  it('after a discharge reopens the encounter, which keeps its admission', () => {
    given(admitted(), discharged('10:00'))
      .when(admitted('11:00'))
      .thenOf('adt', { ...base, status: 'active', stays: [{ ...here, to: at('10:00') }, { ...bed12, from: at('11:00'), admission: true }] });
  });
  it('cancelled never happened', () => {
    given(admitted(), transferred('09:00')).when(said('09:30', 'adt.admit-cancelled')).thenOf('adt', { patient: 'P1', class: 'inpatient', status: 'cancelled', cancelledAt: at('09:30'), cancelledAdmission: true, stays: [] });
  });
  it('counts from the first inpatient placement, not from the emergency department', () => {
    const ed = { unit: 'ED', unitKind: 'ed' };
    given(happened('07:00', 'adt.admitted', { encounter, patient, location: ed, class: 'inpatient' }))
      .when(transferred('08:00', bed12))
      .thenOf('adt', { ...base, status: 'active', stays: [{ ...ed, from: at('07:00'), to: at('08:00'), admission: true }, { ...bed12, from: at('08:00') }] });
  });
  it('of an emergency patient in the same bed begins when the class changes', () => {
    given(happened('07:00', 'adt.admitted', { encounter, patient, location: bed12, class: 'emergency' }))
      .when(admitted())
      .thenOf('adt', { ...base, status: 'active', stays: [{ ...bed12, from: at('07:00'), admission: true, saidAgainAt: at('08:00') }] });
  });
  it('into a place that the importer chose is marked', () => {
    given()
      .when(happened('08:00', 'adt.admitted', { encounter, patient, location: bed12 }, { constructed: 'location.bed' }))
      .thenOf('adt', { patient: 'P1', status: 'active', admittedAt: at('08:00'), stays: [{ ...here, constructed: true }] });
  });
});

describe('transfer', () => {
  it('closes the stay before it, also when it arrives late', () => {
    const bed9 = { unit: '5W', unitKind: 'ward', bed: '9' };
    given(admitted(), transferred('12:00', bed9))
      .when(transferred('10:00'))
      .thenOf('adt', {
        ...base,
        status: 'active',
        stays: [{ ...here, to: at('10:00') }, { ...icu3, from: at('10:00'), to: at('12:00') }, { ...bed9, from: at('12:00') }],
      });
  });
  it('before any admission counts as the admission', () => {
    given().when(transferred('09:00')).thenOf('adt', { status: 'active', admittedAt: at('09:00'), stays: [{ ...icu3, from: at('09:00') }] });
  });
  it('that names the unit alone keeps the bed', () => {
    given(admitted()).when(transferred('09:00', { unit: '4E' })).thenOf('adt', { ...base, status: 'active', stays: [{ ...here, saidAgainAt: at('09:00') }] });
  });
  it('cancelled returns the patient to the placement before', () => {
    given(admitted(), transferred('09:00')).when(said('09:10', 'adt.transfer-cancelled')).thenOf('adt', { ...base, status: 'active', stays: [back] });
  });
  it('cancelled after the discharge leaves the place before until the discharge', () => {
    given(admitted(), transferred('09:00'), discharged('10:00'))
      .when(said('10:10', 'adt.transfer-cancelled', { location: bed12 }))
      .thenOf('adt', { ...base, status: 'discharged', dischargedAt: at('10:00'), stays: [{ ...back, to: at('10:00') }] });
  });
  it('cancelled with another place puts the patient there since the withdrawn move', () => {
    const bed14 = { ...bed12, bed: '14' };
    given(admitted(), transferred('09:00'))
      .when(said('09:10', 'adt.transfer-cancelled', { location: bed14 }))
      .thenOf('adt', { ...base, status: 'active', stays: [{ ...here, to: at('09:00') }, { ...bed14, from: at('09:00') }] });
  });
  it('cancelled without any move seen changes nothing', () => {
    given(admitted()).when(said('09:10', 'adt.transfer-cancelled')).thenOf('adt', { ...base, status: 'active', stays: [here] });
  });
});

describe('discharge', () => {
  it('ends the stay and what was pending, with or without a place', () => {
    given(admitted(), said('09:00', 'adt.discharge-pending'), said('09:10', 'adt.transfer-pending', { to: icu3 }))
      .when(discharged('10:00', { disposition: 'home' }))
      .thenOf('adt', { ...base, status: 'discharged', dischargedAt: at('10:00'), disposition: 'home', stays: [{ ...here, to: at('10:00') }] });
  });
  it('said twice happened the first time', () => {
    given(admitted(), discharged('10:00'))
      .when(discharged('10:20', { disposition: 'home' }))
      .thenOf('adt', { ...base, status: 'discharged', dischargedAt: at('10:00'), dischargedAgainAt: at('10:20'), disposition: 'home', stays: [{ ...here, to: at('10:00') }] });
  });
  it('cancelled reopens the last stay', () => {
    given(admitted(), discharged('10:00', { disposition: 'home' }))
      .when(said('10:30', 'adt.discharge-cancelled'))
      .thenOf('adt', { ...base, status: 'active', reopenedAt: at('10:30'), stays: [here] });
  });
  it('cancelled into another bed goes on there', () => {
    given(admitted(), discharged('10:00'))
      .when(said('10:30', 'adt.discharge-cancelled', { location: icu3 }))
      .thenOf('adt', { ...base, status: 'active', reopenedAt: at('10:30'), stays: [{ ...here, to: at('10:30') }, { ...icu3, from: at('10:30') }] });
  });
  it('cancelled of a patient who was not discharged changes nothing', () => {
    given(admitted()).when(said('10:30', 'adt.discharge-cancelled')).thenOf('adt', { ...base, status: 'active', stays: [here] });
  });
  it('without any history is known, but places nobody', () => {
    given().when(discharged('10:00', { location: bed12 })).thenOf('adt', { status: 'discharged', dischargedAt: at('10:00'), stays: [] });
  });
});

describe('decisions', () => {
  const stays = [here];
  it('keep the time of the first decision and the newest expectation', () => {
    given(admitted(), said('09:00', 'adt.discharge-pending', { expectedAt: '2026-01-10T14:00:00Z' }))
      .when(said('09:30', 'adt.discharge-pending', { expectedAt: '2026-01-10T15:00:00Z' }))
      .thenOf('adt', { ...base, status: 'active', stays, pendingDischarge: { decidedAt: at('09:00'), expectedAt: at('15:00') } });
  });
  it('are withdrawn one by one', () => {
    given(admitted(), said('09:00', 'adt.discharge-pending'), said('09:00', 'adt.transfer-pending', { to: icu3 }))
      .when(said('09:30', 'adt.pending-cancelled', { pending: 'discharge' }))
      .thenOf('adt', { ...base, status: 'active', stays, pendingTransfer: { to: icu3, decidedAt: at('09:00') } });
  });
  it('to move end with the move, but not with a change of bed in the unit', () => {
    const bed14 = { ...bed12, bed: '14' };
    const moved = [{ ...here, to: at('10:00') }, { ...bed14, from: at('10:00') }];
    const pending = said('09:00', 'adt.transfer-pending', { to: { unit: 'MICU' } });
    given(admitted(), pending)
      .when(transferred('10:00', bed14))
      .thenOf('adt', { ...base, status: 'active', stays: moved, pendingTransfer: { to: { unit: 'MICU' }, decidedAt: at('09:00') } });
    given(admitted(), pending)
      .when(transferred('10:00'))
      .thenOf('adt', { ...base, status: 'active', stays: [moved[0], { ...icu3, from: at('10:00') }] });
  });
});

describe('facts of a stay', () => {
  it('are added and lifted', () => {
    const expected = { ...base, status: 'active', stays: [here], acuity: 3 };
    given(admitted()).when(said('09:00', 'adt.updated', { acuity: 3, isolation: 'contact' })).thenOf('adt', { ...expected, isolation: 'contact' });
    given(admitted(), said('09:00', 'adt.updated', { acuity: 3, isolation: 'contact' })).when(said('10:00', 'adt.updated', { isolation: null })).thenOf('adt', expected);
  });
  it('leave keeps the bed', () => {
    given(admitted()).when(said('09:00', 'adt.leave-started')).thenOf('adt', { ...base, status: 'on-leave', leave: { since: at('09:00') }, stays: [here] });
    given(admitted(), said('09:00', 'adt.leave-started')).when(said('10:00', 'adt.leave-ended')).thenOf('adt', { ...base, status: 'active', stays: [here] });
  });
  it('merged records point at the one that lives on', () => {
    given().when(happened('09:00', 'adt.merged', { patient: { id: 'P1' }, into: { id: 'P2' } })).then({ mergedInto: 'P2' });
  });
});
