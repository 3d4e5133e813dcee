import type { SiteConfig } from '#shared/site.ts';
import { evolve, isFolded } from '../domain/evolve.ts';
import { House } from '../domain/house.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import { baselineStates } from '../store/baselines.ts';
import { scanLog } from '../store/event-log.ts';
import type { Db } from '../store/open.ts';
import { SampleStore } from '../store/samples.ts';
import { trendSeries } from '../views/trend-series.ts';
import { sample } from './sampler.ts';
import { TREND_MS } from './trends.ts';

const STEP_MS = 5 * 60_000;
const KINDS: ReadonlySet<string> = new Set(FOLDED_KINDS);

/**
 * Computes the trend samples of the hours before `until` (epoch ms) from the log, so that a wall whose past was
 * loaded from a file shows courses from its first paint. Returns the number of points written.
 */
export function backfillTrends(db: Db, site: SiteConfig, until: number): number {
  const keys = new Map(
    db.prepare<[], { entity_id: number; kind: string; id: string }>('SELECT entity_id, kind, id FROM entity').all().map((row) => [row.entity_id, row]),
  );
  const house = new House(site);
  const states = new Map<number, unknown>();
  const put = (entity: number, state: unknown) => {
    states.set(entity, state);
    const { kind, id } = keys.get(entity)!;
    if (KINDS.has(kind)) house.put(kind as FoldedKind, id, state as never);
  };
  for (const { entity, state } of baselineStates(db)) put(entity, state);
  const store = new SampleStore(db, site.timezone);
  let written = 0;
  let next = Math.ceil((until - TREND_MS) / STEP_MS) * STEP_MS;
  const sampleUpTo = (time: number) => {
    for (; next < time && next <= until; next += STEP_MS) {
      const points = sample(house, trendSeries(house, next), next);
      store.write(points);
      written += points.length;
    }
  };
  for (const { event, entity } of scanLog(db, { by: 'time', until })) {
    sampleUpTo(event.time);
    if (isFolded(event.type)) put(entity, evolve(states.get(entity), event));
  }
  sampleUpTo(until + 1);
  return written;
}
