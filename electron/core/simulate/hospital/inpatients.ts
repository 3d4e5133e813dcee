import type { UnitKind } from '#shared/events/fields.ts';
import type { Distribution } from '../distributions/distribution.ts';
import { sample } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import type { Process } from '../engine/simulation.ts';
import { location, type Bed, type BedBoard } from './beds.ts';
import type { Patient } from './patient.ts';
import type { Person } from './people.ts';
import { DAY, HOUR, MINUTE, iso } from './time.ts';
import { arrivals, chance, minutes, pick, speaker, unitsOf, type World } from './world.ts';

const CORRECTED_AFTER_MS = 4 * MINUTE;
/** The least time between the decision to leave and leaving. */
const NOTICE_MS = 45 * MINUTE;

/** Wards that a patient's service asks for a bed; the others of the house only when it waits long. */
const WARDS_OF_A_SERVICE = 2;
/** Of those who could leave on a weekend: stay until Monday, as fewer decide, and nobody takes them in. */
const STAYS_OVER_WEEKEND = 0.4;

/** Patients in wards, step-down and intensive care: how they come, move and leave. */
export class Inpatients {
  readonly #world: World;
  readonly #beds: BedBoard;
  readonly #random: Random;
  readonly #ehr: ReturnType<typeof speaker>;
  readonly #icuSystem: ReturnType<typeof speaker>;
  readonly #left: (patient: Patient) => void;
  readonly #wards: Readonly<Record<Patient['kind'], readonly string[]>>;
  readonly #icus: readonly string[];
  readonly #stepDown: readonly string[];
  /** In a bed now. */
  readonly present = new Set<Patient>();
  /** Patients whom records place in a unit although they are not there: registered by mistake. */
  readonly mistaken = new Map<string, number>();
  admitted = 0;
  discharged = 0;

  constructor(world: World, beds: BedBoard, left: (patient: Patient) => void) {
    this.#world = world;
    this.#beds = beds;
    this.#left = left;
    this.#random = world.random('inpatients');
    this.#ehr = speaker(world, 'ehr');
    this.#icuSystem = speaker(world, 'icu');
    const { medicalWards, surgicalWards } = world.parameters.inpatient;
    this.#wards = { medical: medicalWards, surgical: surgicalWards };
    this.#icus = unitsOf(world, 'icu').map(({ id }) => id);
    this.#stepDown = unitsOf(world, 'step_down').map(({ id }) => id);
  }

