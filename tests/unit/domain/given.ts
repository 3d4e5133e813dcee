import { expect } from 'vitest';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { compareEvents } from '#shared/events/order.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { siteConfigSchema, type SiteConfig } from '#shared/site.ts';
import type { z } from 'zod';
import { evolve, isFolded } from '../../../electron/core/domain/evolve.ts';
import { House } from '../../../electron/core/domain/house.ts';
import type { EntityStates, FoldedKind } from '../../../electron/core/domain/states.ts';

/** Epoch ms of a time of the day on which the specs play. */
export const at = (clock: string): number => Date.parse(`2026-01-10T${clock}:00Z`);

interface Extra {
  source?: string;
  constructed?: string;
  sequence?: number;
}

let ids = 0;

/** An event as ingest would pass it on: data checked against its type's schema. */
export function happened(clock: string, type: string, data: Record<string, unknown>, { source = 'ehr', ...extra }: Extra = {}): DomainEvent {
  const known = eventTypes.get(type);
  if (!known) throw new Error(`no type ${type}`);
  const id = `e${String(ids++).padStart(6, '0')}`;
  return { source: `//local/main/${source}/1`, id, type, time: at(clock), ...extra, data: known.data.parse(data) };
}

/** Forbids changes deep inside, so that a fold that changes its arguments throws. */
export function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

/** Folds events of one entity in their order. */
export const folded = (events: readonly DomainEvent[]): unknown =>
  [...events].sort(compareEvents).reduce<unknown>((state, event) => frozen(evolve(state, frozen(event))), undefined);

/** Given what happened to one entity, when one more thing happens (early or late), then this is its state. */
export function given(...before: DomainEvent[]) {
  return {
    when: (...then: DomainEvent[]) => ({
      then: (expected: unknown): void => expect(folded([...before, ...then])).toEqual(expected),
      thenOf: (slice: string, expected: Record<string, unknown>): void =>
        expect((folded([...before, ...then]) as Record<string, unknown>)[slice]).toEqual(expected),
    }),
  };
}

/** A house in which the events happened. */
export function houseWith(site: z.input<typeof siteConfigSchema>, ...events: DomainEvent[]): House {
  const config: SiteConfig = siteConfigSchema.parse(site);
  const house = new House(config);
  const entities = new Map<string, { kind: FoldedKind; id: string; events: DomainEvent[] }>();
  for (const event of events) {
    if (!isFolded(event.type)) continue;
    const { entity } = eventTypes.get(event.type)!;
    const id = entity.id(event.data);
    const key = `${entity.kind} ${id}`;
    const known = entities.get(key) ?? { kind: entity.kind as FoldedKind, id, events: [] };
    entities.set(key, known);
    known.events.push(event);
  }
  for (const { kind, id, events: own } of entities.values()) house.put(kind, id, folded(own) as EntityStates[typeof kind]);
  return house;
}
