import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { epochMs } from './fields.ts';
import { troubleSchema } from './troubles.ts';

const wal = z.strictObject({ state: z.enum(['ok', 'held', 'failed']), bytes: z.number(), checkpointed: epochMs().optional(), problem: z.string().optional() });

const keeper = z.union([
  z.strictObject({ problem: z.string() }),
  z.strictObject({ wal: z.record(z.string(), wal), integrity: z.strictObject({ state: z.enum(['unchecked', 'checking', 'ok', 'damaged']), checked: epochMs().optional(), problem: z.string().optional() }) }),
]);

const recovery = z.strictObject({
  problem: z.string(), at: epochMs(), setAside: z.string().optional(), backup: epochMs().nullable().optional(), site: z.boolean().optional(), baseline: z.enum(['kept', 'none', 'partly', 'lost']).optional(),
  events: z.int().optional(), salvaged: z.int().optional(), sources: z.int().optional(), waiting: z.int().optional(), letters: z.int().optional(), held: z.int().optional(), persons: z.int().optional(),
});

/** How far a station that joins has come with its hub's log; `left`: events that it could not take. */
const joinSchema = z.strictObject({ state: z.enum(['catching-up', 'following', 'failing']), position: z.int(), newest: z.int(), left: z.int(), problem: z.string().optional() });
export type JoinState = z.output<typeof joinSchema>;

export const healthSchema = z.strictObject({
  broker: z.enum(['connected', 'connecting', 'lost']),
  /** `ok`, or why the store takes nothing. */
  store: z.string(),
  backlog: z.int(),
  commits: z.int(),
  deadLetters: z.int(),
  dropped: z.strictObject({ letters: z.int(), bodies: z.int() }),
  eventTime: epochMs(),
  pages: z.int(),
  clock: z.enum(['wall', 'replay', 'demo']),
  troubles: z.array(troubleSchema),
  upkeep: z.strictObject({ state: z.enum(['idle', 'working', 'failed']), task: z.string().optional(), problem: z.string().optional(), completed: epochMs().optional(), longestStepMs: z.number() }).optional(),
  keeper,
  /** How the audit trail stands; note its head elsewhere, and a trail that was taken back is found by it. */
  audit: z.strictObject({ state: z.enum(['unchecked', 'ok', 'broken', 'failing']), head: z.string().nullable(), problem: z.string().optional() }),
  join: joinSchema.optional(),
  recovery: recovery.optional(),
});
export type Health = z.output<typeof healthSchema>;

export const getHealth = defineOperation({ id: 'getHealth', method: 'GET', path: '/health', tag: 'status', summary: 'What the core is at and what is wrong', permission: 'anyone', answer: healthSchema });

export const getReadiness = defineOperation({
  id: 'getReadiness', method: 'GET', path: '/ready', tag: 'status', summary: 'Whether events are taken and boards show the present', permission: 'anyone',
  answer: z.strictObject({ ready: z.literal(true) }), problems: [503],
});

export const getOpenApi = defineOperation({ id: 'getOpenApi', method: 'GET', path: '/openapi.json', tag: 'status', summary: 'This description', permission: 'anyone', answer: z.record(z.string(), z.json()), conditional: true });
