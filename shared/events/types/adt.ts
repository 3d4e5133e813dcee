import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { acuity, code, identifier, instant, location, note, patient } from '../fields.ts';

const encounter = { kind: 'encounter', id: (d: { encounter: string }) => d.encounter } as const;
const stay = { encounter: identifier(), patient: patient().optional() };
/** Time of the event that is withdrawn, as that said it (HL7 EVN-6 of a cancel event); without it the last one is meant. */
const withdraws = instant().optional();
const at = { unit: '4E', unitKind: 'ward', bed: '12' } as const;

export const adtEvents = [
  defineEvent({
    type: 'adt.admitted',
    describes: 'A patient was admitted (HL7 A01, A06).',
    entity: encounter,
    data: () => z.object({
      ...stay,
      patient: patient(),
      location: location(),
      /** Patient class, HL7 table 0004. */
      class: z.enum(['inpatient', 'observation', 'emergency', 'outpatient', 'day-case']).optional(),
      service: code().optional(),
      expectedDischargeAt: instant().optional(),
    }),
    example: { encounter: 'V1001', patient: { id: 'MRN-7', name: 'Example, Eva' }, location: at, class: 'inpatient' },
  }),
  defineEvent({
    type: 'adt.transferred',
    describes: 'A patient moved to another unit or bed (HL7 A02).',
    entity: encounter,
    data: () => z.object({ ...stay, location: location(), from: location().optional() }),
    example: { encounter: 'V1001', location: { unit: 'MICU', unitKind: 'icu', bed: '3' }, from: at },
  }),
  defineEvent({
    type: 'adt.discharged',
    describes: 'A stay ended (HL7 A03).',
    entity: encounter,
    data: () => z.object({ ...stay, location: location().optional(), disposition: code().optional() }),
    example: { encounter: 'V1001', location: at, disposition: 'home' },
  }),
  defineEvent({
    type: 'adt.leave-started',
    describes: 'A patient went on leave of absence; the bed stays theirs (HL7 A21).',
    entity: encounter,
    data: () => z.object({ ...stay, expectedReturnAt: instant().optional() }),
    example: { encounter: 'V1001' },
  }),
  defineEvent({
    type: 'adt.leave-ended',
    describes: 'A patient came back from leave of absence (HL7 A22).',
    entity: encounter,
    data: () => z.object(stay),
    example: { encounter: 'V1001' },
  }),
  defineEvent({
    type: 'adt.discharge-pending',
    describes: 'A discharge was decided but has not happened (HL7 A16).',
    entity: encounter,
    data: () => z.object({ ...stay, expectedAt: instant().optional() }),
    example: { encounter: 'V1001', expectedAt: '2026-01-10T16:00:00Z' },
  }),
  defineEvent({
    type: 'adt.transfer-pending',
    describes: 'A move was decided but has not happened (HL7 A15).',
    entity: encounter,
    data: () => z.object({ ...stay, to: location(), expectedAt: instant().optional() }),
    example: { encounter: 'V1001', to: { unit: '4S', unitKind: 'step_down' } },
  }),
  defineEvent({
    type: 'adt.pending-cancelled',
    describes: 'A decided discharge or move was withdrawn (HL7 A25, A26).',
    entity: encounter,
    data: () => z.object({ ...stay, pending: z.enum(['discharge', 'transfer']) }),
    example: { encounter: 'V1001', pending: 'discharge' },
  }),
  defineEvent({
    type: 'adt.admit-cancelled',
    describes: 'The admission never happened (HL7 A11).',
    entity: encounter,
    data: () => z.object({ ...stay, withdraws, reason: note().optional() }),
    example: { encounter: 'V1001' },
  }),
  defineEvent({
    type: 'adt.transfer-cancelled',
    describes: 'The last move never happened; the patient is where they were before it (HL7 A12).',
    entity: encounter,
    data: () => z.object({ ...stay, withdraws, location: location().optional() }),
    example: { encounter: 'V1001', location: at },
  }),
  defineEvent({
    type: 'adt.discharge-cancelled',
    describes: 'The discharge never happened; the stay goes on where it was (HL7 A13).',
    entity: encounter,
    data: () => z.object({ ...stay, withdraws, location: location().optional() }),
    example: { encounter: 'V1001' },
  }),
  defineEvent({
    type: 'adt.updated',
    describes: 'Facts of a stay changed without a move (HL7 A08).',
    entity: encounter,
    data: () => z.object({
      ...stay,
      acuity: acuity().optional(),
      /** Isolation category, or null when it was lifted. */
      isolation: z.enum(['contact', 'droplet', 'airborne', 'protective', 'unspecified']).nullable().optional(),
      service: code().optional(),
      expectedDischargeAt: instant().nullable().optional(),
    }),
    example: { encounter: 'V1001', acuity: 3, isolation: 'contact' },
  }),
  defineEvent({
    type: 'adt.merged',
    describes: 'Two records turned out to be one person; the first lives on in the second (HL7 A40).',
    entity: { kind: 'patient', id: (d) => d.patient.id },
    data: () => z.object({ patient: patient(), into: patient() }),
    example: { patient: { id: 'MRN-7' }, into: { id: 'MRN-9' } },
  }),
];
