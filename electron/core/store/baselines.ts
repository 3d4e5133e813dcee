import type { Db } from './open.ts';

export interface Baseline {
  readonly baseline_id: number;
  /** Events up to and including this time (epoch ms) are in the baseline and not in the log. */
  readonly horizon: number;
  readonly state_hash: string;
  readonly created: number;
  readonly events_trimmed: number;
}

/** The newest baseline; undefined when the log has never been trimmed. */
export function newestBaseline(db: Db): Baseline | undefined {
  return db.prepare<[], Baseline>('SELECT * FROM baseline ORDER BY horizon DESC LIMIT 1').get();
}

/** State of every entity at the baseline, by entity row. */
export function* baselineStates(db: Db): Generator<{ entity: number; state: unknown }> {
  const rows = db.prepare<[], { entity: number; state: string }>('SELECT entity, state FROM baseline_entity').iterate();
  for (const row of rows) yield { entity: row.entity, state: JSON.parse(row.state) as unknown };
}
