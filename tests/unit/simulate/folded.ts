import { eventTypes } from '#shared/events/registry.ts';
import { compareEvents } from '#shared/events/order.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';
import { evolve, isFolded } from '#core/domain/evolve.ts';
import { House } from '#core/domain/house.ts';
import { FOLDED_KINDS, type EntityStates, type FoldedKind } from '#core/domain/states.ts';
import type { Sent } from '#core/simulate/hospital/emitter.ts';
import { SITE } from './demo.ts';

/** Folds what a source sent as ingest does, without the store: checked by its schema, each entity on its own. */
export class Folded {
  readonly house = new House(SITE);
  readonly #states = new Map<string, unknown>();

  add(sent: readonly Sent[]): void {
    const events = sent.map(({ envelope }): DomainEvent => ({ ...envelope, time: Date.parse(envelope.time), data: eventTypes.get(envelope.type)!.data.parse(envelope.data) }));
    for (const event of events.sort(compareEvents)) {
      if (!isFolded(event.type)) continue;
      const { kind, id } = eventTypes.get(event.type)!.entity;
      const key = id(event.data);
      const state = evolve(this.#states.get(`${kind}:${key}`), event);
      this.#states.set(`${kind}:${key}`, state);
      if ((FOLDED_KINDS as readonly string[]).includes(kind)) this.house.put(kind as FoldedKind, key, state as never);
    }
  }

  count<K extends FoldedKind>(kind: K, is: (state: EntityStates[K]) => boolean): number {
    return [...this.house.all(kind).values()].filter(is).length;
  }
}
