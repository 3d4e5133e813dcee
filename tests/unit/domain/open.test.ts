import { describe, expect, it } from 'vitest';
import { isOpen } from '../../../electron/core/domain/open.ts';
import { folded, happened } from './given.ts';

const encounter = 'V1';
const patient = { id: 'P1' };
const adt = (clock: string, type: string, more: object = {}) => happened(clock, `adt.${type}`, { encounter, ...more });
const admitted = adt('10:00', 'admitted', { patient, location: { unit: '4E' } });
const arrived = happened('08:00', 'ed.arrived', { encounter, patient });

describe('an encounter matters for now', () => {
  it.each([
    ['in the emergency department', [arrived]],
    ['in a ward', [admitted]],
    ['on leave', [admitted, adt('11:00', 'leave-started')]],
    ['in intensive care, which alone reports it', [happened('08:00', 'icu.admitted', { encounter, unit: 'MICU' })]],
    ['back after a cancelled discharge', [admitted, adt('11:00', 'discharged'), adt('11:10', 'discharge-cancelled')]],
  ])('%s', (_, events) => expect(isOpen('encounter', folded(events))).toBe(true));
});

describe('an encounter is history', () => {
  it.each([
    ['after a discharge that nobody in the emergency department reported', [arrived, adt('11:00', 'discharged')]],
    ['after leaving the emergency department', [arrived, happened('09:00', 'ed.departed', { encounter })]],
    ['after an admission that never happened', [admitted, adt('11:00', 'admit-cancelled')]],
    ['after intensive care', [happened('08:00', 'icu.admitted', { encounter, unit: 'MICU' }), happened('09:00', 'icu.discharged', { encounter })]],
  ])('%s', (_, events) => expect(isOpen('encounter', folded(events))).toBe(false));
});

describe('a case of the operating rooms', () => {
  const told = (clock: string, type: string) => happened(clock, `or.${type}`, { case: 'C1', room: '1' });
  it.each([
    ['in the room', [told('08:00', 'patient-in-room')], true],
    ['under way', [told('08:10', 'case-started')], true],
    ['wheeled out', [told('08:00', 'patient-in-room'), told('09:00', 'patient-out-of-room')], false],
    ['that ended, of which no wheels are told', [told('08:10', 'case-started'), told('09:00', 'case-completed')], false],
    ['that ended and is not wheeled out', [told('08:00', 'patient-in-room'), told('09:00', 'case-completed')], false],
    ['begun again after its end', [told('08:10', 'case-started'), told('09:00', 'case-completed'), told('09:10', 'case-started')], true],
    ['cancelled before it came', [told('07:00', 'case-cancelled')], false],
    ['cancelled in the room', [told('08:00', 'patient-in-room'), told('08:20', 'case-cancelled')], true],
  ] as const)('%s', (_, events, open) => expect(isOpen('or-case', folded(events))).toBe(open));
});
