import type { FloorPlan } from '#shared/floorplan.ts';
import type { Items } from '#shared/link/messages.ts';
import type { FeedItem } from '#shared/views/frame.ts';
import type { House } from '#core/domain/house.ts';
import type { ViewContext } from '#core/views/context.ts';

export const feed = (source: string, lastContact = 0): FeedItem => ({ source, title: source, lastContact, intervalSeconds: 60, silenceLimitSeconds: 600 });

/** A context at a moment (epoch ms) of a house with the feeds of a usual site and no samples, unless told otherwise. */
export const contextOf = (house: House, now: number, more: Partial<ViewContext> = {}): ViewContext => ({
  house,
  now,
  trend: () => [],
  feeds: ['ehr', 'bed', 'ed', 'or', 'icu', 'lis', 'staff'].map((source) => feed(source)),
  clock: { mode: 'wall', at: now, sentAt: now, speed: 1 },
  broker: 'connected',
  deadLetters: 0,
  constructed: false,
  plans: new Map(),
  ...more,
});

/** A plan that draws the given beds, all in one place. */
export function planOf(beds: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, FloorPlan> {
  const place = { x: 0, y: 0, w: 10, h: 10 };
  const units = Object.entries(beds).map(([unit, labels]) => ({ unit, ...place, zones: [], beds: labels.map((bed) => ({ bed, ...place })) }));
  return new Map([['plan', { id: 'plan', title: 'Plan', width: 100, height: 100, units }]]);
}

/** One item, as the type that its key promises. */
export const item = <T>(items: Items, key: string): T => items[key] as unknown as T;
