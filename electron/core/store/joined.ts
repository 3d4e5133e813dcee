import type { Db } from './open.ts';
import type { Found } from './salvage.ts';

/** How far a station has taken the hub's log over. */
export interface Joined {
  /** Position in the hub's log, and the hash of the event there. */
  readonly position: number;
  readonly check: string | null;
}

const KEY = 'joined log';

/** How far this store has come with its hub's log; undefined in one that never joined. */
export function readJoined(db: Db): Joined | undefined {
  const text = db.prepare<[string], string>('SELECT value FROM site WHERE key = ?').pluck().get(KEY);
  return text === undefined ? undefined : (JSON.parse(text) as Joined);
}

/** Notes it, after what it tells of is on disk: a crash between applies a page twice, which changes nothing. */
export function noteJoined(db: Db, joined: Joined): void {
  db.prepare('INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(KEY, JSON.stringify(joined));
}

/** Those of the hub's events that this log has not, or has with another body. */
export function unknownOf(db: Db, events: readonly Found[]): Found[] {
  const stands = db.prepare<[string, string], Buffer>('SELECT e.hash FROM ops_event_source s JOIN ops_event e ON e.source_id = s.source_id AND e.id = ? WHERE s.uri = ?').pluck();
  return events.filter(({ event, hash }) => !stands.get(event.id, event.source)?.equals(hash));
}
