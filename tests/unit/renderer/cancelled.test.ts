import { expect, test } from 'vitest';
import type { OrCaseItem, OrRoomItem } from '#shared/views/boards.ts';
import { HOUR } from '../../../renderer/timeline/axis.ts';
import { cancelledMarks } from '../../../renderer/timeline/cancelled.ts';

/** Ten hours on a thousand px: 100 px an hour. */
const axis = { from: 7 * HOUR, to: 17 * HOUR, x0: 0, x1: 1000 };

const planned = (key: string, state: OrCaseItem['state'], scheduledStart: number | null, scheduledEnd: number | null): OrCaseItem => ({
  key, state, scheduledStart, scheduledEnd, label: 'CABG', short: 'CABG', addOn: false, inRoom: null, outOfRoom: null, predictedStart: null, predictedEnd: null, delayMinutes: null, severity: 'normal', overlap: false,
});
const room = (...cases: OrCaseItem[]): OrRoomItem => ({ room: '1', title: '1', service: null, status: 'open', cases, turnovers: [], predictedEnd: null, endSeverity: 'normal' });

test('given cases of which one is cancelled, then the plan of that one alone is crossed out, in its middle', () => {
  expect(cancelledMarks(room(planned('1/1', 'done', 7 * HOUR, 8 * HOUR), planned('1/2', 'cancelled', 8 * HOUR, 10 * HOUR)), axis)).toEqual([{ key: '1/2', x: 200 }]);
});

test('given a cancelled case that was to go on beyond the axis, then its cross lies on what is seen of the plan', () => {
  expect(cancelledMarks(room(planned('1/1', 'cancelled', 16 * HOUR, 19 * HOUR)), axis)).toEqual([{ key: '1/1', x: 950 }]);
});

test('given a cancelled case without a plan on the axis, then nothing is crossed out', () => {
  expect(cancelledMarks(room(planned('1/1', 'cancelled', 8 * HOUR, null), planned('1/2', 'cancelled', 18 * HOUR, 19 * HOUR)), axis)).toEqual([]);
});
