import type { Db } from './open.ts';

/** That somebody has dealt with an event: when (epoch ms) and who. */
export interface Mark {
  readonly at: number;
  readonly by: string;
}

/** Marks an event as processed, or takes the mark back. The first mark stands. False when the log has no such position. */
export function markEvent(db: Db, position: number, mark: Mark | undefined): boolean {
  if (!db.prepare('SELECT 1 FROM ops_event WHERE position = ?').get(position)) return false;
  if (mark) db.prepare('INSERT INTO event_mark (position, at, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(position, mark.at, mark.by);
  else db.prepare('DELETE FROM event_mark WHERE position = ?').run(position);
  return true;
}
