import { z } from 'zod';
import { SOURCES } from '../events/envelope.ts';
import { REGISTERED_BY, SOURCE_STATES, sourceChangeSchema, sourceConfigSchema, SOURCE_TROUBLES, STATION_TROUBLES } from '../sources.ts';
import { epochMs, page, pageOf } from './fields.ts';
import { defineOperation } from './operation.ts';

const maybe = () => z.number().nullable();

/** A source as people and documents have it. */
const sourceSchema = z.strictObject({
  uri: z.string(), kind: z.string(), instance: z.string(), state: z.enum(SOURCE_STATES), registeredBy: z.enum(REGISTERED_BY), title: z.string().nullable(),
  intervalSeconds: maybe(), silenceLimitSeconds: maybe(), expectedPerHour: maybe(),
});

/** The same with what its messages move. */
export const sourceRecordSchema = sourceSchema.extend({
  firstContact: epochMs().nullable(), lastContact: epochMs().nullable(), lastEventTime: epochMs().nullable(),
  types: z.record(z.string(), epochMs()).describe('Newest event time of each event type that it told.'),
  lagMs: maybe(), smoothedLagMs: maybe(), accepted: z.int(), duplicates: z.int(), refused: z.int(), waiting: z.int(), waitingBytes: z.int(), held: z.int(), heldBytes: z.int(), overflowed: z.int(),
  troubles: z.array(z.strictObject({ state: z.enum([...SOURCE_TROUBLES, ...STATION_TROUBLES]), detail: z.string() })),
});

const named = z.strictObject({ kind: z.enum(SOURCES), instance: z.string().max(64) });

export const listSources = defineOperation({ id: 'listSources', method: 'GET', path: '/event-sources', tag: 'event sources', summary: 'Every source with its figures and troubles', permission: 'sources.read', query: z.strictObject(page()), answer: pageOf(sourceRecordSchema) });

export const getSource = defineOperation({
  id: 'getSource', method: 'GET', path: '/event-sources/{kind}/{instance}', tag: 'event sources', summary: 'One source: whether it may speak, and what it is held to', permission: 'sources.read',
  description: 'Its ETag is that of what people and documents say of it. Its figures and troubles, which move with each message, the list tells.',
  params: named, answer: sourceSchema, problems: [404], conditional: true,
});

export const registerSource = defineOperation({
  id: 'registerSource', method: 'POST', path: '/event-sources', tag: 'event sources', summary: 'Make a source known before it is heard', permission: 'sources.write',
  description: 'One that is known already is not changed by this (409).',
  body: sourceConfigSchema.omit({ authority: true }), status: 201, answer: z.strictObject({ registered: z.string() }), problems: [409, 503], repeatable: true,
});

export const updateSource = defineOperation({
  id: 'updateSource', method: 'PUT', path: '/event-sources/{kind}/{instance}', tag: 'event sources', summary: 'Say what a source is held to, and let it speak; what is not named stays, null takes it away', permission: 'sources.write',
  params: named.extend({ instance: sourceConfigSchema.shape.instance }), body: sourceChangeSchema, answer: sourceSchema, problems: [503], guarded: true, creates: true, repeatable: true,
});

export const acceptSource = defineOperation({
  id: 'acceptSource', method: 'POST', path: '/event-sources/{kind}/{instance}/accept', tag: 'event sources', summary: 'Let a source speak: what waited folds in order of arrival', permission: 'sources.write',
  params: named, answer: z.strictObject({ accepted: z.string() }), problems: [404], guarded: 'on request', repeatable: true,
});

export const refuseSource = defineOperation({
  id: 'refuseSource', method: 'POST', path: '/event-sources/{kind}/{instance}/refuse', tag: 'event sources', summary: 'Silence a source: what waited and what comes is set aside', permission: 'sources.write',
  params: named, answer: z.strictObject({ refused: z.string() }), problems: [404], guarded: 'on request', repeatable: true,
});

export const replayLetters = defineOperation({
  id: 'replayLetters', method: 'POST', path: '/dead-letters/replay', tag: 'events', summary: 'Apply refused messages again, after a fix', permission: 'sources.write',
  body: z.strictObject({ id: z.int().optional(), reason: z.string().max(64).optional(), source: z.string().max(256).optional() }),
  answer: z.strictObject({ replayed: z.int(), left: z.int() }), problems: [503], repeatable: true,
});
