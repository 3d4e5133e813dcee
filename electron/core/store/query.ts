import type { MetricKind, MetricResult, Scope } from '#shared/metrics/result.ts';
import { MetricError } from '../metrics/errors.ts';
import { definitionOf, evaluate } from '../metrics/evaluate.ts';
import { KEEP_CLOSED_MS } from '../domain/memory.ts';
import type { House } from '../domain/house.ts';
import type { MetricRequest } from '../metrics/request.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import { DATA_METRICS, dataHealth } from './data-health.ts';
import type { Db } from './open.ts';
import type { SiteId } from './paths.ts';
import { ReadBack } from './read-back.ts';
import { newestEventTime, readHouse, readHouseAt, readOpenAt, readPresent } from './read-house.ts';
import { storedSiteConfig } from './site-config.ts';

/** What says who is where, who is to go where, and what keeps a bed. */
const PLACES: readonly FoldedKind[] = ['encounter', 'unit', 'bed', 'patient', 'or-case', 'ambulance'];

/** Entity kinds that the metrics of a family look at; what is not listed looks at everything. */
const KINDS: ReadonlyMap<string, readonly FoldedKind[]> = new Map([
  ['lab', ['lab-order']],
  ['imaging', ['imaging-order']],
  ['pharmacy', ['pharmacy-order']],
  ['or', ['or-case', 'or-room']],
  ['rcm', ['claim', 'denial', 'preauth', 'account']],
  ['census', ['encounter', 'unit', 'bed', 'patient']],
  ['ed', PLACES],
  ['beds', PLACES],
  ['icu', PLACES],
]);

export interface StoreQuery {
  readonly metric: string;
  readonly scope: Scope;
  /** Epoch ms; see MetricRequest. */
  readonly from?: number;
  readonly to?: number;
}

/** The moment a bound speaks of: a gauge's own, else the last millisecond of the half-open window. */
const moment = (kind: MetricKind, to: number | undefined) => (to === undefined || kind === 'gauge' ? to : to - 1);

/** Of what was over, rows read first; each time that is not enough, twice as many. */
const FIRST_PAGE = 1_000;

/**
 * From when on closed stays, orders and cases can matter to the answer; undefined where the whole history does. What was
 * over for longer before a window, or before the moment of a gauge, is no part of it: the boards hold no more.
 */
function lookFrom(kind: MetricKind, from: number | undefined, at: number): number | undefined {
  if (from !== undefined) return from - KEEP_CLOSED_MS;
  return kind === 'gauge' ? at - KEEP_CLOSED_MS : undefined;
}

function sourceScope({ source, ...others }: Scope): string | undefined {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new MetricError(`scope.${other}`, `this metric has no scope ${other}; it takes source`);
  return source;
}

/**
 * Answers a metric from a store. A bound in the past is answered from the state of that time as known today;
 * without one, gauges speak of the newest event. Throws MetricError for an unknown metric or scope.
 */
export function queryStore(db: Db, id: SiteId, { metric, scope, from, to }: StoreQuery): MetricResult {
  const site = storedSiteConfig(db, id);
  const newest = newestEventTime(db);
  const at = moment(definitionOf(metric).kind, to) ?? newest ?? 0;
  if (DATA_METRICS.has(metric)) return dataHealth(db, site, metric, sourceScope(scope), at);
  const past = to !== undefined && newest !== undefined && to < newest;
  const since = lookFrom(definitionOf(metric).kind, from, at);
  const request = { metric, scope, at, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const kinds = KINDS.get(metric.split('.')[0]!) ?? FOLDED_KINDS;
  if (since === undefined) return evaluate(past ? readHouseAt(db, site, at, kinds) : readHouse(db, site, kinds), request);
  const house = past ? readOpenAt(db, site, at, kinds) : readPresent(db, site, kinds);
  house.closedSince = (past ? at : (newest ?? 0)) + 1;
  return readingBack(house, new ReadBack(db, house, { since, kinds, ...(past ? { until: at } : {}) }), request);
}

/** Reads of what was over, the newest first, as much as the answer looks at: mostly little. */
function readingBack(house: House, back: ReadBack, request: MetricRequest): MetricResult {
  for (let size = FIRST_PAGE; ; size *= 2) {
    const { answer, lacking } = house.asking(() => evaluate(house, request));
    if (!lacking || back.whole) return answer;
    back.next(size);
  }
}
