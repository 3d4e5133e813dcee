import type { Freshness } from '#shared/freshness.ts';
import { ageText, clockMinute } from './time.ts';

/** How old a thing is, as a tag or a tile says it: `4 s`, `STALE 4 min`, `NO DATA 14:07`. */
export function freshnessText({ state, ageMs, since }: Freshness, zone: string): string {
  if (state === 'lost') return since === null ? 'NO DATA' : `NO DATA ${clockMinute(since, zone)}`;
  return state === 'stale' ? `STALE ${ageText(ageMs ?? 0)}` : ageText(ageMs ?? 0);
}
