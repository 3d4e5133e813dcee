import { freshness } from '#shared/freshness.ts';
import { definitionOf } from '../metrics/evaluate.ts';
import type { LostFeeds } from '../snapshots/lost.ts';
import type { ViewContext } from '../views/context.ts';
import { feedsOf } from '../views/sources.ts';

/** Of each metric the feeds it rests on that have been silent beyond their limit, as boards have it. */
export function lostFeeds(context: ViewContext): LostFeeds {
  const feeds = new Map(context.feeds.map((feed) => [feed.source, feed]));
  const isLost = (source: string) => {
    const feed = feeds.get(source);
    return !feed || freshness(feed, context.now).state === 'lost';
  };
  const known = new Map<string, readonly string[]>();
  return (metric) => {
    const lost = known.get(metric) ?? feedsOf(definitionOf(metric), context).filter(isLost);
    known.set(metric, lost);
    return lost;
  };
}
