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
  description: 'What the log holds: pseudonyms, no personal values. `check` is the hash that came with the position; 409 says that the log is another by now: begin at 0. 410 says that events after the position were trimmed: begin with a copy (`/log/copy`), or name by `baseline` the state hash of the baseline that the caller has.',
  query: z.strictObject({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0), limit: z.coerce.number().int().min(1).max(2_000).default(1_000), check: sha256().optional(), baseline: sha256().optional() }),
  answer: logPageSchema, problems: [409, 410],
});

export const LOG_COPY_MEDIA = 'application/vnd.sqlite3';
/** Digest of the file, as `sha-256=:BASE64:` (RFC 9530). */
export const DIGEST_HEADER = 'repr-digest';

export const copyLog = defineOperation({
  id: 'copyLog', method: 'GET', path: '/log/copy', tag: 'events', summary: 'A copy of the log as a file, for a station that joins after it was trimmed', permission: 'log.read', audited: true,
  description: `An SQLite database of one moment: events, baselines, state, history, sources and the site document; no personal values, no refused messages, no accounts, no marks. Its length and, in \`${DIGEST_HEADER}\`, its SHA-256 come before it. One is made at a time; 503 says when to ask again. A caller that says what it is is told (409) if the log is another's.`,
  query: z.strictObject({ tenant: z.string().max(64).optional(), site: z.string().max(64).optional(), key: sha256().optional() }),
  media: LOG_COPY_MEDIA, answer: z.string(), problems: [409],
});
