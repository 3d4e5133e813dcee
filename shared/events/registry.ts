import type { EventType } from './define.ts';
import { adtEvents } from './types/adt.ts';
import { bedEvents } from './types/bed.ts';
import { edEvents } from './types/ed.ts';
import { icuEvents } from './types/icu.ts';
import { labEvents } from './types/lab.ts';
import { orEvents } from './types/or.ts';
import { rcmEvents } from './types/rcm.ts';
import { sourceEvents } from './types/source.ts';
import { unitEvents } from './types/unit.ts';

/** Every domain event type of the contract, by wire name. */
export const eventTypes: ReadonlyMap<string, EventType> = new Map(
  [
    adtEvents, bedEvents, edEvents, orEvents, icuEvents, unitEvents, sourceEvents, labEvents, rcmEvents,
  ].flatMap((family) => (family as unknown as EventType[]).map((event) => [event.type, event] as const)),
);
