import type { UnitKind } from '#shared/events/fields.ts';
import type { Distribution } from '../distributions/distribution.ts';
import { sample } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import { location, type Bed, type BedBoard } from './beds.ts';
import { IntensiveCare } from './intensive-care.ts';
import { Mistakes } from './mistakes.ts';
import type { Patient } from './patient.ts';
import { Stays } from './stay.ts';
import { DAY, HOUR, iso } from './time.ts';
import { chance, pick, speaker, unitsOf, type World } from './world.ts';

/** Wards that a patient's service asks for a bed; the others of the house only when it waits long. */
const WARDS_OF_A_SERVICE = 2;
/** Time of day for which leaving is expected. */
const EXPECTED_TO_LEAVE_AT = 15;

/** Patients in wards, step-down and intensive care: who is where, who comes, and who leaves. */
export class Inpatients {
  readonly #world: World;
  readonly #random: Random;
  readonly #ehr: ReturnType<typeof speaker>;
  readonly #left: (patient: Patient, died: boolean) => void;
  readonly #wards: Readonly<Record<Patient['kind'], readonly string[]>>;
  readonly #icus: readonly string[];
  readonly #stepDown: readonly string[];
  readonly #stays: Stays;
  readonly beds: BedBoard;
  readonly intensiveCare: IntensiveCare;
  readonly mistakes: Mistakes;
  /** In a bed now, or on the way to one in the house from surgery or a scanner. */
  readonly present = new Set<Patient>();
  admitted = 0;
  discharged = 0;

  constructor(world: World, beds: BedBoard, left: (patient: Patient, died: boolean) => void) {
    this.#world = world;
    this.beds = beds;
    this.#left = left;
    this.#random = world.random('inpatients');
    this.#ehr = speaker(world, 'ehr');
    this.intensiveCare = new IntensiveCare(world);
    this.mistakes = new Mistakes(world);
    this.#stays = new Stays(world, this);
    const { medicalWards, surgicalWards } = world.parameters.inpatient;
    this.#wards = { medical: medicalWards, surgical: surgicalWards };
    this.#icus = unitsOf(world, 'icu').map(({ id }) => id);
    this.#stepDown = unitsOf(world, 'step_down').map(({ id }) => id);
  }

