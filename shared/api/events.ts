import { z } from 'zod';
import { cursor, epochMs, moment, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

export const eventSchema = z.strictObject({
  /** Place in the commit order of this station. */
  position: z.int(),
  source: z.string(), id: z.string(), type: z.string(), time: epochMs(), received: epochMs(), sequence: z.int().nullable(), constructed: z.string().nullable(),
  entity: z.strictObject({ kind: z.string(), id: z.string() }),
  /** Without personal values and free text; identifiers are pseudonyms. */
  data: z.record(z.string(), z.json()),
  /** Who outside Vigil has dealt with it; null while nobody has. */
  processed: z.strictObject({ at: epochMs(), by: z.string() }).nullable(),
});

const position = z.strictObject({ position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

export const listEvents = defineOperation({
  id: 'listEvents', method: 'GET', path: '/events', tag: 'events', summary: 'Events of the log, by source, type, entity, time and whether they are marked as processed', permission: 'sources.read',
  description: 'In the order of the log; with an entity or a time, in the order of event time. One answer looks at 20,000 events: a page may hold few or none and yet have a `next`.',
  query: z.strictObject({
    ...page(500),
    order: z.enum(['newest', 'oldest']).default('newest'),
    source: z.string().min(1).max(256).optional(),
    type: z.string().min(1).max(128).optional(),
    entityKind: z.string().min(1).max(32).optional(),
    entity: z.string().min(1).max(256).optional(),
    from: moment().optional(),
    to: moment().optional(),
    processed: z.enum(['yes', 'no']).optional(),
  }).refine(({ entityKind, entity }) => (entityKind === undefined) === (entity === undefined), { path: ['entity'], message: 'entity and entityKind go together' }),
  answer: pageOf(eventSchema),
});

export const getEvent = defineOperation({ id: 'getEvent', method: 'GET', path: '/events/{position}', tag: 'events', summary: 'One event of the log', permission: 'sources.read', params: position, answer: eventSchema, problems: [404], conditional: 'unkept' });

export const getEventNotes = defineOperation({
  id: 'getEventNotes', method: 'GET', path: '/events/{position}/notes', tag: 'events', summary: 'Free text of one event: reasons and notes as somebody wrote them',
  description: 'By field path. Such text may name a patient, so it is shown as patients are: to who may see them, one event at a time, each look audited.',
  permission: 'patients.read', params: position, answer: z.strictObject({ notes: z.record(z.string(), z.string()) }), problems: [404], audited: true,
});

export const markProcessed = defineOperation({
  id: 'markProcessed', method: 'POST', path: '/events/{position}/processed', tag: 'events', summary: 'Note that somebody has dealt with an event', permission: 'sources.write',
  description: 'Vigil itself has folded every event that is in its log (`ops.event-processed`). This mark is for who works through them; it stands beside the log and changes no state. The first mark stands.',
  params: position, problems: [404, 503], guarded: 'on request', repeatable: true,
});

export const markUnprocessed = defineOperation({
  id: 'markUnprocessed', method: 'POST', path: '/events/{position}/unprocessed', tag: 'events', summary: 'Take the mark of an event back', permission: 'sources.write',
  params: position, problems: [404, 503], guarded: 'on request', repeatable: true,
});

const letterSchema = z.strictObject({
  id: z.int(), received: epochMs(), reason: z.string(),
  /** Names field paths, never values. */
  detail: z.string(),
  topic: z.string().nullable(), source: z.string().nullable(), size: z.int(),
  /** When it is applied again by itself; null for most. */
  due: epochMs().nullable(),
  replayed: epochMs().nullable(),
});

export const listLetters = defineOperation({
  id: 'listLetters', method: 'GET', path: '/dead-letters', tag: 'events', summary: 'Messages that were refused, newest first, with reasons and without bodies', permission: 'sources.read',
  query: z.strictObject({ ...page(500), cursor: cursor().optional(), reason: z.string().min(1).max(64).optional(), from: moment().optional(), replayed: z.enum(['yes', 'no']).optional() }),
  answer: pageOf(letterSchema),
});
