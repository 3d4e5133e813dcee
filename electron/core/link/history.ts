import type { SiteConfig } from '#shared/site.ts';
import { siteDays } from '../metrics/days.ts';
import { LastWritten } from '../snapshots/changes.ts';
import { kpisOf, periodsEnded, takeKpi } from '../snapshots/kpi.ts';
import { FAMILIES_OF_A_MOMENT, takeSnapshots } from '../snapshots/take.ts';
import { houseOverTime } from '../store/house-over-time.ts';
import type { Db } from '../store/open.ts';
import { SampleStore } from '../store/samples.ts';
import { SnapshotStore } from '../store/snapshots.ts';
import { trendSeries } from '../views/trend-series.ts';
import { sample } from './sampler.ts';

export interface HistorySpan {
  /** Epoch ms, both inclusive. */
  readonly from: number;
  readonly until: number;
  /** How far apart snapshots and samples are taken, in ms; KPIs are of every hour and day. */
  readonly stepMs: number;
  /** False leaves snapshots out: taken further apart than the house is watched they hold for their moment alone. */
  readonly withSnapshots?: boolean;
}

export interface HistoryWritten {
  moments: number;
  samples: number;
  snapshots: number;
  kpis: number;
}

/**
 * Computes samples with their rollups, snapshots and KPIs of the past from the log, as known today, as if a core had
 * watched: for what was loaded from a file, or happened while none ran. What stands there of the span gives way. One
 * moment is one short transaction after the other; `progress` is told the moment reached and may throw to end it.
 */
export function computeHistory(db: Db, site: SiteConfig, { from, until, stepMs, withSnapshots = true }: HistorySpan, progress: (at: number) => void = () => {}): HistoryWritten {
  const samples = new SampleStore(db, site.timezone);
  const snapshots = new SnapshotStore(db);
  const last = new LastWritten();
  const written: HistoryWritten = { moments: 0, samples: 0, snapshots: 0, kpis: 0 };
  let before: number | undefined;
  let reached = siteDays(site.timezone).hourOf(from).from;
  for (const { house, at } of houseOverTime(db, site, moments(site.timezone, from, until, stepMs))) {
    const points = sample(house, trendSeries(house, at), at);
    samples.write(points);
    for (const family of withSnapshots ? FAMILIES_OF_A_MOMENT : []) {
      const taken = last.changed(family, takeSnapshots(house, family, at));
      snapshots.keep({ family, at, ...(before === undefined ? {} : { since: before }), taken });
      written.snapshots += taken.length;
    }
    for (const period of periodsEnded(site.timezone, reached, at)) {
      const taken = kpisOf(house, period).map((kpi) => takeKpi(house, kpi));
      snapshots.keep({ family: 'kpi', at: period.span.from, taken });
      written.kpis += taken.length;
    }
    reached = Math.max(reached, siteDays(site.timezone).hourOf(at).from);
    written.samples += points.length;
    written.moments++;
    before = at;
    progress(at);
  }
  return written;
}

/** Every step of the span, and the end of every hour of the site in it, as its KPIs speak of the house at that moment. */
function moments(zone: string, from: number, until: number, stepMs: number): number[] {
  const days = siteDays(zone);
  const all = new Set<number>();
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= until; at += stepMs) all.add(at);
  for (let { to } = days.hourOf(from); to <= until; to = days.hourOf(to).to) all.add(to);
  return [...all].sort((a, b) => a - b);
}
