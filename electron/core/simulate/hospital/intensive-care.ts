import type { UnitKind } from '#shared/events/fields.ts';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import type { Bed } from './beds.ts';
import type { Patient } from './patient.ts';
import { chance, pick, speaker, type World } from './world.ts';

/** Hour of the round that judges acuity. */
const ROUND_AT = 6;

/** What the system of the intensive care units says of a patient there. */
export class IntensiveCare {
  readonly #world: World;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random('intensive care');
    this.#speak = speaker(world, 'icu');
  }

  enter(patient: Patient, bed: Bed, time = this.#world.simulation.now): void {
    const at = { encounter: patient.encounter, unit: bed.unit, bed: bed.label };
    this.#speak('icu.admitted', { ...at, patient: patient.person }, time);
    this.#speak('icu.acuity-changed', { ...at, acuity: 2 + pick([25, 40, 35], this.#random) }, time);
    const ventilated = chance(this.#world.parameters.inpatient.ventilated, this.#random) || patient.intubated === true;
    delete patient.intubated;
    patient.intensive = { ventilated };
    if (ventilated) this.#speak('icu.ventilator-status-changed', { ...at, ventilated }, time);
  }

  /** The time there: a round each morning, and the ventilator until it is not needed any more. */
  *care(patient: Patient, stay: number): Process {
    const { simulation, calendar } = this.#world;
    const until = simulation.now + stay;
    const ventilatedUntil = patient.intensive?.ventilated ? simulation.now + stay * (0.3 + 0.5 * this.#random.next()) : Infinity;
    const { encounter, bed } = patient;
    const at = { encounter, unit: bed!.unit, bed: bed!.label };
    while (simulation.now < until) {
      const next = Math.min(until, calendar.next(simulation.now, ROUND_AT), simulation.now < ventilatedUntil ? ventilatedUntil : Infinity);
      yield simulation.wait(next - simulation.now);
      if (simulation.now === ventilatedUntil) {
        patient.intensive!.ventilated = false;
        this.#speak('icu.ventilator-status-changed', { ...at, ventilated: false });
      } else if (simulation.now < until) this.#speak('icu.acuity-changed', { ...at, acuity: 2 + pick([35, 40, 25], this.#random) });
    }
  }

  ready(patient: Patient, to: UnitKind): void {
    this.#speak('icu.transfer-ordered', { encounter: patient.encounter, unit: patient.bed!.unit, bed: patient.bed!.label, toUnitKind: to });
    patient.intensive!.ready = true;
  }

  leave(patient: Patient, { unit, label }: Bed): void {
    this.#speak('icu.discharged', { encounter: patient.encounter, unit, bed: label });
    delete patient.intensive;
  }
}
