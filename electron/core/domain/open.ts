import type { EntityKind } from '#shared/events/define.ts';
import { isInEd } from './ed/presence.ts';
import { isAwaited } from './imaging/progress.ts';
import { isPending } from './lab/progress.ts';
import { cameInAt } from './or/progress.ts';
import { isQueued } from './pharmacy/progress.ts';
import { isAwaitingDecision, isClaimClosed, isDenialClosed } from './rcm/progress.ts';
import type { EncounterState, EntityStates } from './states.ts';
import { whereabouts } from './whereabouts.ts';

/** In the house as any system says it, or admitted somewhere that none of them names. */
function encounterIsOpen(encounter: EncounterState): boolean {
  const status = encounter.adt?.status;
  return status === 'active' || status === 'on-leave' || isInEd(encounter) || whereabouts(encounter) !== undefined;
}

/** Kinds of which an entity can be over. */
export const CLOSES: ReadonlySet<EntityKind> = new Set(['encounter', 'lab-order', 'imaging-order', 'pharmacy-order', 'or-case', 'ambulance', 'claim', 'denial', 'preauth']);

/**
 * Whether an entity still matters for "now": a person in the house, an order or case not finished.
 * Closed ones are needed for windows of the past only and are not loaded at start.
 */
export function isOpen(kind: EntityKind, state: unknown): boolean {
  switch (kind) {
    case 'encounter':
      return encounterIsOpen(state as EncounterState);
    case 'lab-order':
      return isPending(state as EntityStates['lab-order']);
    case 'imaging-order':
      return isAwaited(state as EntityStates['imaging-order']);
    case 'pharmacy-order':
      return isQueued(state as EntityStates['pharmacy-order']);
    case 'or-case': {
      const orCase = state as EntityStates['or-case'];
      return (orCase.outOfRoomAt ?? orCase.completedAt) === undefined && (cameInAt(orCase) !== undefined || orCase.cancelledAt === undefined);
    }
    case 'ambulance':
      return (state as EntityStates['ambulance']).offloadedAt === undefined;
    case 'claim':
      return !isClaimClosed((state as EntityStates['claim']).status);
    case 'denial':
      return !isDenialClosed((state as EntityStates['denial']).status);
    case 'preauth':
      return isAwaitingDecision(state as EntityStates['preauth']);
    default:
      return true;
  }
}
