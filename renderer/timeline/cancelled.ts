import type { OrRoomItem } from '#shared/views/boards.ts';
import type { Axis } from './axis.ts';
import { xOf } from './axis.ts';

/** Strokes of the cross that stands over the plan of a cancelled case, around its middle. */
export const CROSS = 'M-7 -7l14 14M-7 7l14 -14';

/** x of the middle of each plan that was cancelled, as far as it lies on the axis. */
export function cancelledMarks({ cases }: OrRoomItem, axis: Axis): { key: string; x: number }[] {
  return cases.flatMap(({ key, state, scheduledStart, scheduledEnd }) => {
    if (state !== 'cancelled' || scheduledStart === null || scheduledEnd === null || scheduledEnd <= axis.from || scheduledStart >= axis.to) return [];
    return [{ key, x: (xOf(axis, scheduledStart) + xOf(axis, scheduledEnd)) / 2 }];
  });
}
