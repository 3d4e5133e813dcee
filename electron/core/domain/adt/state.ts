import type { Location } from '#shared/events/fields.ts';

/** One placement of a patient. `bed` is a label within `unit`. */
export interface Stay extends Location {
  from: number;
  to?: number;
  /** The importer chose the place, no system reported it. */
  constructed?: true;
}

/** The administrative slice of an encounter. Times are epoch ms. */
export interface AdtState {
  patient?: string;
  status: 'active' | 'on-leave' | 'discharged' | 'cancelled';
  class?: 'inpatient' | 'observation' | 'emergency' | 'outpatient' | 'day-case';
  service?: string;
  /** First inpatient placement: an admission, or the first move seen where the history starts later. */
  admittedAt?: number;
  dischargedAt?: number;
  disposition?: string;
  /** In order; the last one without `to` is where the patient is. */
  stays: Stay[];
  pendingDischarge?: { decidedAt: number; expectedAt?: number };
  pendingTransfer?: { to: Location; decidedAt: number; expectedAt?: number };
  expectedDischargeAt?: number;
  acuity?: number;
  isolation?: string;
}
