import { choose } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import { Resource, type Ticket } from '../engine/resource.ts';
import type { Process, Wait } from '../engine/simulation.ts';
import type { Bed, BedBoard } from './beds.ts';
import type { Inpatients } from './inpatients.ts';
import { lists, type Booked } from './or-lists.ts';
import { back, type Patient } from './patient.ts';
import type { Returns } from './returns.ts';
import { DAY, MINUTE, iso } from './time.ts';
import { chance, minutes, speaker, unitsOf, type World } from './world.ts';

interface Case extends Booked {
  readonly id: string;
  readonly patient: Patient;
  readonly goesTo: 'icu' | 'ward' | 'home';
}

/** A bed that was asked for while the patient is still in the room. */
interface Asked {
  got: Bed | undefined;
  readonly wait: Wait;
}

interface Room {
  readonly id: string;
  readonly use: Resource;
  /** When the next patient may come in. */
  readyAt: number;
}

const ARRIVES_BEFORE_MS = 100 * MINUTE;

/** Operating rooms and recovery: lists, cases, turnovers, and the beds that are kept for their patients. */
export class Surgery {
  readonly #world: World;
  readonly #beds: BedBoard;
  readonly #inpatients: Inpatients;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;
  readonly #ehr: ReturnType<typeof speaker>;
  readonly #rooms: ReadonlyMap<string, Room>;
  readonly #recovery: { unit: string; bays: Resource; free: string[] };
  readonly #returns: Returns;
  readonly #bill: (patient: Patient) => void;
  /** Patients in a room now, by room. */
  readonly inRoom = new Map<string, string>();
  /** Patients in recovery now. */
  inRecovery = 0;

