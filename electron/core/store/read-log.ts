import { newestBaseline } from './baselines.ts';
import { LAST_POSITION } from './event-log.ts';
import type { Db } from './open.ts';

/** One event of the log as a station that joins takes it: what the hash beside it is made of, and nothing personal. */
export interface LogEvent {
  readonly position: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly received: number;
  readonly sequence: number | null;
  readonly constructed: string | null;
  readonly data: Record<string, unknown>;
  /** SHA-256 of the canonical event, hex. */
  readonly hash: string;
}

export interface LogAsked {
  /** Position after which to go on; 0 is the beginning. */
  readonly after: number;
  /** Hash of the event at `after`, as the page before gave it: tells whether this is still the same log. */
  readonly check?: string | undefined;
  /** State hash of the baseline that the caller has. */
  readonly baseline?: string | undefined;
  readonly limit: number;
}

export type LogPage =
  | { readonly state: 'page'; readonly events: LogEvent[]; readonly next: number; readonly check: string | null; readonly newest: number; readonly key: string | null }
  /** What comes after `after` was trimmed in part: events up to the horizon (epoch ms) are in a baseline. */
  | { readonly state: 'trimmed'; readonly horizon: number }
  /** The position is not of this log: it was restored or rebuilt since. */
  | { readonly state: 'other' };

/** Data of one page, in characters: events may be large, and a page is held in memory. */
const PAGE_CHARS = 4 * 1024 ** 2;

type Row = Omit<LogEvent, 'data' | 'hash'> & { data: string; hash: Buffer };

/**
 * A page of the log in commit order. What was trimmed behind the place is told and never skipped, unless the caller has
 * the newest baseline, in which it lies. Where another body took an event's identity over, it stands further behind.
 */
export const readLog = (db: Db, asked: LogAsked): LogPage => db.transaction(() => page(db, asked))();

function page(db: Db, { after, check, baseline, limit }: LogAsked): LogPage {
  const newest = db.prepare<[], number>(LAST_POSITION).pluck().get()!;
  const here = db.prepare<[number], Buffer>('SELECT hash FROM ops_event WHERE position = ?').pluck().get(after)?.toString('hex');
  if (after > newest || (check !== undefined && here !== undefined && check !== here)) return { state: 'other' };
  const trimmed = newestBaseline(db);
  const whole = trimmed === undefined || (trimmed.completed !== null && trimmed.state_hash === baseline);
  if (!whole && (after < trimmed.through || (after === 0 && trimmed.events_trimmed > 0))) return { state: 'trimmed', horizon: trimmed.horizon };
  const rows = db
    .prepare<[number, number], Row>(
      'SELECT e.position, s.uri AS source, e.id, e.type, e.time, e.received, e.sequence, e.constructed, e.data, e.hash FROM ops_event e JOIN ops_event_source s USING (source_id) WHERE e.position > ? ORDER BY e.position LIMIT ?',
    )
    .iterate(after, limit);
  const events: LogEvent[] = [];
  let chars = 0;
  for (const { data, hash, ...rest } of rows) {
    events.push({ ...rest, data: JSON.parse(data) as Record<string, unknown>, hash: hash.toString('hex') });
    if ((chars += data.length) >= PAGE_CHARS) break;
  }
  const last = events.at(-1);
  const key = db.prepare<[], string>("SELECT value FROM site WHERE key = 'key'").pluck().get() ?? null;
  return { state: 'page', events, next: last?.position ?? after, check: last?.hash ?? here ?? null, newest, key };
}
