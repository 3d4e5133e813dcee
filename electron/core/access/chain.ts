import { createHmac } from 'node:crypto';
import { canonical } from '../ingest/canonical.ts';

/** One row of the audit trail as it is stored; `subject` is canonical JSON. */
export interface AuditRow {
  readonly seq: number;
  /** Epoch ms. */
  readonly time: number;
  readonly action: string;
  readonly actor_kind: string;
  readonly actor_name: string;
  readonly actor_from: string;
  readonly outcome: string;
  readonly subject: string;
  readonly hash: Buffer;
}

/** Where the trail stands: number and hash of its last row, 0 and zeros before the first. */
export interface Head {
  readonly seq: number;
  readonly hash: Buffer;
}

/** What stands for the rows that retention forgot: the last of them, which the first row that is left is bound to. */
export interface Anchor extends Head {
  /** When they were forgotten, epoch ms, and for how many days the site kept the trail then. */
  readonly at: number;
  readonly days: number;
}

export const BEGINNING: Head = { seq: 0, hash: Buffer.alloc(32) };

/** Hash of a row: HMAC-SHA-256, with the site's audit key, over the hash before it and the row's canonical text. */
export function link(key: Buffer, before: Buffer, { seq, time, action, actor_kind, actor_name, actor_from, outcome, subject }: Omit<AuditRow, 'hash'>): Buffer {
  return createHmac('sha256', key).update(before).update(canonical({ seq, time, action, actor_kind, actor_name, actor_from, outcome, subject })).digest();
}

/** What makes a head this trail's own: the hash of an earlier row is known to everyone who reads the file, this is not. */
export const seal = (key: Buffer, { seq, hash }: Head): Buffer => createHmac('sha256', key).update('head').update(hash).update(String(seq)).digest();

/** The same for an anchor. */
export const sealAnchor = (key: Buffer, { seq, hash, at, days }: Anchor): Buffer => createHmac('sha256', key).update('anchor').update(hash).update(canonical({ seq, at, days })).digest();

/** What a head is noted by outside: `1042:` and the first 32 hex digits of its hash. */
export const headText = ({ seq, hash }: Head): string => `${seq}:${hash.toString('hex').slice(0, 32)}`;
