import type { SourceName } from '#shared/events/envelope.ts';
import { eventTypes } from '#shared/events/registry.ts';
import type { EntityKind } from '#shared/events/define.ts';
import type { MetricDefinition } from '#shared/metrics/definition.ts';
import type { ViewContext } from './context.ts';

/** The system that usually publishes a family of events, where it has another name than the family. */
const USUAL_SOURCE: Readonly<Record<string, SourceName>> = {
  adt: 'ehr', lab: 'lis', imaging: 'ris', unit: 'staff',
};

/** `type` of an input written as `type.field` or `type@time`. */
const typeOf = (input: string) => /^([^.@]+\.[^.@]+)/.exec(input)?.[1] ?? '';

function usualSource(type: string): string {
  const family = type.split('.')[0]!;
  return USUAL_SOURCE[family] ?? family;
}

interface Inputs {
  /** Event types, with who usually publishes each. */
  readonly types: ReadonlyMap<string, string>;
  readonly kinds: ReadonlySet<EntityKind>;
}
const known = new Map<MetricDefinition, Inputs>();

/** Event types and entity kinds behind the inputs of a metric; configuration keys have none. */
export function inputsOf(definition: MetricDefinition): Inputs {
  const hit = known.get(definition);
  if (hit) return hit;
  const types = definition.inputs.flatMap((input) => eventTypes.get(typeOf(input)) ?? []);
  const inputs = {
    types: new Map(types.map(({ type }) => [type, usualSource(type)])),
    kinds: new Set(types.map(({ entity }) => entity.kind)),
  };
  known.set(definition, inputs);
  return inputs;
}

/** The part of a feed's name that names the system: feeds are `{source}` or `{source}/{instance}`. */
const system = (feed: string) => feed.split('/', 1)[0]!;

/**
 * Feeds that a metric depends on: of each event type in it the systems that tell it, also one that may not speak any
 * more; of a type that nobody has told the usual source, if it has been heard. Where that is nobody, every feed heard,
 * as any of them may carry it.
 */
export function feedsOf(definition: MetricDefinition, { feeds, toldBy }: Pick<ViewContext, 'feeds' | 'toldBy'>): string[] {
  const heard = feeds.map(({ source }) => source);
  const systems = new Set(heard.map(system));
  const carriers = new Set<string>();
  for (const [type, usual] of inputsOf(definition).types) {
    const tellers = toldBy?.get(type) ?? (systems.has(usual) ? [usual] : []);
    for (const kind of tellers) carriers.add(kind);
  }
  if (carriers.size === 0) return heard;
  return [...heard.filter((feed) => carriers.has(system(feed))), ...[...carriers].filter((kind) => !systems.has(kind)).sort()];
}
