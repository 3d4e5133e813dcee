import type { UnitKind } from '#shared/events/fields.ts';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import { location, type Bed } from './beds.ts';
import type { Inpatients } from './inpatients.ts';
import { back, fitToLeave, isRecovering, type Patient } from './patient.ts';
import { DAY, MINUTE, iso } from './time.ts';
import { chance, minutes, pick, speaker, type World } from './world.ts';

/** The least time between the decision to leave and leaving. */
const NOTICE_MS = 45 * MINUTE;
/** Of those who could leave on a weekend: stay until Monday, as fewer decide, and nobody takes them in. */
const STAYS_OVER_WEEKEND = 0.4;

/** The way of patients through the house: perhaps to intensive care and back, then home. */
export class Stays {
  readonly #world: World;
  readonly #house: Inpatients;
  readonly #random: Random;
  readonly #ehr: ReturnType<typeof speaker>;

  constructor(world: World, house: Inpatients) {
    this.#world = world;
    this.#house = house;
    this.#random = world.random('stays');
    this.#ehr = speaker(world, 'ehr');
  }

  /** From the bed where the patient is now; `first` ms there. */
  *course(patient: Patient, first: number): Process {
    const { simulation, parameters } = this.#world;
    const { deteriorate, viaStepDown, died } = parameters.inpatient;
    const { intensiveCare } = this.#house;
    let stay = first;
    for (;;) {
      const kind = patient.bed!.kind;
      if (kind !== 'icu' && chance(deteriorate, this.#random)) {
        yield simulation.wait(stay * this.#random.next());
        yield* this.#move(patient, 'icu', 0);
        stay = this.#house.length('icu', patient.kind);
      } else if (kind === 'icu') {
        yield* intensiveCare.care(patient, stay);
        yield* back(simulation, patient);
        if (chance(died * 3, this.#random)) return this.#house.leave(patient, 'deceased');
        const to = chance(viaStepDown, this.#random) ? 'step_down' : 'ward';
        intensiveCare.ready(patient, to);
        yield* this.#move(patient, to, 1);
        stay = this.#house.length(patient.bed!.kind, patient.kind);
      } else if (kind === 'step_down' && chance(0.6, this.#random)) {
        yield simulation.wait(stay);
        yield* this.#move(patient, 'ward', 3);
        stay = this.#house.length('ward', patient.kind) * 0.6;
      } else {
        return yield* this.#discharge(patient, stay);
      }
    }
  }

  *#move(patient: Patient, place: UnitKind, priority: number): Process {
    const { simulation, parameters } = this.#world;
    const { encounter } = patient;
    const { units, overflow } = this.#house.places(patient.kind, place);
    const from = patient.bed!;
    let bed: Bed | undefined;
    yield this.#house.beds.assign(encounter, units.filter((unit) => unit !== from.unit), overflow, priority, (got) => (bed = got));
    const to = bed!;
    this.#ehr('adt.transfer-pending', { encounter, to: location(to) });
    yield simulation.wait(minutes(parameters.ed.transport, this.#random));
    if (chance(parameters.corrections.transfer, this.#random)) yield* this.#house.mistakes.transfer(patient, to.unit, to.kind);
    yield* back(simulation, patient);
    this.#house.move(patient, to);
  }

  *#discharge(patient: Patient, stay: number): Process {
    const { simulation, calendar, parameters } = this.#world;
    const { dischargeHour, dischargePending, died } = parameters.inpatient;
    const { encounter } = patient;
    let leaves = calendar.at(simulation.now + stay, pick(dischargeHour, this.#random) + this.#random.next());
    if (leaves < simulation.now + NOTICE_MS) leaves += DAY;
    const weekday = calendar.weekday(leaves);
    if (weekday > 5 && chance(STAYS_OVER_WEEKEND, this.#random)) leaves += (8 - weekday) * DAY;
    for (;;) {
      const notice = Math.max(NOTICE_MS, minutes(dischargePending, this.#random));
      yield simulation.wait(Math.max(0, leaves - notice - simulation.now));
      if (isRecovering(patient, simulation.now)) {
        leaves += DAY;
        continue;
      }
      this.#ehr('adt.discharge-pending', { encounter, expectedAt: iso(leaves) });
      patient.leaving = true;
      const withdrawn = chance(parameters.corrections.pendingDischarge, this.#random);
      yield simulation.wait(Math.max(0, leaves - simulation.now) / (withdrawn ? 2 : 1));
      if (!withdrawn) break;
      this.#ehr('adt.pending-cancelled', { encounter, pending: 'discharge' });
      patient.leaving = false;
      leaves += DAY;
    }
    yield* back(simulation, patient);
    if (chance(parameters.corrections.discharge, this.#random)) yield* this.#house.mistakes.discharge(patient);
    yield* fitToLeave(simulation, patient);
    this.#house.leave(patient, chance(died / 2, this.#random) ? 'deceased' : chance(0.2, this.#random) ? 'facility' : 'home');
  }
}
