import { snapshotFamilies } from '#shared/snapshots/families.ts';
import { metricKey, type MetricColumn } from '#shared/snapshots/family.ts';
import type { House } from '../domain/house.ts';
import { unitNow } from '../domain/units/now.ts';
import { bedMetrics } from '../metrics/bed-metrics.ts';
import type { Taken } from './taken.ts';

/** The lost feeds that a metric rests on, by their names; none where all are heard. */
export type LostFeeds = (metric: string) => readonly string[];

export const NONE_LOST: LostFeeds = () => [];

/** Why a value is unknown: the same text for as long as it is so, as a snapshot is written when it says something else. */
const reasonOf = (feeds: readonly string[]) => `nothing was heard from ${feeds.join(', ')} for longer than the silence limit`;

const asNull = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));
const because = (keys: readonly string[], reason: string) => Object.fromEntries(keys.map((key) => [key, reason]));

type RestsOn = (taken: Taken) => readonly string[];

/** Metrics that come from where the facts of a family do; none where those are of the site's configuration. */
function factMetrics(house: House, family: string, at: number): RestsOn {
  if (family === 'or-status') return () => ['or.predicted_end'];
  if (family !== 'unit' && family !== 'bed') return () => [];
  const ofUnit = new Map<string, ReturnType<typeof bedMetrics>>();
  return ({ subject: [unit], facts }) => {
    const { occupied, other } = ofUnit.get(unit!) ?? bedMetrics(unitNow(house, unit!, at).kind);
    ofUnit.set(unit!, { occupied, other });
    return facts['status'] === 'occupied' ? occupied : other;
  };
}

/** Metrics of a snapshot that had a value and rest on a lost feed, with the reason. */
function unheardMetrics(columns: readonly MetricColumn[], { metrics }: Taken, lost: LostFeeds): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const feeds = metrics[metricKey(column)] === null ? [] : lost(column.metric);
      return feeds.length > 0 ? [[metricKey(column), reasonOf(feeds)]] : [];
    }),
  );
}

/** Snapshots of a family, taken at `at` (epoch ms), as they are kept: what rests on a lost feed is unknown, as it is on the boards. */
export function withoutLost(house: House, family: string, taken: readonly Taken[], at: number, lost: LostFeeds): Taken[] {
  const { metrics: columns } = snapshotFamilies.get(family)!;
  const restsOn = factMetrics(house, family, at);
  return taken.map((one) => {
    const unheard = unheardMetrics(columns, one, lost);
    const told = { ...one, metrics: { ...one.metrics, ...asNull(Object.keys(unheard)) }, unknown: { ...one.unknown, ...unheard } };
    const feeds = [...new Set(restsOn(one).flatMap(lost))];
    if (feeds.length === 0) return told;
    const facts = Object.keys(one.facts);
    return { ...told, facts: asNull(facts), unknown: { ...told.unknown, ...because(facts, reasonOf(feeds)) }, ended: true };
  });
}

/** A KPI that rests on a lost feed: what its hour or day came to is not known while a part of it may be missing. */
export function kpiWithoutLost(taken: Taken, lost: LostFeeds): Taken {
  const feeds = lost(taken.subject[1]!);
  if (feeds.length === 0 || Object.keys(taken.unknown).length > 0) return taken;
  const { until, ...figures } = taken.facts;
  const lacking = taken.facts['count'] === null ? 'value' : 'mean';
  return { ...taken, facts: { until: until!, ...asNull(Object.keys(figures)) }, unknown: { [lacking]: reasonOf(feeds) } };
}
