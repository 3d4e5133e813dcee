import type { AuditedEntry, AuditQuery } from '#shared/api/audit.ts';
import type { Page, PageAsked } from './asked.ts';
import { PAGE_ROWS } from './page.ts';
import type { SiteTimes } from './site-times.ts';
import { number, text, time, written, type Column, type Stored } from './written.ts';

export type AuditAsked = Omit<AuditQuery, 'limit' | 'before'>;

const COLUMNS: readonly Column[] = [...number('row'), ...time('time'), ...text('action', 'actor_kind', 'actor', 'actor_from', 'outcome', 'subject', 'hash')];

const row = ({ seq, time, action, actor, outcome, subject, hash }: AuditedEntry): Stored[] => [seq, time, action, actor.kind, actor.name, actor.from, outcome, JSON.stringify(subject), hash];

/** Entries of the audit trail from a place on, the newest first: what comes meanwhile is not in the file. */
export async function auditPage(list: (query: AuditQuery) => Promise<readonly AuditedEntry[]>, { asked, format, place }: PageAsked<AuditAsked>, times: SiteTimes, limit = PAGE_ROWS): Promise<Page> {
  const entries = await list({ ...asked, limit, before: place?.key });
  return written(format, { columns: COLUMNS, rows: entries.map(row), next: entries.length < limit ? undefined : { part: 0, key: entries.at(-1)!.seq, tie: 0 } }, times);
}
