import type { EventType } from './define.ts';
import { adtEvents } from './types/adt.ts';
import { bedEvents } from './types/bed.ts';
import { billingEvents } from './types/billing.ts';
import { bookingEvents } from './types/booking.ts';
import { commsEvents } from './types/comms.ts';
import { edEvents } from './types/ed.ts';
import { flowEvents } from './types/flow.ts';
import { icuEvents } from './types/icu.ts';
import { imagingEvents } from './types/imaging.ts';
import { labEvents } from './types/lab.ts';
import { orEvents } from './types/or.ts';
import { pharmacyEvents } from './types/pharmacy.ts';
import { rcmEvents } from './types/rcm.ts';
import { resourceEvents } from './types/resource.ts';
import { sourceEvents } from './types/source.ts';
import { staffEvents } from './types/staff.ts';
import { unitEvents } from './types/unit.ts';

const FAMILIES = [
  adtEvents, bedEvents, edEvents, orEvents, icuEvents, unitEvents, sourceEvents, labEvents, imagingEvents, pharmacyEvents,
  rcmEvents, bookingEvents, flowEvents, resourceEvents, staffEvents, billingEvents, commsEvents,
] as unknown as readonly (readonly EventType[])[];

/** The contract's event types by wire name, with `extra` families beside them. Throws when a name is taken twice. */
export function createRegistry(...extra: readonly (readonly EventType[])[]): ReadonlyMap<string, EventType> {
  const types = new Map<string, EventType>();
  for (const event of [...FAMILIES, ...extra].flat()) {
    if (types.has(event.type)) throw new Error(`event type ${event.type} is declared twice`);
    types.set(event.type, event);
  }
  return types;
}

/** Every domain event type of the contract, by wire name. */
export const eventTypes = createRegistry();
