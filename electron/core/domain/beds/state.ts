import type { BedStatus } from '#shared/events/types/bed.ts';
import type { OwnWords } from './own-words.ts';

/**
 * What is said of a bed by bed.* events alone. Who lies in it comes from encounters; `bedNow` joins both.
 * Times are epoch ms.
 */
export interface BedState {
  unit: string;
  bed: string;
  /**
   * What housekeeping or a bed system says of the bed itself, and since when; `blocked` and `assigned` stand in fields
   * of their own, so that a bed that is opened again is as dirty as before. `confirmedAt`: said again, unchanged.
   * `unknown`: said in a word that nobody has mapped.
   */
  status?: { value: Exclude<BedStatus, 'blocked' | 'assigned'> | 'unknown'; since: number; source: string; confirmedAt?: number };
  isolation?: boolean;
  contaminated?: boolean;
  blocked?: { reason: string; since: number; source: string; expectedUntil?: number };
  reserved?: { encounter?: string; since: number; source: string; expectedAt?: number };
  /** Current or last cleaning cycle; `dirtyAt` is when the bed was first called dirty in it. */
  cleaning?: { dirtyAt?: number; requestedAt?: number; startedAt?: number; expectedMinutes?: number; completedAt?: number };
  /**
   * Completed cleaning cycles and closed periods, for turnaround and blocked hours. Where nobody requested the
   * cleaning, `from` is the first sign of the cycle (`to` if there was none) and the patient's leaving may be earlier.
   * Those of the last days: what was over at `forgottenUntil` or before is not whole.
   */
  cleanings: { from: number; to: number; requested: boolean }[];
  blocks: { reason: string; from: number; to: number }[];
  forgottenUntil?: number;
  /** The site's own word in which the present status was said, and what `own-words.ts` needs to understand it. */
  word?: string;
  own?: OwnWords;
}
