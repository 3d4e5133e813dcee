import type { SiteConfig } from '#shared/site.ts';
import { createRandom } from '../engine/random.ts';
import { Simulation } from '../engine/simulation.ts';
import { BedBoard } from './beds.ts';
import { Imaging, Laboratory, Pharmacy, type Orderer } from './diagnostics.ts';
import { Emergency } from './emergency.ts';
import { Emitter, type Sent } from './emitter.ts';
import { allFeeds } from './feeds.ts';
import { Inpatients } from './inpatients.ts';
import { Levers } from './levers.ts';
import type { Parameters } from './parameters.ts';
import type { Patient } from './patient.ts';
import { People } from './people.ts';
import { referrals } from './referrals.ts';
import { Returns } from './returns.ts';
import { Revenue } from './revenue.ts';
import { apply, type Scenario } from './scenario.ts';
import { staffing } from './staffing.ts';
import { Surgery } from './surgery.ts';
import { Calendar, MINUTE } from './time.ts';
import type { World } from './world.ts';

export interface HospitalOptions {
  readonly site: SiteConfig;
  readonly parameters: Parameters;
  /** Text or number: one seed, one course. */
  readonly seed: string;
  /** Epoch ms; the simulation begins at the local midnight of that day. */
  readonly start: number;
  /** Orders, results, doses and claims as a multiple of the usual; beds bound the movements of patients. */
  readonly volume?: number;
  readonly scenario?: { readonly of: Scenario; readonly begin: number };
}

/** What is so in the demo hospital, by its own records, at one moment. */
export interface Truth {
  /** Patients whom the records place in each inpatient unit. */
  readonly patients: ReadonlyMap<string, number>;
  readonly dirtyOrCleaning: number;
  /** Beds with a patient whom the records, for now, have elsewhere. */
  readonly misplaced: number;
  readonly blocked: number;
  readonly ventilated: number;
  readonly leaving: number;
  /** In intensive care without need, for want of a bed elsewhere. */
  readonly stepDownReady: number;
  readonly ed: { readonly waiting: number; readonly treated: number; readonly boarding: number };
  /** Rooms with a patient in them. */
  readonly rooms: ReadonlySet<string>;
  readonly labPending: number;
  readonly imagingPending: number;
  readonly pharmacyPending: number;
  readonly admitted: number;
  readonly discharged: number;
  readonly inHouse: number;
}

/**
 * The demo hospital: a discrete-event simulation that says what happens as the systems of a real one would. Pure: one
 * seed and one start give one sequence of events, byte by byte.
 */
export class DemoHospital {
  readonly #simulation: Simulation;
  readonly #beds: BedBoard;
  readonly #inpatients: Inpatients;
  readonly #emergency: Emergency;
  readonly #surgery: Surgery;
  readonly #laboratory: Laboratory;
  readonly #imaging: Imaging;
  readonly #pharmacy: Pharmacy;

  constructor({ site, parameters, seed, start, volume = 1, scenario }: HospitalOptions, sink: (sent: Sent) => void) {
    const calendar = new Calendar(site.timezone);
    const simulation = new Simulation(calendar.dayStart(start));
    const root = createRandom(seed);
    const counts = new Map<string, number>();
    const world: World = {
      ...{ simulation, calendar, site, parameters, volume, levers: new Levers() },
      people: new People(root.stream('people'), new Date(start).getUTCFullYear()),
      emitter: new Emitter(simulation, { tenant: site.tenant, site: site.site, seed }, sink),
      random: (name) => root.stream(name),
      number(prefix) {
        const count = (counts.get(prefix) ?? 0) + 1;
        counts.set(prefix, count);
        return `${prefix}${seed}-${count}`;
      },
    };
    this.#simulation = simulation;
    this.#beds = new BedBoard(world);
    const revenue = new Revenue(world);
    const returns = new Returns(world);
    this.#inpatients = new Inpatients(world, this.#beds, (patient, died) => {
      revenue.open('Inpatient', 4, patient.encounter);
      returns.left(patient, died);
    });
    const orderer = (): Orderer | undefined => {
      const patient = this.#inpatients.any();
      return patient && { stay: patient, person: patient.person, unit: patient.bed!.unit, setting: 'inpatient' };
    };
    this.#laboratory = new Laboratory(world, orderer);
    this.#imaging = new Imaging(world, orderer);
    this.#pharmacy = new Pharmacy(world, orderer);
    const bill = (specialty: string) => (patient: Patient) => revenue.open(specialty, 0.5, patient.encounter);
    this.#emergency = new Emergency(world, this.#beds, this.#inpatients, this.#laboratory, this.#imaging, returns, bill('Emergency'));
    this.#surgery = new Surgery(world, this.#beds, this.#inpatients, returns, bill('Surgery'));
    for (const process of allFeeds(world)) simulation.start(process);
    this.#inpatients.populate();
    simulation.start(referrals(world, this.#beds, this.#inpatients));
    revenue.populate();
    simulation.start(staffing(world, (unit) => this.#beds.bedsOf(unit).filter(({ state }) => state === 'occupied').length));
    simulation.start(this.#count());
    if (scenario) apply(world, this.#emergency, scenario.of, Math.max(simulation.now, scenario.begin));
  }

  get now(): number {
    return this.#simulation.now;
  }

  /** Time of the next thing to happen, epoch ms. */
  get next(): number {
    return this.#simulation.next!;
  }

  /** Lets everything up to and including `until` (epoch ms) happen. */
  run(until: number): void {
    this.#simulation.run(until);
  }

  /** Lets the next thing happen. */
  step(): void {
    this.#simulation.step();
  }

  truth(): Truth {
    const patients = new Map<string, number>(this.#inpatients.mistakes.admitted);
    let ventilated = 0;
    let misplaced = 0;
    let leaving = 0;
    let stepDownReady = 0;
    for (const { recorded, bed, intensive, leaving: decided } of this.#inpatients.present) {
      if (recorded !== undefined) patients.set(recorded, (patients.get(recorded) ?? 0) + 1);
      if (recorded !== bed!.unit) misplaced++;
      if (intensive?.ventilated) ventilated++;
      if (intensive?.ready) stepDownReady++;
      if (decided) leaving++;
    }
    const beds = this.#beds.all();
    const visits = [...this.#emergency.present.values()];
    const of = (state: string) => visits.filter((one) => one === state).length;
    return {
      patients,
      ventilated,
      misplaced,
      leaving,
      stepDownReady,
      dirtyOrCleaning: beds.filter(({ state }) => state === 'dirty' || state === 'cleaning').length,
      blocked: beds.filter(({ state }) => state === 'blocked').length,
      ed: { waiting: of('waiting'), treated: of('treated'), boarding: of('boarding') },
      rooms: new Set(this.#surgery.inRoom.keys()),
      labPending: this.#laboratory.pending,
      imagingPending: this.#imaging.pending,
      pharmacyPending: this.#pharmacy.pending,
      admitted: this.#inpatients.admitted,
      discharged: this.#inpatients.discharged,
      inHouse: this.#inpatients.present.size,
    };
  }

  /** Orders of the house follow the number of its patients. */
  *#count() {
    for (;;) {
      const patients = this.#inpatients.present.size;
      this.#laboratory.patients = this.#imaging.patients = this.#pharmacy.patients = patients;
      yield this.#simulation.wait(10 * MINUTE);
    }
  }
}
