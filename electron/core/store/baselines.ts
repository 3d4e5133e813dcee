import type { Db } from './open.ts';

export interface Baseline {
  readonly baseline_id: number;
  /** Events up to and including this time (epoch ms) are in the baseline and not in the log. */
  readonly horizon: number;
  /** Null while the baseline is being written. */
  readonly state_hash: string | null;
  readonly created: number;
  readonly completed: number | null;
  readonly events_trimmed: number;
  /** The highest position in the log of an event that lies in this baseline or one before; 0 where none of this log does. */
  readonly through: number;
}

/** The newest baseline, also one that is still being written; undefined when the log has never been trimmed. */
export function newestBaseline(db: Db): Baseline | undefined {
  return db.prepare<[], Baseline>('SELECT * FROM baseline ORDER BY horizon DESC LIMIT 1').get();
}

/** All baselines, oldest first: at each of their horizons the state can be asked for. */
export function allBaselines(db: Db): Baseline[] {
  return db.prepare<[], Baseline>('SELECT * FROM baseline ORDER BY horizon').all();
}

/** State of every entity at the newest baseline, by entity row. */
export function* baselineStates(db: Db): Generator<{ entity: number; state: unknown }> {
  const rows = db.prepare<[], { entity: number; state: string }>('SELECT entity, state FROM baseline_entity WHERE until IS NULL').iterate();
  for (const row of rows) yield { entity: row.entity, state: JSON.parse(row.state) as unknown };
}

const PAGE = 500;

interface HeldRow {
  kind: string;
  id: string;
  state: string;
}

/** Entities of one baseline in key order, as JSON, a page at a time: a baseline of millions is not held in memory. */
export function* baselinePages(db: Db, baseline: number): Generator<HeldRow[]> {
  const page = db.prepare<object, HeldRow>(
    `SELECT e.kind, e.id, b.state FROM entity e LEFT JOIN baseline_entity b ON b.entity = e.entity_id AND b.baseline <= @baseline AND (b.until IS NULL OR b.until > @baseline)
     WHERE (e.kind, e.id) > (@kind, @id) ORDER BY e.kind, e.id LIMIT ${PAGE}`,
  );
  let [kind, id] = ['', ''];
  for (;;) {
    const rows = page.all({ kind, id, baseline });
    yield rows.filter(({ state }) => state !== null);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    [kind, id] = [last.kind, last.id];
  }
}
