import type { FeedItem } from './views/frame.ts';

export type FreshnessState = 'fresh' | 'ageing' | 'stale' | 'lost';

export interface Freshness {
  state: FreshnessState;
  /** Time since the last contact, ms; null when there never was one. */
  ageMs: number | null;
  /** Last contact, epoch ms of the site's clock. */
  since: number | null;
}

type Contact = Pick<FeedItem, 'lastContact' | 'intervalSeconds' | 'silenceLimitSeconds'>;

/** Freshness of a source by its last contact: fresh to one interval, ageing to three, stale until its silence limit. */
export function freshness({ lastContact, intervalSeconds, silenceLimitSeconds }: Contact, now: number): Freshness {
  if (lastContact === null) return { state: 'lost', ageMs: null, since: null };
  const ageMs = Math.max(0, now - lastContact);
  const interval = intervalSeconds * 1000;
  const lostAfter = Math.max(silenceLimitSeconds * 1000, 3 * interval);
  const state = ageMs <= interval ? 'fresh' : ageMs <= 3 * interval ? 'ageing' : ageMs <= lostAfter ? 'stale' : 'lost';
  return { state, ageMs, since: lastContact };
}

const RANK: Record<FreshnessState, number> = { fresh: 0, ageing: 1, stale: 2, lost: 3 };

/** What a number rests on is as fresh as its stalest source; a source nobody has heard of is lost. */
export function stalest(feeds: readonly (Contact | undefined)[], now: number): Freshness {
  let worst: Freshness | undefined;
  for (const feed of feeds) {
    const one: Freshness = feed ? freshness(feed, now) : { state: 'lost', ageMs: null, since: null };
    if (!worst || RANK[one.state] > RANK[worst.state] || (one.state === worst.state && (one.ageMs ?? Infinity) > (worst.ageMs ?? Infinity))) worst = one;
  }
  return worst ?? { state: 'lost', ageMs: null, since: null };
}
