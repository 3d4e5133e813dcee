import { z } from 'zod';
import { defineEvent } from '../define.ts';
import { code, identifier, instant, minutes, note } from '../fields.ts';

/** Key of a bed within a site: unit and bed label, as HL7 PV1-3.1 and PV1-3.3 name them. */
export const bedKey = (d: { unit: string; bed: string }) => `${d.unit}/${d.bed}`;

const bed = { unit: code(), bed: code() };
const entity = { kind: 'bed', id: bedKey } as const;
const example = { unit: '4E', bed: '12' };

/** What every site's beds can be; a status of another word is one of the site's own, which its document maps onto one of these. */
export const BED_STATUSES = ['occupied', 'available', 'dirty', 'cleaning', 'blocked', 'assigned'] as const;
export type BedStatus = (typeof BED_STATUSES)[number];
export const isBedStatus = (word: string): word is BedStatus => (BED_STATUSES as readonly string[]).includes(word);

/** Why a bed is closed: no nurse, facility, infection control, equipment, other. */
export const BLOCK_REASONS = ['RN', 'FAC', 'INF', 'EQ', 'OTHER'] as const;

export const bedEvents = [
  defineEvent({
    type: 'bed.status-changed',
    describes: 'A bed management system reported the state of a bed (HL7 A20, table 0116).',
    entity,
    data: () => z.object({
      ...bed,
      status: code().describe(`${BED_STATUSES.join(', ')}, or a word of the site's own.`),
      isolation: z.boolean().optional(),
      contaminated: z.boolean().optional(),
      reason: z.enum(BLOCK_REASONS).optional(),
    }),
    example: { ...example, status: 'dirty' },
  }),
  defineEvent({
    type: 'bed.cleaning-requested',
    describes: 'Cleaning of a vacated bed was requested.',
    entity,
    data: () => z.object(bed),
    example,
  }),
  defineEvent({
    type: 'bed.cleaning-started',
    describes: 'Cleaning began.',
    entity,
    data: () => z.object({ ...bed, expectedMinutes: minutes().optional() }),
    example: { ...example, expectedMinutes: 40 },
  }),
  defineEvent({
    type: 'bed.cleaning-completed',
    describes: 'The bed is clean.',
    entity,
    data: () => z.object(bed),
    example,
  }),
  defineEvent({
    type: 'bed.blocked',
    describes: 'A bed was closed.',
    entity,
    data: () => z.object({ ...bed, reason: z.enum(BLOCK_REASONS), note: note().optional(), expectedUntil: instant().optional() }),
    example: { ...example, reason: 'RN' },
  }),
  defineEvent({
    type: 'bed.unblocked',
    describes: 'A closed bed may be used again.',
    entity,
    data: () => z.object(bed),
    example,
  }),
  defineEvent({
    type: 'bed.reserved',
    describes: 'A bed was assigned to a patient who is not in it yet.',
    entity,
    data: () => z.object({ ...bed, encounter: identifier().optional(), expectedAt: instant().optional() }),
    example: { ...example, encounter: 'V1002' },
  }),
  defineEvent({
    type: 'bed.released',
    describes: 'The assignment of a bed was withdrawn.',
    entity,
    data: () => z.object(bed),
    example,
  }),
];
