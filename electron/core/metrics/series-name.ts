import type { Scope } from '#shared/metrics/result.ts';

/** Name of a series: metric id and its scope in key order. */
export function seriesName(metric: string, scope: Scope): string {
  const pairs = Object.keys(scope).sort().map((key) => `${key}=${scope[key]}`);
  return pairs.length > 0 ? `${metric}@${pairs.join('&')}` : metric;
}
