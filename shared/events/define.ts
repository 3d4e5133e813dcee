import type { z } from 'zod';
import type { DomainEvent } from './envelope.ts';

/** Event families of the contract: the part of a type's name before the dot. */
export type Family =
  | 'adt' | 'bed' | 'ed' | 'or' | 'icu' | 'unit' | 'source' | 'lab' | 'imaging' | 'pharmacy' | 'rcm'
  | 'booking' | 'flow' | 'resource' | 'staff' | 'billing' | 'comms';

export type EventName = `${Family}.${string}`;

/**
 * What one event is about. Every event folds into exactly one entity, so an entity's state is a pure
 * function of its own events and can be refolded alone when one of them arrives late.
 */
export type EntityKind =
  | 'encounter' | 'patient' | 'bed' | 'unit' | 'ambulance' | 'or-case' | 'or-room'
  | 'lab-order' | 'imaging-order' | 'pharmacy-order'
  | 'preauth' | 'claim' | 'denial' | 'account'
  | 'appointment' | 'visit' | 'resource' | 'staff-member' | 'quote' | 'message' | 'source';

interface Described<S extends z.ZodObject, T extends EventName> {
  /** Wire name, `family.past-tense-name`. */
  readonly type: T;
  /** One sentence: what happened, and which outside messages carry it. */
  readonly describes: string;
  readonly entity: { readonly kind: EntityKind; readonly id: (data: z.output<S>) => string };
  readonly example: z.input<S>;
}

/** One domain event type: its schema, the entity it folds into and one example of its data. */
export interface EventType<S extends z.ZodObject = z.ZodObject, T extends EventName = EventName> extends Described<S, T> {
  readonly data: S;
}

/**
 * Builds the schema of a declaration when it is first asked for. A process that parses no events builds none: all of
 * the contract's schemas cost 0.13 s of a start on the machines that were measured.
 */
export function withSchema<D extends object, S extends z.ZodObject>(described: D, build: () => S): D & { readonly data: S } {
  let schema: S | undefined;
  return Object.defineProperty({ ...described }, 'data', { enumerable: true, get: () => (schema ??= build()) }) as D & { readonly data: S };
}

/** Declares an event type; TypeScript checks entity and example against the schema. */
export const defineEvent = <S extends z.ZodObject, const T extends EventName>({ data, ...described }: Described<S, T> & { readonly data: () => S }): EventType<S, T> =>
  withSchema(described, data);

/** The events of a family as a union on `type`, with the data that each type's schema gives. */
export type EventOf<Family extends readonly unknown[]> = Family[number] extends infer E
  ? E extends EventType<infer S, infer T>
    ? Omit<DomainEvent, 'type' | 'data'> & { readonly type: T; readonly data: z.output<S> }
    : never
  : never;
