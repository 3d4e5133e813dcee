import type { SiteConfig } from '#shared/site.ts';
import type { SourceRecord } from '#shared/sources.ts';
import type { MetricResult, Scope, SourceFigure } from '#shared/metrics/result.ts';
import { instanceName, sourceTroubles } from '../domain/sources/trouble.ts';
import type { Db } from './open.ts';
import { OF_SOURCE, readSources } from './sources.ts';

/** Metrics about the data themselves: receive times and refusals stand beside the state, so they are asked of the store. */
export const DATA_METRICS: ReadonlySet<string> = new Set(['data.age_seconds', 'data.lag_seconds', 'data.dead_letters', 'data.waiting']);

type Figure = (db: Db, record: SourceRecord, at: number) => number | null;

const FIGURES: Readonly<Record<string, Figure>> = {
  'data.age_seconds': (db, record, at) => seconds(newestEvent(db, record, at), (newest) => at - newest.time),
  'data.lag_seconds': (db, record, at) => seconds(newestEvent(db, record, at), (newest) => newest.lag),
  'data.waiting': (_db, { waiting, held }) => waiting + held,
  'data.dead_letters': (db, { uri }) => deadLetters(db, uri),
};

/**
 * Answers one of {@link DATA_METRICS}, for all sources or those named: by kind, `kind/instance` or CloudEvents source.
 * `at` is epoch ms. Each instance has its figure and its named states; of age and lag the worst instance counts, so
 * that a dead one does not hide behind one that lives; the others are sums. Unknown (null) when nothing was heard.
 */
export function dataHealth(db: Db, site: SiteConfig, metric: string, source: string | undefined, at: number): MetricResult {
  const scope: Scope = source === undefined ? {} : { source };
  const chosen = readSources(db).filter((record) => source === undefined || `/${record.uri}/`.includes(`/${source}/`));
  const sources: SourceFigure[] = chosen.map((record) => ({ source: instanceName(record), value: FIGURES[metric]!(db, record, at), states: sourceTroubles(record, site, at).map(({ state }) => state) }));
  const answer = (value: number | null, reason?: string): MetricResult => ({ metric, scope, value, ...(reason === undefined ? {} : { reason }), ...(sources.length > 0 ? { sources } : {}) });
  if (metric === 'data.dead_letters') return answer(deadLetters(db, source));
  if (metric === 'data.waiting') return answer(sources.reduce((sum, { value }) => sum + value!, 0));
  const speaking = chosen.flatMap((record, i) => (record.state === 'registered' ? [{ record, value: sources[i]!.value }] : []));
  const live = speaking.filter(({ record }) => record.registeredBy !== 'file');
  const counted = live.length > 0 ? live : speaking;
  const silent = counted.find(({ value }) => value === null);
  if (counted.length === 0 || silent) return answer(null, silent && counted.length > 1 ? `nothing has been heard from ${instanceName(silent.record)}` : 'nothing has been heard from this source');
  return answer(Math.max(...counted.map(({ value }) => value!)));
}

interface Newest {
  readonly time: number;
  /** Receive time - event time, ms. */
  readonly lag: number;
}

const seconds = (newest: Newest | undefined, ms: (newest: Newest) => number) => (newest === undefined ? null : ms(newest) / 1_000);

/** The newest event of a source up to a time: its row tells of the present, the log of the past. */
function newestEvent(db: Db, { uri, lastEventTime, lagMs }: SourceRecord, at: number): Newest | undefined {
  if (lastEventTime !== null && lastEventTime <= at && lagMs !== null) return { time: lastEventTime, lag: lagMs };
  return db
    .prepare<object, Newest>('SELECT time, received - time AS lag FROM ops_event WHERE source_id = (SELECT source_id FROM ops_event_source WHERE uri = @uri) AND time <= @at ORDER BY time DESC LIMIT 1')
    .get({ uri, at });
}

function deadLetters(db: Db, source: string | undefined): number {
  const where = source === undefined ? '' : `AND ${OF_SOURCE}`;
  return db.prepare<object, { n: number }>(`SELECT COUNT(*) AS n FROM dead_letter WHERE replayed IS NULL ${where}`).get(source === undefined ? {} : { source })!.n;
}
