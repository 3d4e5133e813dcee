import type { EntityKind } from '#shared/events/define.ts';
import type { AdtState } from './adt/state.ts';
import type { EncounterState, EntityStates } from './states.ts';

const stays = (adt: AdtState) => adt.status === 'active' || adt.status === 'on-leave';

function encounterIsOpen({ adt, ed }: EncounterState): boolean {
  const inEd = ed?.arrivedAt !== undefined && ed.departedAt === undefined && ed.leftWithoutBeingSeenAt === undefined;
  return inEd || (adt !== undefined && stays(adt));
}

const CLOSED_CLAIM: ReadonlySet<string> = new Set(['paid', 'deleted', 'billed', 'invoice-cancelled']);

/**
 * Whether an entity still matters for "now": a person in the house, an order or case not finished.
 * Closed ones are needed for windows of the past only and are not loaded at start.
 */
export function isOpen(kind: EntityKind, state: unknown): boolean {
  switch (kind) {
    case 'encounter':
      return encounterIsOpen(state as EncounterState);
    case 'lab-order': {
      const order = state as EntityStates['lab-order'];
      return order.cancelledAt === undefined && order.results.length === 0;
    }
    case 'or-case': {
      const orCase = state as EntityStates['or-case'];
      return orCase.cancelledAt === undefined && orCase.outOfRoomAt === undefined;
    }
    case 'ambulance':
      return (state as EntityStates['ambulance']).offloadedAt === undefined;
    case 'claim':
      return !CLOSED_CLAIM.has((state as EntityStates['claim']).status);
    default:
      return true;
  }
}
