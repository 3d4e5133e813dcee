import type { DomainEvent } from '#shared/events/envelope.ts';
import type { Area } from './area.ts';
import { areas } from './areas.ts';

export interface Evolution {
  /** The entity's state after the event; the given state itself when no area folds the type. */
  evolve(state: unknown, event: DomainEvent): unknown;
  isFolded(type: string): boolean;
}

/**
 * Builds the step from state to state out of areas. Pure: needs an entity's events in `compareEvents` order, changes
 * no argument, and returns plain JSON. Throws when two areas claim one type, since one of them would be ignored.
 */
export function createEvolution(of: readonly Area[]): Evolution {
  const byType = new Map<string, Area>();
  for (const area of of) {
    for (const type of area.types) {
      if (byType.has(type)) throw new Error(`two areas fold ${type}`);
      byType.set(type, area);
    }
  }
  return {
    evolve(state, event) {
      const area = byType.get(event.type);
      if (!area) return state;
      if (area.slice === undefined) return area.fold(state, event);
      const slices = state as Record<string, unknown> | undefined;
      return { ...slices, [area.slice]: area.fold(slices?.[area.slice], event) };
    },
    isFolded: (type) => byType.has(type),
  };
}

/** Types without a fold are kept in the log and change no state. */
export const { evolve, isFolded } = createEvolution(areas);
