import { z } from 'zod';
import { epochMs } from './fields.ts';
import { defineOperation } from './operation.ts';

const sha256 = () => z.string().regex(/^[0-9a-f]{64}$/);

export const logEventSchema = z.strictObject({
  position: z.int(), source: z.string(), id: z.string(), type: z.string(), time: epochMs(), received: epochMs(), sequence: z.int().nullable(), constructed: z.string().nullable(),
  data: z.record(z.string(), z.json()),
  hash: sha256(),
});

export const logPageSchema = z.strictObject({
  tenant: z.string(),
  site: z.string(),
  /** Fingerprint of the site key: only stations that have the same make the same pseudonyms. */
  key: z.string().nullable(),
  events: z.array(logEventSchema),
  /** Position to go on after, and the hash of the event there; the same as asked for where nothing came. */
  next: z.int(),
  check: sha256().nullable(),
  /** Newest position of the log. */
  newest: z.int(),
});
export type LogPageBody = z.output<typeof logPageSchema>;

export const readLogPage = defineOperation({
  id: 'readLog', method: 'GET', path: '/log', tag: 'events', summary: 'The log after a position, in commit order', permission: 'log.read',
  description: 'What the log holds: pseudonyms, no personal values. `check` is the hash that came with the position; 409 says that the log is another by now: begin at 0. 410 says that events after the position were trimmed: take a backup of this station, or name by `baseline` the state hash of the baseline that the caller has.',
  query: z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0), limit: z.coerce.number().int().min(1).max(2_000).default(1_000), check: sha256().optional(), baseline: sha256().optional() }),
  answer: logPageSchema, problems: [409, 410],
});
