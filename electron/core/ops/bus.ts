import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { ingestOps } from '#shared/events/ops/ingest.ts';
import type { snapshotOps } from '#shared/events/ops/snapshots.ts';

type Declared = (typeof ingestOps)[number] | (typeof snapshotOps)[number];
/** Wire names of what Vigil tells of the events it takes in and of what it shows. */
export type OpsName = Declared['type'];
/** What an ops event of a type says. */
export type OpsData<T extends OpsName> = z.input<Extract<Declared, { type: T }>['data']>;

/** `id` names the event, however many ways it goes out by. */
type Listener<T extends OpsName> = (data: OpsData<T>, id: string) => void;

/** The internal bus: parts of the core hear on it what Vigil announces, in the order it happened. */
export class OpsBus {
  readonly #listeners = new Map<OpsName, Set<(data: unknown, id: string) => void>>();

  /** Calls back with every event of a type from now on; returns how to stop. */
  on<T extends OpsName>(type: T, listener: Listener<T>): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    // `emit` takes only what belongs to the type.
    const erased = listener as (data: unknown, id: string) => void;
    listeners.add(erased);
    return () => void listeners.delete(erased);
  }

  emit<T extends OpsName>(type: T, data: OpsData<T>): void {
    const listeners = this.#listeners.get(type);
    if (!listeners?.size) return;
    const id = randomUUID();
    for (const listener of listeners) listener(data, id);
  }
}
