import { ChangedMeanwhile } from './changed-meanwhile.ts';
import type { Db } from './open.ts';

/** That somebody has dealt with an event: when (epoch ms) and who. */
export interface Mark {
  readonly at: number;
  readonly by: string;
}

/**
 * Marks an event as processed, or takes the mark back. The first mark stands. False when the log has no such position.
 * Throws {@link ChangedMeanwhile} where `from` is said and is not the mark that stands.
 */
export function markEvent(db: Db, position: number, mark: Mark | undefined, from?: Mark | null): boolean {
  if (!db.prepare('SELECT 1 FROM ops_event WHERE position = ?').get(position)) return false;
  const stands = db.prepare<[number], Mark>('SELECT at, by FROM event_mark WHERE position = ?').get(position);
  if (from !== undefined && (from?.at !== stands?.at || from?.by !== stands?.by)) throw new ChangedMeanwhile(`The event at position ${position} is marked ${stands ? `by ${stands.by}` : 'by nobody'} now. Read it again.`);
  if (mark) db.prepare('INSERT INTO event_mark (position, at, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(position, mark.at, mark.by);
  else db.prepare('DELETE FROM event_mark WHERE position = ?').run(position);
  return true;
}
