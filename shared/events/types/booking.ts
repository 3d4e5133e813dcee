import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, instant, minutes, note, patient } from '../fields.ts';

const entity = { kind: 'appointment', id: (d: { appointment: string }) => d.appointment } as const;
const ref = {
  appointment: identifier(),
  patient: patient().optional(),
  /** Short name of a provider or their list, as it may stand on a wall. */
  provider: code().optional(),
};
const slot = { scheduledStart: instant(), scheduledMinutes: minutes() };
const example = { appointment: 'A-310', provider: 'DR-2' };

export const bookingEvents = [
  defineEvent({
    type: 'booking.appointment-scheduled',
    describes: 'An appointment was made (HL7 SIU S12).',
    entity,
    data: () => z.object({ ...ref, ...slot, chair: code().optional(), service: code().optional(), newPatient: z.boolean().optional() }),
    example: { ...example, patient: { id: 'MRN-20' }, scheduledStart: '2026-01-10T09:00:00Z', scheduledMinutes: 30, chair: '2', service: 'recall' },
  }),
  defineEvent({
    type: 'booking.rescheduled',
    describes: 'An appointment was moved (HL7 SIU S13).',
    entity,
    data: () => z.object({ ...ref, ...slot, chair: code().optional(), by: z.enum(['patient', 'practice']).optional(), reason: note().optional() }),
    example: { ...example, scheduledStart: '2026-01-11T09:00:00Z', scheduledMinutes: 30, by: 'patient' },
  }),
  defineEvent({
    type: 'booking.cancelled',
    describes: 'An appointment was cancelled (HL7 SIU S15).',
    entity,
    data: () => z.object({ ...ref, by: z.enum(['patient', 'practice']).optional(), reason: note().optional() }),
    example: { ...example, by: 'practice', reason: 'provider ill' },
  }),
  defineEvent({
    type: 'booking.no-show',
    describes: 'The patient did not come (HL7 SIU S26).',
    entity,
    data: () => z.object(ref),
    example,
  }),
];
