import type { OrCaseItem } from '#shared/views/boards.ts';
import { clockMinute } from '../format/time.ts';

/** A case in words: what it is, and when it was, is or is to be. */
export function caseText({ label, addOn, state, scheduledStart, scheduledEnd, inRoom, outOfRoom, predictedStart, predictedEnd }: OrCaseItem, zone: string): string {
  const clock = (at: number | null) => (at === null ? '?' : clockMinute(at, zone));
  const when = {
    done: `${clock(inRoom)} to ${clock(outOfRoom)}, done`,
    running: `since ${clock(inRoom)}, expected to end ${clock(predictedEnd)}`,
    scheduled: predictedStart === null ? `planned ${clock(scheduledStart)} to ${clock(scheduledEnd)}` : `expected ${clock(predictedStart)} to ${clock(predictedEnd)}`,
    cancelled: 'cancelled',
  }[state];
  return [label || 'Procedure not named', addOn && 'add-on', when].filter(Boolean).join(', ');
}
