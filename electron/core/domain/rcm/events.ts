import type { EventOf } from '#shared/events/define.ts';
import type { rcmEvents } from '#shared/events/types/rcm.ts';

export type RcmEvent = EventOf<typeof rcmEvents>;
export type RcmEventOf<T extends RcmEvent['type']> = Extract<RcmEvent, { type: T }>;
