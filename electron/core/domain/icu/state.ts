import type { UnitKind } from '#shared/events/fields.ts';

/** The intensive care slice of an encounter. Times are epoch ms. */
export interface IcuState {
  unit?: string;
  bed?: string;
  admittedAt?: number;
  dischargedAt?: number;
  /** The step-down decision that the patient waits on. */
  transferOrderedAt?: number;
  /** Newest order of those that were given again. */
  transferOrderedAgainAt?: number;
  transferTo?: { unit?: string; unitKind?: UnitKind };
  ventilated?: boolean;
  ventilatedSince?: number;
  /** Newest word on ventilation, on or off, and the unit as intensive care named it: it outlasts the stay. */
  ventilationTold?: { at: number; unit?: string };
  acuity?: number;
  /** Step-down decisions of those who left; one that was signed after the leaving has `leftAt` before `orderedAt`. */
  transfers: { orderedAt: number; orderedAgainAt?: number; leftAt: number; unit?: string }[];
}
