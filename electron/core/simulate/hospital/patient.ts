import type { Bed } from './beds.ts';
import type { Person } from './people.ts';

/** One stay or visit, as the hospital's records have it. */
export interface Patient {
  readonly encounter: string;
  readonly person: Person;
  readonly kind: 'medical' | 'surgical';
  isolation: boolean;
  /** Bed in one of the inpatient units. */
  bed?: Bed;
  /** What Vigil is told: the unit that the records place the patient in; undefined while they do not. */
  recorded?: string;
  /** Discharge is decided. */
  leaving?: boolean;
  /** While in intensive care; `ready` to leave it, waiting for a bed. */
  intensive?: { ventilated: boolean; ready?: boolean };
}