  constructor(world: World, beds: BedBoard, inpatients: Inpatients, returns: Returns, bill: (patient: Patient) => void) {
    this.#world = world;
    this.#beds = beds;
    this.#inpatients = inpatients;
    this.#returns = returns;
    this.#bill = bill;
    this.#random = world.random('surgery');
    this.#speak = speaker(world, 'or');
    this.#ehr = speaker(world, 'ehr');
    this.#rooms = new Map(world.site.or.rooms.map(({ id }) => [id, { id, use: new Resource(world.simulation, 1), readyAt: 0 }]));
    const recovery = unitsOf(world, 'pacu')[0]!;
    this.#recovery = { unit: recovery.id, bays: new Resource(world.simulation, recovery.beds.length), free: [...recovery.beds].reverse() };
    world.simulation.start(lists(world, this.#random, (room) => this.#rooms.has(room), (booked, person) => this.#schedule(booked, this.#inpatients.patient('surgical', { person }))));
    world.simulation.start(this.#addOns());
  }

  #schedule(of: Booked, patient: Patient): void {
    const goesTo = of.addOn ? 'ward' : chance(of.procedure.intensive, this.#random) ? 'icu' : chance(of.procedure.inpatient, this.#random) ? 'ward' : 'home';
    const one: Case = { ...of, id: this.#world.number('C'), patient, goesTo };
    const { room, service, procedure, addOn } = one;
    this.#speak('or.case-scheduled', {
      ...{ case: one.id, room, scheduledStart: iso(one.start), scheduledMinutes: one.booked, service, procedure: procedure.name, addOn },
      ...{ encounter: patient.encounter, patient: { id: patient.person.id } },
    });
    if (goesTo === 'icu') this.#speak('or.bed-hold-requested', { case: one.id, unitKind: 'icu', neededAt: iso(one.start + one.booked * MINUTE) });
    this.#world.simulation.start(addOn ? this.#operateInpatient(one) : this.#operateAdmitted(one));
  }

  /** A patient who comes for the operation. */
  *#operateAdmitted(one: Case): Process {
    const { simulation, parameters } = this.#world;
    const { patient } = one;
    const preOp = unitsOf(this.#world, 'clinic')[0]!.id;
    yield simulation.wait(Math.max(0, one.start - ARRIVES_BEFORE_MS * (0.8 + 0.4 * this.#random.next()) - simulation.now));
    if (chance(parameters.surgery.cancelled, this.#random)) return this.#cancel(one, 'patient not fit');
    this.#ehr('adt.admitted', { encounter: patient.encounter, patient: patient.person, location: { unit: preOp, unitKind: 'clinic' }, class: one.goesTo === 'home' ? 'day-case' : 'inpatient', service: one.service });
    yield* this.#inRoom(one, () => this.#ehr('adt.transferred', { encounter: patient.encounter, location: { unit: unitsOf(this.#world, 'or')[0]!.id, unitKind: 'or', room: one.room } }));
  }

  /** A patient of the house; the bed stays theirs. */
  *#operateInpatient(one: Case): Process {
    one.patient.operation = true;
    yield* this.#inRoom(one, () => {});
    delete one.patient.operation;
  }

  #cancel(one: Case, reason: string): void {
    if (one.goesTo === 'icu') this.#speak('or.bed-hold-released', { case: one.id, unitKind: 'icu' });
    this.#speak('or.case-cancelled', { case: one.id, room: one.room, reason });
  }

  *#inRoom(one: Case, moved: () => void): Process {
    const { simulation, parameters, levers } = this.#world;
    const { surgery } = parameters;
    const room = this.#rooms.get(one.room)!;
    const late = one.first ? minutes(surgery.firstCaseDelay, this.#random) * levers.get('or.firstCaseDelay') : 0;
    yield simulation.wait(Math.max(0, one.start + late - 15 * MINUTE * (one.first ? 0 : 1) - simulation.now));
    let ticket: Ticket | undefined;
    if (room.use.busy > 0 && simulation.now >= one.start - 15 * MINUTE && chance(0.5, this.#random)) {
      this.#speak('or.case-delayed', { case: one.id, room: one.room, expectedStart: iso(Math.max(simulation.now, one.start) + 45 * MINUTE), reason: 'room in use' });
    }
    yield room.use.seize(one.addOn ? 1 : 2, (got) => (ticket = got));
    yield simulation.wait(Math.max(0, room.readyAt - simulation.now));
    yield* back(simulation, one.patient);
    if (one.patient.gone) {
      room.use.release(ticket!);
      return this.#cancel(one, 'patient died');
    }
    one.patient.away = 'surgery';
    moved();
    this.inRoom.set(one.room, one.id);
    this.#speak('or.patient-in-room', { case: one.id, room: one.room });
    const ratio = surgery.services.find(({ service }) => service === one.service)?.durationRatio ?? surgery.durationRatio;
    const inside = one.booked * MINUTE * Math.max(0.3, minutes(ratio, this.#random) / MINUTE) * levers.get('or.duration');
    const setup = Math.min(inside * 0.4, minutes(surgery.setup, this.#random));
    const closing = Math.min(inside * 0.2, 14 * MINUTE);
    yield simulation.wait(setup);
    this.#speak('or.case-started', { case: one.id, room: one.room });
    // The bed is asked for when the operation goes as planned, so that it is there when the patient is.
    const bed = this.#ask(one);
    yield simulation.wait(inside - setup - closing);
    this.#speak('or.case-completed', { case: one.id, room: one.room });
    yield simulation.wait(closing);
    const after = yield* this.#leaveRoom(one, bed);
    if (one.addOn) one.patient.operatedAt = simulation.now;
    this.inRoom.delete(one.room);
    room.readyAt = simulation.now + minutes(surgery.turnover, this.#random) * levers.get('or.turnover');
    room.use.release(ticket!);
    if (after) yield* this.#recover(one, bed, after);
  }

  #ask({ patient, goesTo, addOn }: Case): Asked | undefined {
    if (goesTo === 'home' || addOn) return undefined;
    const { units, overflow } = this.#inpatients.places('surgical', goesTo);
    let resume: (() => void) | undefined;
    const asked: Asked = { got: undefined, wait: (then) => void (asked.got ? then() : (resume = then)) };
    this.#beds.assign(patient.encounter, units, overflow, goesTo === 'icu' ? 0 : 2, (bed) => (asked.got = bed))(() => resume?.());
    return asked;
  }

  /** Out of the room to intensive care, or to recovery as soon as a bay is free; answers with the bay. */
  *#leaveRoom(one: Case, bed: Asked | undefined): Generator<Wait, Ticket | undefined, void> {
    const { patient } = one;
    if (one.goesTo === 'icu' && bed) {
      yield bed.wait;
      this.#speak('or.patient-out-of-room', { case: one.id, room: one.room, destination: 'icu' });
      this.#speak('or.bed-hold-released', { case: one.id, unitKind: 'icu' });
      delete patient.away;
      this.#inpatients.receive(patient, bed.got!);
      return undefined;
    }
    let bay: Ticket | undefined;
    yield this.#recovery.bays.seize(1, (got) => (bay = got));
    this.#speak('or.patient-out-of-room', { case: one.id, room: one.room, destination: 'pacu' });
    if (one.goesTo === 'icu') this.#speak('or.bed-hold-released', { case: one.id, unitKind: 'icu' });
    return bay;
  }

  *#recover(one: Case, bed: Asked | undefined, bay: Ticket): Process {
    const { simulation, parameters } = this.#world;
    const { patient, goesTo, addOn } = one;
    const { encounter } = patient;
    const label = this.#recovery.free.pop()!;
    this.inRecovery++;
    if (!addOn) this.#ehr('adt.transferred', { encounter, location: { unit: this.#recovery.unit, unitKind: 'pacu', bed: label } });
    yield simulation.wait(minutes(parameters.surgery.recovery, this.#random));
    if (!addOn && goesTo === 'home') {
      yield simulation.wait((30 + 60 * this.#random.next()) * MINUTE);
      this.#ehr('adt.discharged', { encounter, disposition: 'home' });
      this.#bill(patient);
      this.#returns.left(patient);
    } else if (!addOn && bed) {
      yield bed.wait;
      const to = bed.got!;
      this.#ehr('adt.transfer-pending', { encounter, to: { unit: to.unit, unitKind: to.kind, bed: to.label } });
      yield simulation.wait(minutes(parameters.ed.transport, this.#random));
      delete patient.away;
      this.#inpatients.receive(patient, to);
    } else delete patient.away;
    this.inRecovery--;
    this.#recovery.free.push(label);
    this.#recovery.bays.release(bay);
  }

  /** Urgent cases of patients in the house, at any hour. */
  *#addOns(): Process {
    const { simulation, parameters, calendar } = this.#world;
    const { addOnsPerDay, services, weekendRooms } = parameters.surgery;
    for (;;) {
      yield simulation.wait((-Math.log(this.#random.next()) * DAY) / addOnsPerDay);
      const patient = this.#inpatients.any();
      const room = weekendRooms[Math.floor(this.#random.next() * weekendRooms.length)]!;
      const service = services.find(({ rooms }) => rooms.includes(room)) ?? services[0]!;
      if (!patient || patient.bed?.kind !== 'ward' || patient.leaving || patient.operation || calendar.hour(simulation.now) < 5) continue;
      const start = Math.ceil((simulation.now + 60 * MINUTE) / (5 * MINUTE)) * 5 * MINUTE;
      const procedure = choose(service.procedures, this.#random);
      this.#schedule({ room, service: service.service, procedure, start, booked: procedure.bookedMinutes, first: false, addOn: true }, patient);
    }
  }
}
