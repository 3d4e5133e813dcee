import type { MetricResult, Scope } from '#shared/metrics/result.ts';
import type { Db } from './open.ts';

interface Newest {
  time: number;
  received: number;
}

/** Metrics about the data themselves: receive times and refusals stand beside the state, so they are asked of the store. */
export const DATA_METRICS: ReadonlySet<string> = new Set(['data.age_seconds', 'data.lag_seconds', 'data.dead_letters']);

/**
 * Answers one of {@link DATA_METRICS}, for all sources or the one named. `at` is epoch ms.
 * Age and lag are of the newest event up to `at`; unknown (null) when there is none.
 */
export function dataHealth(db: Db, metric: string, source: string | undefined, at: number): MetricResult {
  const scope: Scope = source === undefined ? {} : { source };
  if (metric === 'data.dead_letters') return { metric, scope, value: deadLetters(db, source) };
  const newest = newestEvent(db, source, at);
  if (!newest) return { metric, scope, value: null, reason: 'nothing has been heard from this source' };
  return { metric, scope, value: (metric === 'data.age_seconds' ? at - newest.time : newest.received - newest.time) / 1000 };
}

function newestEvent(db: Db, source: string | undefined, at: number): Newest | undefined {
  const select = 'SELECT e.time, e.received FROM ops_event e';
  const newest = 'e.time <= @at ORDER BY e.time DESC LIMIT 1';
  if (source === undefined) return db.prepare<object, Newest>(`${select} WHERE ${newest}`).get({ at });
  return db.prepare<object, Newest>(`${select} JOIN ops_event_source s USING (source_id) WHERE s.source = @source AND ${newest}`).get({ at, source });
}

function deadLetters(db: Db, source: string | undefined): number {
  const rows = db.prepare<[], { source: string | null; n: number }>('SELECT source, COUNT(*) AS n FROM dead_letter WHERE replayed IS NULL GROUP BY source').all();
  const ofSource = (uri: string | null) => source === undefined || uri === source || uri?.split('/')[4] === source;
  return rows.filter((row) => ofSource(row.source)).reduce((sum, row) => sum + row.n, 0);
}
