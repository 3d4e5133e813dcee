import type { Process, Simulation } from '../engine/simulation.ts';
import type { Bed } from './beds.ts';
import type { Person } from './people.ts';
import { HOUR, MINUTE } from './time.ts';

const LOOKS_AGAIN_MS = 10 * MINUTE;
/** After an urgent operation nobody is sent home for so long. */
const WATCHED_MS = 12 * HOUR;

/** One stay or visit, as the hospital's records have it. */
export interface Patient {
  readonly encounter: string;
  readonly person: Person;
  /** The record that the person had before, where this stay was registered under a new one. */
  readonly earlier?: Person;
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
  /** On a ventilator since the emergency department. */
  intubated?: true;
  /** Where the patient is while not in bed: nothing else can be done with them. */
  away?: 'surgery' | 'imaging';
  /** An urgent operation lies ahead or is not over. */
  operation?: boolean;
  /** End of the last urgent operation, epoch ms. */
  operatedAt?: number;
  /** Left the hospital, alive or not. */
  gone?: boolean;
}

/** Waits until a patient is back in bed; one who is nowhere in the house (an outpatient) is not waited for. */
export function* back(simulation: Simulation, patient: Patient | undefined): Process {
  while (patient?.away) yield simulation.wait(LOOKS_AGAIN_MS);
}

/** Whether an urgent operation forbids to go home. */
export const isRecovering = ({ operation, operatedAt }: Patient, now: number): boolean => operation === true || (operatedAt !== undefined && now - operatedAt < WATCHED_MS);

/** Waits until a patient is back in bed and may go home. */
export function* fitToLeave(simulation: Simulation, patient: Patient): Process {
  while (patient.away || isRecovering(patient, simulation.now)) yield simulation.wait(LOOKS_AGAIN_MS);
}
