import type { UnitKind } from '#shared/events/fields.ts';

/** The emergency slice of an encounter. Times are epoch ms. */
export interface EdState {
  patient?: string;
  unit?: string;
  mode?: string;
  arrivedAt?: number;
  triagedAt?: number;
  level?: number;
  roomedAt?: number;
  space?: string;
  providerAt?: number;
  admissionDecidedAt?: number;
  bedRequestedAt?: number;
  toUnit?: string;
  toUnitKind?: UnitKind;
  departedAt?: number;
  /** Newest report of a departure that had been reported before. */
  departedAgainAt?: number;
  disposition?: string;
  leftWithoutBeingSeenAt?: number;
  ventilated?: boolean;
}

export interface AmbulanceState {
  unit?: string;
  expectedAt?: number;
  level?: number;
  encounter?: string;
  arrivedAt?: number;
  offloadedAt?: number;
}
