import type { SourceRecord } from '#shared/sources.ts';
import type { Rejection } from '../ingest/rejection.ts';
import type { Change } from './entities.ts';

/** An accepted event as other parts of the core hear of it. */
export interface Ingested {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly position: number;
  /** Epoch ms on the site's clock. */
  readonly received: number;
  readonly entityKind: string;
  /** Whether its entity has another state now; known when the batch is folded. */
  changed: boolean;
}

/** What one batch did. Counts are of messages. */
export interface Outcome {
  accepted: number;
  duplicates: number;
  refused: number;
  /** Events that wait in quarantine now. */
  waiting: number;
  /** Newest event time the batch accepted, epoch ms; 0 if none. */
  newest: number;
  /** Oldest event time the batch accepted, epoch ms; Infinity if none: windows of the past count anew from there. */
  oldest: number;
  changes: Change[];
  /** Sources heard from in this batch, by CloudEvents source, with receive time on the site's clock. */
  contacts: Record<string, number>;
  /** Live messages understood, by CloudEvents source, whatever became of them. */
  heard: Record<string, number>;
  /** Sources that became known, or of which something was said or decided. */
  registrations: SourceRecord[];
  /** Accepted events one by one, where somebody listens to them. */
  ingested: Ingested[];
  /** Why messages were kept aside, one by one, where somebody listens. */
  refusals: Rejection[];
  /** Whether any accepted event carries constructed fields. */
  constructed: boolean;
}

export const nothing = (): Outcome => ({ accepted: 0, duplicates: 0, refused: 0, waiting: 0, newest: 0, oldest: Infinity, changes: [], contacts: {}, heard: {}, registrations: [], ingested: [], refusals: [], constructed: false });

/** What two batches did, one after the other. */
export function both(a: Outcome, b: Outcome): Outcome {
  return {
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    refused: a.refused + b.refused,
    waiting: a.waiting + b.waiting,
    newest: Math.max(a.newest, b.newest),
    oldest: Math.min(a.oldest, b.oldest),
    changes: [...a.changes, ...b.changes],
    contacts: { ...a.contacts, ...b.contacts },
    heard: { ...a.heard, ...b.heard },
    registrations: [...a.registrations, ...b.registrations],
    ingested: [...a.ingested, ...b.ingested],
    refusals: [...a.refusals, ...b.refusals],
    constructed: a.constructed || b.constructed,
  };
}
