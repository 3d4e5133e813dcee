export type BedStatus = 'occupied' | 'available' | 'dirty' | 'cleaning' | 'blocked' | 'assigned';

/**
 * What is said of a bed by bed.* events alone. Who lies in it comes from encounters; `bedNow` joins both.
 * Times are epoch ms.
 */
export interface BedState {
  unit: string;
  bed: string;
  /** Last reported or housekeeping status, and since when. */
  status?: { value: BedStatus; since: number; source: string };
  isolation?: boolean;
  contaminated?: boolean;
  blocked?: { reason: string; since: number; expectedUntil?: number };
  reserved?: { encounter?: string; since: number; expectedAt?: number };
  /** Current or last cleaning cycle. */
  cleaning?: { requestedAt?: number; startedAt?: number; expectedMinutes?: number; completedAt?: number };
  /** Completed cleaning cycles and closed periods, for turnaround and blocked hours. */
  cleanings: { from: number; to: number; requested: boolean }[];
  blocks: { reason: string; from: number; to: number }[];
}
