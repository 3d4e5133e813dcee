import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, instant, minutes, note, patient, unitKind } from '../fields.ts';

const orCase = { kind: 'or-case', id: (d: { case: string }) => d.case } as const;
const ref = { case: identifier(), room: code().optional() };
const example = { case: 'C-88' };

/** What every site's operating rooms can be; other words are the site's own. */
export const ROOM_STATUSES = ['open', 'closed', 'emergency-only', 'cleaning'] as const;
export type RoomStatus = (typeof ROOM_STATUSES)[number];
export const isRoomStatus = (word: string): word is RoomStatus => (ROOM_STATUSES as readonly string[]).includes(word);

export const orEvents = [
  defineEvent({
    type: 'or.case-scheduled',
    describes: 'A case was booked or its booking replaced (HL7 S12, S13).',
    entity: orCase,
    data: () => z.object({
      case: identifier(),
      room: code(),
      scheduledStart: instant(),
      scheduledMinutes: minutes(),
      service: code().optional(),
      /** Short generic name that may stand on a wall. */
      procedure: code().optional(),
      addOn: z.boolean().optional(),
      encounter: identifier().optional(),
      patient: patient().optional(),
    }),
    example: { case: 'C-88', room: '3', scheduledStart: '2026-01-10T07:30:00Z', scheduledMinutes: 120, service: 'Ortho', procedure: 'THR' },
  }),
  defineEvent({
    type: 'or.case-delayed',
    describes: 'A later start is expected; the schedule it is measured against stays.',
    entity: orCase,
    data: () => z.object({ ...ref, expectedStart: instant(), reason: note().optional() }),
    example: { ...example, expectedStart: '2026-01-10T08:00:00Z', reason: 'instrument set' },
  }),
  defineEvent({ type: 'or.patient-in-room', describes: 'Wheels in.', entity: orCase, data: () => z.object(ref), example: { ...example, room: '3' } }),
  defineEvent({ type: 'or.case-started', describes: 'Incision, or start of the procedure.', entity: orCase, data: () => z.object(ref), example }),
  defineEvent({ type: 'or.case-completed', describes: 'Closure, or end of the procedure.', entity: orCase, data: () => z.object(ref), example }),
  defineEvent({
    type: 'or.patient-out-of-room',
    describes: 'Wheels out.',
    entity: orCase,
    data: () => z.object({ ...ref, destination: unitKind().optional() }),
    example: { ...example, destination: 'pacu' },
  }),
  defineEvent({
    type: 'or.case-cancelled',
    describes: 'The case will not take place.',
    entity: orCase,
    data: () => z.object({ ...ref, reason: note().optional() }),
    example: { ...example, reason: 'no bed' },
  }),
  defineEvent({
    type: 'or.room-status-changed',
    describes: 'A room was opened, closed or put to another use.',
    entity: { kind: 'or-room', id: (d) => d.room },
    data: () => z.object({ room: code(), status: code().describe(`${ROOM_STATUSES.join(', ')}, or a word of the site's own.`), reason: note().optional(), expectedUntil: instant().optional() }),
    example: { room: '14', status: 'closed', reason: 'no anaesthetist' },
  }),
  defineEvent({
    type: 'or.bed-hold-requested',
    describes: 'A bed is to be kept for the patient of a case.',
    entity: orCase,
    data: () => z.object({ ...ref, unit: code().optional(), unitKind: unitKind(), neededAt: instant().optional() }),
    example: { ...example, unitKind: 'icu' },
  }),
  defineEvent({
    type: 'or.bed-hold-released',
    describes: 'The bed is not needed any more.',
    entity: orCase,
    data: () => z.object({ ...ref, unitKind: unitKind().optional() }),
    example,
  }),
];
