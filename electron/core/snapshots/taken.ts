import { metricKey, type Fact, type SnapshotFamily } from '#shared/snapshots/family.ts';
import { isDistribution, type Scope } from '#shared/metrics/result.ts';
import type { House } from '../domain/house.ts';
import { siteDays } from '../metrics/days.ts';
import { definitionOf, evaluate } from '../metrics/evaluate.ts';

/** What was taken of one subject: its names in the family's order ('' stands for the whole), and what the family says of it. */
export interface Taken {
  readonly subject: readonly string[];
  readonly facts: Readonly<Record<string, Fact>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly unknown: Readonly<Record<string, string>>;
  /** Nothing is known of it from now on: this ends what was last said of it. */
  readonly ended?: true;
}

/** Snapshots of one family to keep. KPIs have the start of their period as `at`, epoch ms. */
export interface SnapshotBatch {
  readonly family: string;
  readonly at: number;
  /** Epoch ms, where time is gone through again: what stands of the family after it, up to `at`, gives way. */
  readonly since?: number;
  readonly taken: readonly Taken[];
}

/** A name that holds for the whole department or hospital. */
export const WHOLE = '';

/** Takes all subjects of a family from a house, as of `at` (epoch ms). */
export type Take = (house: House, family: SnapshotFamily, at: number) => Taken[];

/**
 * The metrics of a family for one subject, by the metric library. `scope` narrows them; a metric that cannot be told so
 * is unknown, with that as its reason.
 */
export function metricsOf(house: House, family: SnapshotFamily, scope: Scope, at: number): Pick<Taken, 'metrics' | 'unknown'> {
  const day = siteDays(house.site.timezone).dayOf(at);
  const metrics: Record<string, number | null> = {};
  const unknown: Record<string, string> = {};
  for (const column of family.metrics) {
    const key = metricKey(column);
    const { scopes } = definitionOf(column.metric);
    const foreign = Object.keys(scope).find((name) => !scopes.includes(name));
    if (foreign !== undefined) {
      metrics[key] = null;
      unknown[key] = `it is not told by ${foreign}`;
      continue;
    }
    const window = column.window === 'today' ? { from: day.from, to: at + 1 } : {};
    const result = evaluate(house, { metric: column.metric, scope, at, ...window });
    metrics[key] = isDistribution(result) ? result[column.figure ?? 'p50'] : result.value;
    if (metrics[key] === null) unknown[key] = result.reason ?? 'there is nothing to count';
  }
  return { metrics, unknown };
}
