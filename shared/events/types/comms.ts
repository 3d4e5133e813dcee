import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { identifier, minutes, patient, personal } from '../fields.ts';

const entity = { kind: 'message', id: (d: { message: string }) => d.message } as const;
const ref = {
  message: identifier(),
  appointment: identifier().optional(),
  patient: patient().optional(),
  channel: z.enum(['sms', 'email', 'phone', 'letter', 'app']).optional(),
};
const example = { message: 'M-3', appointment: 'A-310', channel: 'sms' } as const;

export const commsEvents = [
  defineEvent({ type: 'comms.reminder-sent', describes: 'A patient was reminded of an appointment.', entity, data: () => z.object(ref), example }),
  defineEvent({
    type: 'comms.delay-notified',
    describes: 'A patient was told that it will be later.',
    entity,
    data: () => z.object({ ...ref, delayMinutes: minutes() }),
    example: { ...example, delayMinutes: 25 },
  }),
  defineEvent({
    type: 'comms.reply-received',
    describes: 'A patient answered a message.',
    entity,
    data: () => z.object({ ...ref, answer: z.enum(['confirmed', 'declined', 'other']), text: personal(1024).optional() }),
    example: { ...example, answer: 'confirmed', text: 'I will be there' },
  }),
];
