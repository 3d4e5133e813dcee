import type { SiteConfig } from '../site.ts';
import { wipLimit } from '../wip.ts';
import type { MetricDefinition } from './definition.ts';
import type { Direction, Scope, Severity } from './result.ts';

export type ThresholdSite = Pick<SiteConfig, 'thresholds' | 'units' | 'wipLimits'>;

export interface Thresholds {
  /** Which way is worse: that of the definition, or up where a limit is set for how many there may be. */
  readonly direction: Direction;
  readonly warn: number | null;
  readonly crit: number | null;
  /** Bounds of "normal": the definition's own, else the warn threshold on the bad side. */
  readonly normal: readonly [number | null, number | null];
}

type Limits = { warn?: number | undefined; crit?: number | undefined; normal?: readonly [number | null, number | null] | undefined };

const same = (a: string | undefined, b: string | undefined) => a?.toLowerCase() === b?.toLowerCase();

/** The scope, with the kind of its unit added where the site says it. */
function widened(scope: Scope, site: ThresholdSite): Scope {
  if (scope.unit_kind !== undefined || scope.unit === undefined) return scope;
  const kind = site.units.find((unit) => unit.id === scope.unit)?.kind;
  return kind === undefined ? scope : { ...scope, unit_kind: kind };
}

const holds = (condition: string, scope: Scope) =>
  condition.split(',').every((part) => {
    const [key, value] = part.split('=');
    return same(scope[key!], value);
  });

/** The definition's own range, kept on the good side of the warn threshold; else what that threshold leaves. */
function normalRange(direction: Direction, warn: number | null, own: Limits['normal']): Thresholds['normal'] {
  if (direction === 'high') return [own?.[0] ?? null, warn === null ? (own?.[1] ?? null) : Math.min(own?.[1] ?? warn, warn)];
  if (direction === 'low') return [warn === null ? (own?.[0] ?? null) : Math.max(own?.[0] ?? warn, warn), own?.[1] ?? null];
  return own ?? [null, null];
}

/**
 * Thresholds of a metric in a scope. What speaks of the scope beats what speaks of the metric, and the site beats the
 * library: `id@value` of the site (a unit kind, priority or other scope value), `byScope` of the library, `id` of the
 * site, the library's own. A limit for a stage of flow (`wipLimits`) warns as well, whichever is lower. Scope values compare without case, as sources write priorities both ways.
 */
export function thresholdsFor(definition: MetricDefinition, scope: Scope, site: ThresholdSite): Thresholds {
  const wide = widened(scope, site);
  const values = Object.values(wide);
  const siteKey = Object.keys(site.thresholds).find((key) => values.some((value) => same(key, `${definition.id}@${value}`)));
  const condition = Object.keys(definition.byScope ?? {}).find((key) => holds(key, wide));
  const layers: (Limits | undefined)[] = [
    siteKey === undefined ? undefined : site.thresholds[siteKey],
    condition === undefined ? undefined : definition.byScope?.[condition],
    site.thresholds[definition.id],
    definition,
  ];
  const first = <K extends keyof Limits>(key: K) => layers.find((layer) => layer?.[key] !== undefined)?.[key];
  const limit = wipLimit(definition.id, scope, site);
  const warn = limit === undefined ? (first('warn') ?? null) : Math.min(limit, first('warn') ?? limit);
  const direction = limit === undefined ? definition.direction : 'high';
  return { direction, warn, crit: first('crit') ?? null, normal: normalRange(direction, warn, first('normal')) };
}

/**
 * How bad a value is. High metrics warn from the threshold on, except distributions, where a sample at the target is
 * within it; low metrics warn below it; band metrics warn outside the normal range, and are critical beyond `crit`
 * on its upper side. An unknown value (null) is not bad: it is unknown.
 */
export function severity(definition: MetricDefinition, scope: Scope, value: number | null, site: ThresholdSite): Severity {
  if (value === null) return 'normal';
  const { direction, warn, crit, normal } = thresholdsFor(definition, scope, site);
  if (direction === 'band') {
    if (crit !== null && value >= crit) return 'crit';
    return (normal[0] !== null && value < normal[0]) || (normal[1] !== null && value > normal[1]) ? 'warn' : 'normal';
  }
  if (direction === 'none') return 'normal';
  const past = (limit: number | null) => {
    if (limit === null) return false;
    if (direction === 'low') return value < limit;
    return definition.kind === 'distribution' ? value > limit : value >= limit;
  };
  return past(crit) ? 'crit' : past(warn) ? 'warn' : 'normal';
}
