import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, count, identifier, instant, personal } from '../fields.ts';

const entity = { kind: 'staff-member', id: (d: { member: string }) => d.member } as const;
const ref = {
  /** The member of staff: a person too, so a pseudonym in the log. */
  member: identifier(),
  name: personal().optional(),
  role: code().optional(),
  unit: code().optional(),
};
const example = { member: 'N-44', role: 'RN', unit: 'MICU' };

export const staffEvents = [
  defineEvent({
    type: 'staff.shift-scheduled',
    describes: 'A shift was planned, or its plan replaced.',
    entity,
    data: () => z.object({ ...ref, shift: code(), from: instant(), to: instant() }),
    example: { ...example, name: 'Example, Nora', shift: 'early', from: '2026-01-10T06:00:00Z', to: '2026-01-10T14:00:00Z' },
  }),
  defineEvent({ type: 'staff.clocked-in', describes: 'A member of staff came to work.', entity, data: () => z.object(ref), example }),
  defineEvent({ type: 'staff.clocked-out', describes: 'A member of staff went home.', entity, data: () => z.object(ref), example }),
  defineEvent({ type: 'staff.break-started', describes: 'A break began.', entity, data: () => z.object(ref), example }),
  defineEvent({ type: 'staff.break-ended', describes: 'A break ended.', entity, data: () => z.object(ref), example }),
  defineEvent({
    type: 'staff.assigned',
    describes: 'A member of staff was put on a unit, room or resource.',
    entity,
    data: () => z.object({ ...ref, room: code().optional(), resource: code().optional(), patients: count().optional() }),
    example: { ...example, patients: 2 },
  }),
  defineEvent({
    type: 'staff.certification-expiring',
    describes: 'A certification ends soon.',
    entity,
    data: () => z.object({ ...ref, certification: code(), expiresAt: instant() }),
    example: { ...example, certification: 'ACLS', expiresAt: '2026-02-01T00:00:00Z' },
  }),
];
