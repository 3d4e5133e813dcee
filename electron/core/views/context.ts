import type { FloorPlan } from '#shared/floorplan.ts';
import type { TroubleName } from '#shared/sources.ts';
import type { Scope } from '#shared/metrics/result.ts';
import type { FeedItem, FrameItem } from '#shared/views/frame.ts';
import type { House } from '../domain/house.ts';
import type { Tellers } from '../domain/sources/tellers.ts';
import type { EntityStates, FoldedKind } from '../domain/states.ts';

/** Minute samples of one series on the site's clock, oldest first: [epoch ms, value]. */
export type Trend = readonly (readonly [number, number])[];

/** The house at one moment of the site's clock (epoch ms). A new object for each computing, as derived facts are remembered with it. */
export interface Moment {
  readonly house: House;
  readonly now: number;
}

/** Everything a view may know. Times are epoch ms. */
export interface ViewContext extends Moment {
  /** Samples of the last 8 h of a metric that `trendSeries` lists; empty when there are none. */
  trend(metric: string, scope: Scope): Trend;
  /** The sources heard so far, with their last contact. */
  readonly feeds: readonly FeedItem[];
  /** Who tells each event type; without it the usual sources do. */
  readonly toldBy?: Tellers;
  readonly clock: FrameItem['clock'];
  readonly broker: FrameItem['broker'];
  readonly deadLetters: number;
  /** What is wrong with the station, by name; absent or empty when nothing is. */
  readonly troubles?: readonly TroubleName[];
  /** True when anything in the house was constructed by an importer. */
  readonly constructed: boolean;
  /** Floor-plan documents by id. */
  readonly plans: ReadonlyMap<string, FloorPlan>;
}

export type ViewParams = Readonly<Record<string, string>>;

/**
 * One entity that got another state. Several changes of one entity may be told as one, from the first `before` to
 * the last `after`. Undefined: it did not exist, or is forgotten.
 */
export type Change<K extends FoldedKind = FoldedKind> = {
  [P in K]: { readonly kind: P; readonly id: string; readonly before: EntityStates[P] | undefined; readonly after: EntityStates[P] | undefined };
}[K];

const memory = new WeakMap<Moment, Map<unknown, unknown>>();

/** What `derive` makes of the context, computed once for each context. Remembered under the function itself. */
export function once<C extends Moment, T>(context: C, derive: (context: C) => T): T {
  let known = memory.get(context);
  if (!known) memory.set(context, (known = new Map()));
  if (!known.has(derive)) known.set(derive, derive(context));
  return known.get(derive) as T;
}
