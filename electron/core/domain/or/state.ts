import type { UnitKind } from '#shared/events/fields.ts';
import type { RoomStatus } from '#shared/events/types/or.ts';

/** One operating room case. Times are epoch ms. */
export interface OrCaseState {
  encounter?: string;
  room?: string;
  service?: string;
  procedure?: string;
  addOn?: boolean;
  scheduledStart?: number;
  scheduledMinutes?: number;
  /** Announced delay, if any; delays are still measured against `scheduledStart`. */
  expectedStart?: number;
  delayReason?: string;
  inRoomAt?: number;
  startedAt?: number;
  completedAt?: number;
  outOfRoomAt?: number;
  destination?: UnitKind;
  cancelledAt?: number;
  cancelReason?: string;
  hold?: { unit?: string; unitKind: UnitKind; requestedAt: number; neededAt?: number; releasedAt?: number };
}

export interface OrRoomState {
  /** `unknown`: said in a word of the site's own, which its document has to explain. */
  status: RoomStatus | 'unknown';
  word?: string;
  since: number;
  reason?: string;
  expectedUntil?: number;
}
