import type { SourceRecord, Trouble } from '#shared/sources.ts';
import type { SiteConfig } from '#shared/site.ts';
import { paceOf } from './pace.ts';

const HOUR_S = 3_600;
/** Interfaces send bursts: below this many events a second nobody is flooded, whatever was expected. */
const BURST_PER_SECOND = 200;
/** A source floods at ten times what it is expected to send; one of which nothing is expected, at this many a second. */
const FLOOD_FACTOR = 10;
const FLOOD_PER_SECOND = 10_000;

/** Name of a source instance as people and metric scopes write it. */
export const instanceName = ({ kind, instance }: Pick<SourceRecord, 'kind' | 'instance'>) => `${kind}/${instance}`;

/** Events a second above which a source floods. */
export function floodLimit({ expectedPerHour }: Pick<SourceRecord, 'expectedPerHour'>): number {
  return expectedPerHour === null ? FLOOD_PER_SECOND : Math.max(BURST_PER_SECOND, (FLOOD_FACTOR * expectedPerHour) / HOUR_S);
}

/**
 * Everything that is wrong with a source at a moment of the site's clock (epoch ms). `perSecond`: events lately, per
 * second of the site's clock; undefined where nobody has counted.
 */
export function sourceTroubles(record: SourceRecord, site: Pick<SiteConfig, 'sourceIntervalSeconds'>, now: number, perSecond?: number): Trouble[] {
  const source = instanceName(record);
  const found: Trouble[] = [];
  const trouble = (state: Trouble['state'], detail: string) => void found.push({ state, source, detail });
  if (record.state === 'refused') return [{ state: 'refused', source, detail: `${record.refused + record.overflowed} messages refused` }];
  if (record.state === 'quarantined') trouble('quarantined', `${record.waiting} events wait until somebody accepts or refuses this source`);
  else if (record.lastContact === null) trouble('never-heard', 'registered, and nothing has been heard from it');
  else if (record.registeredBy !== 'file') {
    const { silenceLimitSeconds } = paceOf(record, site);
    const silence = (now - record.lastContact) / 1_000;
    if (silence > silenceLimitSeconds) trouble('silent', `nothing heard for ${Math.round(silence)} s; the limit is ${silenceLimitSeconds} s`);
  }
  if (record.held > 0) trouble('clock-ahead', `${record.held} events are ahead of the clock and wait for it`);
  if (perSecond !== undefined && perSecond > floodLimit(record)) trouble('flooding', `${Math.round(perSecond)} events/s; ${record.expectedPerHour === null ? 'no rate is registered' : `${record.expectedPerHour} an hour are expected`}`);
  if (record.overflowed > 0) trouble('queue-full', `${record.overflowed} events found its waiting queue full and were not kept`);
  return found;
}
