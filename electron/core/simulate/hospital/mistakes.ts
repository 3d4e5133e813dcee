import type { UnitKind } from '#shared/events/fields.ts';
import type { Process } from '../engine/simulation.ts';
import { location } from './beds.ts';
import type { Patient } from './patient.ts';
import { HOUR, MINUTE } from './time.ts';
import { speaker, type World } from './world.ts';

const CORRECTED_AFTER_MS = 4 * MINUTE;

/** What is charted wrongly, and put right soon after. */
export class Mistakes {
  readonly #world: World;
  readonly #ehr: ReturnType<typeof speaker>;
  /** Patients whom records place in a unit although they are not there, by unit. */
  readonly admitted = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
    this.#ehr = speaker(world, 'ehr');
  }

  /** A stay is opened for the wrong record and withdrawn. */
  *admission(unit: string, unitKind: UnitKind): Process {
    const encounter = this.#world.number('V');
    const count = (by: number) => this.admitted.set(unit, (this.admitted.get(unit) ?? 0) + by);
    this.#ehr('adt.admitted', { encounter, patient: this.#world.people.invent(), location: { unit, unitKind }, class: 'inpatient' });
    count(1);
    yield this.#world.simulation.wait(CORRECTED_AFTER_MS);
    this.#ehr('adt.admit-cancelled', { encounter, reason: 'wrong record' });
    count(-1);
  }

  /** A move is charted to the unit without a bed, withdrawn, and charted again by whom it moves. */
  *transfer(patient: Patient, unit: string, unitKind: UnitKind): Process {
    const { encounter, bed } = patient;
    this.#ehr('adt.transferred', { encounter, location: { unit, unitKind } });
    patient.recorded = unit;
    yield this.#world.simulation.wait(CORRECTED_AFTER_MS);
    this.#ehr('adt.transfer-cancelled', { encounter, location: location(bed!) });
    patient.recorded = bed!.unit;
    yield this.#world.simulation.wait(MINUTE);
  }

  /** A discharge is charted an hour too early and withdrawn. */
  *discharge(patient: Patient): Process {
    const { simulation } = this.#world;
    const { encounter, bed } = patient;
    this.#ehr('adt.discharged', { encounter, location: location(bed!), disposition: 'home' });
    delete patient.recorded;
    // Taking the discharge back does not restore that it was decided.
    patient.leaving = false;
    yield simulation.wait(CORRECTED_AFTER_MS);
    this.#ehr('adt.discharge-cancelled', { encounter, location: location(bed!) });
    patient.recorded = bed!.unit;
    yield simulation.wait(HOUR);
  }
}
