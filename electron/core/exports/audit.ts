import type { AuditedEntry, AuditQuery } from '#shared/api/audit.ts';
import type { Page, PageAsked, Stored } from './asked.ts';
import type { Column } from './lists.ts';
import { PAGE_ROWS, WRITERS } from './page.ts';
import type { SiteTimes } from './site-times.ts';

export type AuditAsked = Omit<AuditQuery, 'limit' | 'before'>;

const COLUMNS: readonly Column[] = [
  { name: 'row', kind: 'number' },
  { name: 'time', kind: 'time' },
  ...['action', 'actor_kind', 'actor', 'actor_from', 'outcome', 'subject', 'hash'].map((name): Column => ({ name, kind: 'text' })),
];

const row = ({ seq, time, action, actor, outcome, subject, hash }: AuditedEntry): Stored[] => [seq, time, action, actor.kind, actor.name, actor.from, outcome, JSON.stringify(subject), hash];

/** Entries of the audit trail from a place on, the newest first: what comes meanwhile is not in the file. */
export async function auditPage(list: (query: AuditQuery) => Promise<readonly AuditedEntry[]>, { asked, format, place }: PageAsked<AuditAsked>, times: SiteTimes, limit = PAGE_ROWS): Promise<Page> {
  const entries = await list({ ...asked, limit, before: place?.key });
  const { header, rows } = WRITERS[format];
  return { header: header(COLUMNS), text: rows(COLUMNS, entries.map(row), times), rows: entries.length, ...(entries.length < limit ? {} : { next: { part: 0, key: entries.at(-1)!.seq, tie: 0 } }) };
}
