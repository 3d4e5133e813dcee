import { sample } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import type { Patient } from './patient.ts';
import type { Person } from './people.ts';
import { DAY } from './time.ts';
import { chance, speaker, type World } from './world.ts';

/** People who left the hospital, of whom some come back. */
export class Returns {
  readonly #world: World;
  readonly #random: Random;
  readonly #ehr: ReturnType<typeof speaker>;
  /** Who is unwell again, the longest first. */
  readonly #due: Person[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random('returns');
    this.#ehr = speaker(world, 'ehr');
  }

  /** A patient has left. That they have two records is found by those who close the second. */
  left(patient: Patient, died = false): void {
    patient.gone = true;
    const { person, earlier } = patient;
    if (earlier) this.#ehr('adt.merged', { patient: { id: person.id }, into: { id: earlier.id } });
    const { simulation, parameters } = this.#world;
    const { share, afterDays } = parameters.ed.returns;
    if (died || !chance(share, this.#random)) return;
    simulation.after(sample(afterDays, this.#random) * DAY, () => this.#due.push(earlier ?? person));
  }

  /** Who comes back now, in the place of somebody new; now and then nobody finds their record, and they get another. */
  next(): Pick<Patient, 'person' | 'earlier'> | undefined {
    const person = this.#due.shift();
    if (!person || !chance(this.#world.parameters.corrections.secondRecord, this.#random)) return person && { person };
    return { person: this.#world.people.anew(person), earlier: person };
  }
}
