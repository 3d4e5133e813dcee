import type { SourceName } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import type { EntityKind } from '#shared/events/define.ts';
import type { MetricDefinition } from '#shared/metrics/definition.ts';
import type { FeedItem } from '#shared/views/frame.ts';

/** The system that usually publishes a family of events, where it has another name than the family. */
const USUAL_SOURCE: Readonly<Record<string, SourceName>> = {
  adt: 'ehr', lab: 'lis', imaging: 'ris', unit: 'staff',
};

/** `type` of an input written as `type.field` or `type@time`. */
const typeOf = (input: string) => /^([^.@]+\.[^.@]+)/.exec(input)?.[1] ?? '';

interface Inputs {
  readonly sources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<EntityKind>;
}
const known = new Map<MetricDefinition, Inputs>();

/** Usual sources and entity kinds behind the inputs of a metric; configuration keys have none. */
export function inputsOf(definition: MetricDefinition): Inputs {
  const hit = known.get(definition);
  if (hit) return hit;
  const types = definition.inputs.flatMap((input) => eventTypes.get(typeOf(input)) ?? []);
  const inputs = {
    sources: new Set(types.map(({ type }) => type.split('.')[0]!).map((family) => USUAL_SOURCE[family] ?? family)),
    kinds: new Set(types.map(({ entity }) => entity.kind)),
  };
  known.set(definition, inputs);
  return inputs;
}

/** The part of a feed's name that names the system: feeds are `{source}` or `{source}/{instance}`. */
const system = (feed: string) => feed.split('/', 1)[0]!;

/**
 * Feeds that a metric depends on: those of the usual sources of its inputs that have been heard; where a site
 * publishes by other systems, every feed heard, as any of them may carry it.
 */
export function feedsOf(definition: MetricDefinition, feeds: readonly FeedItem[]): string[] {
  const { sources } = inputsOf(definition);
  const heard = feeds.map(({ source }) => source);
  const usual = heard.filter((feed) => sources.has(system(feed)));
  return usual.length > 0 ? usual : heard;
}
