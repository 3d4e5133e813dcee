import type { Location } from '#shared/events/fields.ts';

/** One placement of a patient. `bed` is a label within `unit`. */
export interface Stay extends Location {
  from: number;
  to?: number;
  /** The importer chose the place, no system reported it. */
  constructed?: true;
  /** An admission began it, not a move. */
  admission?: true;
  /** When the same place was first reported again; where `from` was wrong and is withdrawn, the stay began then. */
  saidAgainAt?: number;
  /** A correction brought the patient back here: the same correction again means nothing new. */
  restored?: true;
}

/** The administrative slice of an encounter. Times are epoch ms. */
export interface AdtState {
  patient?: string;
  status: 'active' | 'on-leave' | 'discharged' | 'cancelled';
  class?: 'inpatient' | 'observation' | 'emergency' | 'outpatient' | 'day-case';
  service?: string;
  /** First inpatient placement: an admission, or the first move seen where the history starts later. */
  admittedAt?: number;
  /** When it was said that the admission never happened. */
  cancelledAt?: number;
  /** It was an admission that never happened, not a registration in the emergency department. */
  cancelledAdmission?: true;
  /** A second admission was taken back: the same correction again does not take back the first. */
  readmissionCancelled?: true;
  dischargedAt?: number;
  /** When a discharge that had been reported was first reported again. */
  dischargedAgainAt?: number;
  /** When a discharge was last withdrawn. */
  reopenedAt?: number;
  disposition?: string;
  /** In order; the last one without `to` is where the patient is. */
  stays: Stay[];
  pendingDischarge?: { decidedAt: number; expectedAt?: number };
  pendingTransfer?: { to: Location; decidedAt: number; expectedAt?: number };
  /** When a decision to move was last withdrawn. */
  transferWithdrawnAt?: number;
  /** A cancel of this moment that names its own time and came before what it withdraws, for want of a sequence. */
  awaited?: { type: 'adt.admitted' | 'adt.transferred' | 'adt.discharged'; at: number };
  leave?: { since: number; expectedReturnAt?: number };
  expectedDischargeAt?: number;
  acuity?: number;
  isolation?: string;
}
