import type { DomainEvent } from '#shared/events/envelope.ts';
import type { EntityKind } from '#shared/events/define.ts';

/** Pure fold of one event into one slice of an entity's state; must not change its arguments. */
export type Fold<S, E = DomainEvent> = (state: S | undefined, event: E) => S;

/**
 * One folder of the domain: how events of the listed types change the slice this area owns.
 * Entities with a single owner have no slice name; their state is the slice.
 */
export interface Area<S = unknown> {
  readonly kind: EntityKind;
  readonly slice?: string;
  readonly types: readonly string[];
  readonly fold: Fold<S>;
}
