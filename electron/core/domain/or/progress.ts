import type { OrCaseState } from './state.ts';

/** So long after the end of the procedure nobody lies in the room any more: the wheels out were not told. Common practice. */
const OUT_AT_LATEST_MS = 2 * 3_600_000;

/** Since when a patient is known to be or have been in the room, epoch ms: the start of the procedure where no wheels in were told. */
export const cameInAt = ({ inRoomAt, startedAt }: Pick<OrCaseState, 'inRoomAt' | 'startedAt'>): number | undefined => inRoomAt ?? startedAt;

/** When a case came into its room and left it, epoch ms; undefined what has not happened. */
export interface Bounds {
  readonly inRoom: number | undefined;
  readonly outOfRoom: number | undefined;
}

/**
 * How a case has held its room by a time (epoch ms). Where no wheels in or out were told, start and end of the procedure
 * stand for them; of a patient who was wheeled in the end does so only when nobody can lie there any more.
 */
export function bounds(c: Pick<OrCaseState, 'inRoomAt' | 'startedAt' | 'completedAt' | 'outOfRoomAt'>, at: number): Bounds {
  const by = (t: number | undefined) => (t !== undefined && t <= at ? t : undefined);
  const { inRoomAt, completedAt = Infinity, outOfRoomAt } = c;
  const endIsOut = inRoomAt === undefined || completedAt + OUT_AT_LATEST_MS <= at;
  return { inRoom: by(cameInAt(c)), outOfRoom: by(outOfRoomAt ?? (endIsOut ? completedAt : undefined)) };
}

/** Whether the procedure was over by a time (epoch ms); the patient may still be in the room. */
export const isEnded = ({ completedAt }: Pick<OrCaseState, 'completedAt'>, at: number): boolean => completedAt !== undefined && completedAt <= at;

/** Whether the case was cancelled by a time (epoch ms). In the room it holds that until wheels out all the same. */
export const isCancelled = ({ cancelledAt }: Pick<OrCaseState, 'cancelledAt'>, at: number): boolean => cancelledAt !== undefined && cancelledAt <= at;
