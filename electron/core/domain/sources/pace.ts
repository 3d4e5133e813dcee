import type { SourceRecord } from '#shared/sources.ts';
import type { SiteConfig } from '#shared/site.ts';

/** What a source is held to when nobody said anything: heard from every minute, lost after ten of them. */
const DEFAULT_INTERVAL_S = 60;
const SILENCE_INTERVALS = 10;

/** The pace a source is held to. The site document's word on its kind goes before what it registered. */
export function paceOf({ kind, intervalSeconds, silenceLimitSeconds }: SourceRecord, site: Pick<SiteConfig, 'sourceIntervalSeconds'>): { intervalSeconds: number; silenceLimitSeconds: number } {
  const interval = site.sourceIntervalSeconds[kind] ?? intervalSeconds ?? DEFAULT_INTERVAL_S;
  return { intervalSeconds: interval, silenceLimitSeconds: silenceLimitSeconds ?? interval * SILENCE_INTERVALS };
}
