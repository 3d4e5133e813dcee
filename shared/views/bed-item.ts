import type { Severity } from '../metrics/result.ts';

export type BedStatusName = 'occupied' | 'available' | 'dirty' | 'cleaning' | 'blocked' | 'assigned' | 'unknown';

/** One bed as a floor plan draws it. No person, no identifier. */
export interface BedItem {
  unit: string;
  bed: string;
  status: BedStatusName;
  /** Since when, epoch ms; null when not known. */
  since: number | null;
  acuity?: number;
  isolation?: string;
  ventilated?: boolean;
  leaving?: boolean;
  moving?: boolean;
  /** The patient is still in the ED or PACU waiting: since when. */
  boardingSince?: number;
  /** How bad that wait is by now. */
  boardingSeverity?: Severity;
  /** 0-1, when cleaning has an expected duration; null when it has none. */
  cleaningProgress?: number | null;
  reason?: string;
  /** Two sources disagree about the state, or the records of two patients about who lies in it: what the losing one says. */
  conflict?: { source: string; says: BedStatusName };
  constructed?: boolean;
}