  patient(kind: Patient['kind'], person: Person = this.#world.people.invent()): Patient {
    const isolated = Math.min(1, this.#world.parameters.inpatient.isolation * this.#world.levers.get('isolation'));
    return { encounter: this.#world.number('V'), person, kind, isolation: chance(isolated, this.#random) };
  }

  /** Fills the beds with patients who came before the simulation began, part of their stay behind them. */
  populate(): void {
    const { parameters, simulation } = this.#world;
    for (const bed of this.#beds.all()) {
      if (!chance(parameters.inpatient.startOccupancy, this.#random)) continue;
      const kind = this.#wards.surgical.includes(bed.unit) || (bed.kind !== 'ward' && chance(0.5, this.#random)) ? 'surgical' : 'medical';
      const patient = this.patient(kind);
      const stay = this.#longerStay(bed.kind, kind);
      const behind = this.#random.next() * stay;
      bed.state = 'occupied';
      this.#register(patient, bed, simulation.now - behind, stay - behind);
      if (bed.kind === 'icu') this.#enterIntensive(patient, bed, simulation.now - behind);
      simulation.start(this.#course(patient, stay - behind));
    }
    this.#beds.reportAll();
    simulation.start(this.#directAdmissions());
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
    if (chance(parameters.corrections.admission, this.#random)) simulation.start(this.#admittedByMistake(bed.unit, bed.kind));
    const stay = this.#stay(bed.kind, patient.kind);
    this.#beds.occupy(bed, patient.isolation);
    this.#register(patient, bed, simulation.now, stay, feedClass);
    if (bed.kind === 'icu') this.#enterIntensive(patient, bed);
    simulation.start(this.#course(patient, stay));
  }

  /** Brings a patient who is in the house already, from the operating rooms, into a reserved bed. */
  receive(patient: Patient, bed: Bed): void {
    const stay = this.#stay(bed.kind, patient.kind);
    this.#beds.occupy(bed, patient.isolation);
    this.#ehr('adt.transferred', { encounter: patient.encounter, location: location(bed) });
    this.#place(patient, bed);
    this.admitted++;
    if (bed.kind === 'icu') this.#enterIntensive(patient, bed);
    this.#world.simulation.start(this.#course(patient, stay));
  }

  /** A patient in a bed, by chance. */
  any(): Patient | undefined {
    const at = Math.floor(this.#random.next() * this.present.size);
    let i = 0;
    for (const patient of this.present) if (i++ === at) return patient;
    return undefined;
  }

  #stay(place: UnitKind, kind: Patient['kind']): number {
    const { stayDays, icuDays } = this.#world.parameters.inpatient;
    const of: Distribution = place === 'icu' ? icuDays : place === 'step_down' ? stayDays.step_down : stayDays[kind];
    return Math.max(2 * HOUR, sample(of, this.#random) * DAY * this.#world.levers.get('stay.length'));
  }

  /** Stays found at a moment are longer than stays that begin: each is found in proportion to its length. */
  #longerStay(place: UnitKind, kind: Patient['kind']): number {
    const stays = Array.from({ length: 12 }, () => this.#stay(place, kind));
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
    const leaves = calendar.dayStart(simulation.now + stay) + 15 * HOUR;
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

  /** The way of a patient from here on: perhaps to intensive care and back, then home. */
  *#course(patient: Patient, first: number): Process {
    const { simulation, parameters } = this.#world;
    const { deteriorate, viaStepDown, died } = parameters.inpatient;
    let stay = first;
    for (;;) {
      const kind = patient.bed!.kind;
      if (kind !== 'icu' && chance(deteriorate, this.#random)) {
        yield simulation.wait(stay * this.#random.next());
        yield* this.#move(patient, 'icu', 0);
        stay = this.#stay('icu', patient.kind);
      } else if (kind === 'icu') {
        yield* this.#intensiveCare(patient, stay);
        if (chance(died * 3, this.#random)) return this.#leave(patient, 'deceased');
        const to = chance(viaStepDown, this.#random) ? 'step_down' : 'ward';
        this.#icuSystem('icu.transfer-ordered', { encounter: patient.encounter, unit: patient.bed!.unit, bed: patient.bed!.label, toUnitKind: to });
        patient.intensive!.ready = true;
        yield* this.#move(patient, to, 1);
        stay = this.#stay(patient.bed!.kind, patient.kind);
      } else if (kind === 'step_down' && chance(0.6, this.#random)) {
        yield simulation.wait(stay);
        yield* this.#move(patient, 'ward', 3);
        stay = this.#stay('ward', patient.kind) * 0.6;
      } else {
        return yield* this.#discharge(patient, stay);
      }
    }
  }

  *#intensiveCare(patient: Patient, stay: number): Process {
    const { simulation, calendar } = this.#world;
    const until = simulation.now + stay;
    const ventilatedUntil = patient.intensive?.ventilated ? simulation.now + stay * (0.3 + 0.5 * this.#random.next()) : Infinity;
    const { encounter, bed } = patient;
    const at = { encounter, unit: bed!.unit, bed: bed!.label };
    while (simulation.now < until) {
      const next = Math.min(until, calendar.next(simulation.now, 6), simulation.now < ventilatedUntil ? ventilatedUntil : Infinity);
      yield simulation.wait(next - simulation.now);
      if (simulation.now === ventilatedUntil) {
        patient.intensive!.ventilated = false;
        this.#icuSystem('icu.ventilator-status-changed', { ...at, ventilated: false });
      } else if (simulation.now < until) this.#icuSystem('icu.acuity-changed', { ...at, acuity: 2 + pick([35, 40, 25], this.#random) });
    }
  }

  #enterIntensive(patient: Patient, bed: Bed, time = this.#world.simulation.now): void {
    const { encounter } = patient;
    const at = { encounter, unit: bed.unit, bed: bed.label };
    this.#icuSystem('icu.admitted', { ...at, patient: patient.person }, time);
    this.#icuSystem('icu.acuity-changed', { ...at, acuity: 2 + pick([25, 40, 35], this.#random) }, time);
    const ventilated = chance(this.#world.parameters.inpatient.ventilated, this.#random);
    patient.intensive = { ventilated };
    if (ventilated) this.#icuSystem('icu.ventilator-status-changed', { ...at, ventilated }, time);
  }

  *#move(patient: Patient, place: UnitKind, priority: number): Process {
    const { simulation, parameters } = this.#world;
    const { encounter } = patient;
    const { units, overflow } = this.places(patient.kind, place);
    const from = patient.bed!;
    let bed: Bed | undefined;
    yield this.#beds.assign(encounter, units.filter((unit) => unit !== from.unit), overflow, priority, (got) => (bed = got));
    const to = bed!;
    this.#ehr('adt.transfer-pending', { encounter, to: location(to) });
    yield simulation.wait(minutes(parameters.ed.transport, this.#random));
    if (chance(parameters.corrections.transfer, this.#random)) yield* this.#movedByMistake(patient, to.unit, to.kind);
    this.#beds.occupy(to, patient.isolation);
    this.#ehr('adt.transferred', { encounter, location: location(to), from: location(from) });
    if (from.kind === 'icu') {
      this.#icuSystem('icu.discharged', { encounter, unit: from.unit, bed: from.label });
      delete patient.intensive;
    }
    this.#place(patient, to);
    if (to.kind === 'icu') this.#enterIntensive(patient, to);
    this.#beds.vacate(from, patient.isolation);
  }

  /** The move is charted to the unit without a bed, withdrawn, and charted again. */
  *#movedByMistake(patient: Patient, unit: string, unitKind: UnitKind): Process {
    const { encounter, bed } = patient;
    this.#ehr('adt.transferred', { encounter, location: { unit, unitKind } });
    patient.recorded = unit;
    yield this.#world.simulation.wait(CORRECTED_AFTER_MS);
    this.#ehr('adt.transfer-cancelled', { encounter, location: location(bed!) });
    patient.recorded = bed!.unit;
    yield this.#world.simulation.wait(MINUTE);
  }

  *#discharge(patient: Patient, stay: number): Process {
    const { simulation, calendar, parameters } = this.#world;
    const { dischargeHour, dischargePending, died } = parameters.inpatient;
    const { encounter } = patient;
    let leaves = calendar.dayStart(simulation.now + stay) + (pick(dischargeHour, this.#random) + this.#random.next()) * HOUR;
    if (leaves < simulation.now + NOTICE_MS) leaves += DAY;
    const weekday = calendar.weekday(leaves);
    if (weekday > 5 && chance(STAYS_OVER_WEEKEND, this.#random)) leaves += (8 - weekday) * DAY;
    for (;;) {
      const notice = Math.max(NOTICE_MS, minutes(dischargePending, this.#random));
      yield simulation.wait(Math.max(0, leaves - notice - simulation.now));
      this.#ehr('adt.discharge-pending', { encounter, expectedAt: iso(leaves) });
      patient.leaving = true;
      if (!chance(parameters.corrections.pendingDischarge, this.#random)) break;
      yield simulation.wait((leaves - simulation.now) / 2);
      this.#ehr('adt.pending-cancelled', { encounter, pending: 'discharge' });
      patient.leaving = false;
      leaves += DAY;
    }
    yield simulation.wait(leaves - simulation.now);
    if (chance(parameters.corrections.discharge, this.#random)) yield* this.#dischargedByMistake(patient);
    this.#leave(patient, chance(died / 2, this.#random) ? 'deceased' : chance(0.2, this.#random) ? 'facility' : 'home');
  }

  *#dischargedByMistake(patient: Patient): Process {
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

  #leave(patient: Patient, disposition: string): void {
    const { encounter, bed } = patient;
    if (bed!.kind === 'icu') this.#icuSystem('icu.discharged', { encounter, unit: bed!.unit, bed: bed!.label });
    this.#ehr('adt.discharged', { encounter, location: location(bed!), disposition });
    this.present.delete(patient);
    delete patient.recorded;
    delete patient.bed;
    this.discharged++;
    this.#beds.vacate(bed!, patient.isolation);
    this.#left(patient);
  }

  /** A stay is opened for the wrong record and withdrawn. */
  *#admittedByMistake(unit: string, unitKind: UnitKind): Process {
    const encounter = this.#world.number('V');
    const count = (by: number) => this.mistaken.set(unit, (this.mistaken.get(unit) ?? 0) + by);
    this.#ehr('adt.admitted', { encounter, patient: this.#world.people.invent(), location: { unit, unitKind }, class: 'inpatient' });
    count(1);
    yield this.#world.simulation.wait(CORRECTED_AFTER_MS);
    this.#ehr('adt.admit-cancelled', { encounter, reason: 'wrong record' });
    count(-1);
  }

  *#directAdmissions(): Process {
    const { parameters, levers, calendar, simulation } = this.#world;
    const { perDay, byHour, byDay } = parameters.inpatient.directAdmissions;
    const mean = byDay.reduce((sum, weight) => sum + weight, 0) / 7;
    // Referrals are taken while there is room for them: that holds a house that runs full at its level.
    const room = () => Math.min(3, Math.max(0, 1 + 20 * (parameters.inpatient.startOccupancy - this.#beds.occupancy)));
    const rate = () => (perDay * byDay[calendar.weekday(simulation.now) - 1]! * levers.get('admissions.direct') * room()) / mean;
    yield* arrivals(this.#world, this.#random, byHour, perDay * 9, rate, () => this.#world.simulation.start(this.#directAdmission()));
  }

  /** A referral centre: other hospitals send who needs the kind of bed that is free here. */
  #referredTo(): UnitKind {
    for (const kind of ['icu', 'step_down'] as const) {
      if (this.#beds.occupancyOf(kind) < this.#world.parameters.inpatient.startOccupancy && chance(0.25, this.#random)) return kind;
    }
    return 'ward';
  }

  *#directAdmission(): Process {
    const { simulation } = this.#world;
    const patient = this.patient(chance(0.7, this.#random) ? 'medical' : 'surgical');
    const { units, overflow } = this.places(patient.kind, this.#referredTo());
    let bed: Bed | undefined;
    yield this.#beds.assign(patient.encounter, units, overflow, 4, (got) => (bed = got));
    yield simulation.wait((20 + 70 * this.#random.next()) * MINUTE);
    this.admit(patient, bed!, chance(0.1, this.#random) ? 'observation' : 'inpatient');
  }
}