  patient(kind: Patient['kind'], who: Pick<Patient, 'person' | 'earlier'> = { person: this.#world.people.invent() }): Patient {
    const isolated = Math.min(1, this.#world.parameters.inpatient.isolation * this.#world.levers.get('isolation'));
    return { encounter: this.#world.number('V'), ...who, kind, isolation: chance(isolated, this.#random) };
  }

  /** Fills the beds with patients who came before the simulation began, part of their stay behind them. */
  populate(): void {
    const { parameters, simulation } = this.#world;
    for (const bed of this.beds.all()) {
      if (!chance(parameters.inpatient.startOccupancy, this.#random)) continue;
      const kind = this.#wards.surgical.includes(bed.unit) || (bed.kind !== 'ward' && chance(0.5, this.#random)) ? 'surgical' : 'medical';
      const patient = this.patient(kind);
      const stay = this.#longerStay(bed.kind, kind);
      const behind = this.#random.next() * stay;
      bed.state = 'occupied';
      this.#register(patient, bed, simulation.now - behind, stay - behind);
      if (bed.kind === 'icu') this.intensiveCare.enter(patient, bed, simulation.now - behind);
      simulation.start(this.#stays.course(patient, stay - behind));
    }
    this.beds.reportAll();
  }

  /** Units for a patient of a kind who needs a kind of place, and those that will do when none is free. */
  places(kind: Patient['kind'], place: UnitKind): { units: readonly string[]; overflow: readonly string[] } {
    if (place === 'icu') return { units: kind === 'medical' ? this.#icus : [...this.#icus].reverse(), overflow: [] };
    if (place === 'step_down') return { units: this.#stepDown, overflow: this.#wards[kind] };
    const own = this.#rotated(this.#wards[kind]);
    const others = this.#wards[kind === 'medical' ? 'surgical' : 'medical'];
    return { units: own.slice(0, WARDS_OF_A_SERVICE), overflow: [...own.slice(WARDS_OF_A_SERVICE), ...others] };
  }

  /** Admits a patient into a reserved bed; they stay, move and leave from then on. */
  admit(patient: Patient, bed: Bed, feedClass: 'inpatient' | 'observation' = 'inpatient'): void {
    const { simulation, parameters } = this.#world;
    if (chance(parameters.corrections.admission, this.#random)) simulation.start(this.mistakes.admission(bed.unit, bed.kind));
    const stay = this.length(bed.kind, patient.kind);
    this.beds.occupy(bed, patient.isolation);
    this.#register(patient, bed, simulation.now, stay, feedClass);
    if (bed.kind === 'icu') this.intensiveCare.enter(patient, bed);
    simulation.start(this.#stays.course(patient, stay));
  }

  /** Brings a patient who is in the house already, from the operating rooms, into a reserved bed. */
  receive(patient: Patient, bed: Bed): void {
    const stay = this.length(bed.kind, patient.kind);
    this.beds.occupy(bed, patient.isolation);
    this.#ehr('adt.transferred', { encounter: patient.encounter, location: location(bed) });
    this.#place(patient, bed);
    this.admitted++;
    if (bed.kind === 'icu') this.intensiveCare.enter(patient, bed);
    this.#world.simulation.start(this.#stays.course(patient, stay));
  }

  /** From the patient's bed into a reserved one. */
  move(patient: Patient, to: Bed): void {
    const from = patient.bed!;
    this.beds.occupy(to, patient.isolation);
    this.#ehr('adt.transferred', { encounter: patient.encounter, location: location(to), from: location(from) });
    if (from.kind === 'icu') this.intensiveCare.leave(patient, from);
    this.#place(patient, to);
    if (to.kind === 'icu') this.intensiveCare.enter(patient, to);
    this.beds.vacate(from, patient.isolation);
  }

  leave(patient: Patient, disposition: string): void {
    const { encounter, bed } = patient;
    if (bed!.kind === 'icu') this.intensiveCare.leave(patient, bed!);
    this.#ehr('adt.discharged', { encounter, location: location(bed!), disposition });
    this.present.delete(patient);
    delete patient.recorded;
    delete patient.bed;
    this.discharged++;
    this.beds.vacate(bed!, patient.isolation);
    this.#left(patient, disposition === 'deceased');
  }

  /** A patient in a bed, by chance. */
  any(): Patient | undefined {
    const at = Math.floor(this.#random.next() * this.present.size);
    let i = 0;
    for (const patient of this.present) if (i++ === at) return patient;
    return undefined;
  }

  /** How long a patient stays in a place, ms. */
  length(place: UnitKind, kind: Patient['kind']): number {
    const { stayDays, icuDays } = this.#world.parameters.inpatient;
    const of: Distribution = place === 'icu' ? icuDays : place === 'step_down' ? stayDays.step_down : stayDays[kind];
    return Math.max(2 * HOUR, sample(of, this.#random) * DAY * this.#world.levers.get('stay.length'));
  }

  /** Stays found at a moment are longer than stays that begin: each is found in proportion to its length. */
  #longerStay(place: UnitKind, kind: Patient['kind']): number {
    const stays = Array.from({ length: 12 }, () => this.length(place, kind));
    return stays[pick(stays, this.#random)]!;
  }

  /** Where the next patient is taken first changes, so that units fill alike. */
  #rotated(units: readonly string[]): readonly string[] {
    const at = Math.floor(this.#random.next() * units.length);
    return [...units.slice(at), ...units.slice(0, at)];
  }

  #register(patient: Patient, bed: Bed, time: number, stay: number, feedClass = 'inpatient'): void {
    const { calendar, simulation } = this.#world;
    const { encounter, person, kind } = patient;
    const leaves = calendar.at(simulation.now + stay, EXPECTED_TO_LEAVE_AT);
    const expectedDischargeAt = leaves > time ? { expectedDischargeAt: iso(leaves) } : {};
    this.#ehr('adt.admitted', { encounter, patient: person, location: location(bed), class: feedClass, service: kind, ...expectedDischargeAt }, time);
    const acuity = 1 + pick([15, 45, 30, 10], this.#random);
    this.#ehr('adt.updated', { encounter, acuity, ...(patient.isolation ? { isolation: chance(0.7, this.#random) ? 'contact' : 'droplet' } : {}) }, time);
    this.#place(patient, bed);
    this.admitted++;
  }

  #place(patient: Patient, bed: Bed): void {
    patient.bed = bed;
    patient.recorded = bed.unit;
    this.present.add(patient);
  }
}
