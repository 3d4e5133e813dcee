import type { EntityKind, EventOf } from '#shared/events/define.ts';
import type { DomainEvent } from '#shared/events/envelope.ts';

/** Pure fold of one event into one slice of an entity's state; must not change its arguments. */
export type Fold<S, E = DomainEvent> = (state: S | undefined, event: E) => S;

/**
 * One folder of the domain: how events of the listed types change the slice this area owns.
 * Entities with a single owner have no slice name; their state is the slice.
 */
export interface Area {
  readonly kind: EntityKind;
  readonly slice?: string;
  readonly types: readonly string[];
  readonly fold: Fold<unknown>;
}

interface FamilyMember {
  readonly type: string;
  readonly entity: { readonly kind: EntityKind };
}

/**
 * An area over those events of a family that are about `kind`. The fold sees the family as a union on `type`;
 * ingest has checked every event's data against its schema.
 */
export function areaOf<S, const L extends readonly FamilyMember[]>(
  { kind, slice, events }: { kind: EntityKind; slice?: string; events: L },
  fold: Fold<S, EventOf<L>>,
): Area {
  return {
    kind,
    ...(slice === undefined ? {} : { slice }),
    types: events.filter((event) => event.entity.kind === kind).map((event) => event.type),
    fold: fold as unknown as Fold<unknown>,
  };
}
