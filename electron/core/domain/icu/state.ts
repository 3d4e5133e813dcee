import type { UnitKind } from '#shared/events/fields.ts';

/** The intensive care slice of an encounter. Times are epoch ms. */
export interface IcuState {
  unit?: string;
  bed?: string;
  admittedAt?: number;
  dischargedAt?: number;
  /** Step-down decisions; `leftAt` is set when the patient left intensive care after one. */
  transferOrderedAt?: number;
  /** Newest order of those that were given again. */
  transferOrderedAgainAt?: number;
  transferTo?: { unit?: string; unitKind?: UnitKind };
  ventilated?: boolean;
  ventilatedSince?: number;
  acuity?: number;
  transfers: { orderedAt: number; orderedAgainAt?: number; leftAt: number; unit?: string }[];
}
