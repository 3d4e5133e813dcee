import { assign } from '../change.ts';
import type { BedState } from './state.ts';

const DAY = 86_400_000;

/**
 * How long a bed's past stays in its state: a week's question and the longest window of a board (72 h) are whole. Without
 * a limit each event of a bed would cost more the longer it is in use.
 */
export const KEPT_DAYS = 8;
/** Of each kind, whatever a source tells: 25 a day. */
const MOST = KEPT_DAYS * 25;

type Past = BedState['cleanings'][number] | BedState['blocks'][number];

function recent<P extends Past>(past: readonly P[], since: number): { kept: P[]; gone: number } {
  const kept = past.filter(({ to }) => to >= since).slice(-MOST);
  return { kept, gone: Math.max(-Infinity, ...past.filter((one) => !kept.includes(one)).map(({ to }) => to)) };
}

/** Lets go of what was over long before `time` (epoch ms), and notes up to when. */
export function remembered(bed: BedState, time: number): BedState {
  const since = time - KEPT_DAYS * DAY;
  const cleanings = recent(bed.cleanings, since);
  const blocks = recent(bed.blocks, since);
  const gone = Math.max(cleanings.gone, blocks.gone);
  if (gone === -Infinity) return bed;
  return assign({ ...bed, cleanings: cleanings.kept, blocks: blocks.kept }, { forgottenUntil: Math.max(gone, bed.forgottenUntil ?? gone) });
}
