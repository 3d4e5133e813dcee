import { choose } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import { Resource, type Ticket } from '../engine/resource.ts';
import type { Process, Wait } from '../engine/simulation.ts';
import type { Bed, BedBoard } from './beds.ts';
import { byHour, orderAll, type Imaging, type Laboratory, type Orderer } from './diagnostics.ts';
import type { Inpatients } from './inpatients.ts';
import type { Patient } from './patient.ts';
import type { Returns } from './returns.ts';
import { MINUTE, iso } from './time.ts';
import { arrivals, chance, minutes, speaker, unitsOf, type World } from './world.ts';

interface Visit {
  readonly patient: Patient;
  readonly level: number;
  readonly ambulance: boolean;
}

/** The emergency department: from the door to home, or into a bed of the house. */
export class Emergency {
  readonly #world: World;
  readonly #beds: BedBoard;
  readonly #inpatients: Inpatients;
  readonly #laboratory: Laboratory;
  readonly #imaging: Imaging;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;
  readonly #unit: string;
  readonly #triage: Resource;
  readonly #spaces: Resource;
  readonly #free: string[];
  readonly #providers: Resource;
  readonly #returns: Returns;
  readonly #bill: (patient: Patient) => void;
  /** In the department now, by encounter: whether they wait for a space, are treated or board. */
  readonly present = new Map<string, 'waiting' | 'treated' | 'boarding'>();
  arrived = 0;
  left = 0;

  constructor(world: World, beds: BedBoard, inpatients: Inpatients, laboratory: Laboratory, imaging: Imaging, returns: Returns, bill: (patient: Patient) => void) {
    this.#world = world;
    this.#beds = beds;
    this.#inpatients = inpatients;
    this.#laboratory = laboratory;
    this.#imaging = imaging;
    this.#returns = returns;
    this.#bill = bill;
    this.#random = world.random('emergency');
    this.#speak = speaker(world, 'ed');
    const { simulation, calendar, parameters, levers } = world;
    const { ed } = parameters;
    const unit = unitsOf(world, 'ed')[0]!;
    this.#unit = unit.id;
    this.#free = [...unit.beds].reverse();
    this.#spaces = new Resource(simulation, unit.beds.length);
    this.#triage = new Resource(simulation, 0);
    this.#providers = new Resource(simulation, 0);
    simulation.start(byHour(world, this.#triage, () => ed.triageNurses[calendar.hour(simulation.now)]!));
    simulation.start(byHour(world, this.#providers, () => ed.providers[calendar.hour(simulation.now)]!));
    const mean = ed.arrivals.byDay.reduce((sum, weight) => sum + weight, 0) / 7;
    const perDay = () => (ed.arrivals.perDay * ed.arrivals.byDay[calendar.weekday(simulation.now) - 1]! * levers.get('ed.arrivals')) / mean;
    simulation.start(arrivals(world, world.random('emergency/arrivals'), ed.arrivals.byHour, ed.arrivals.perDay * 5, perDay, () => this.arrive()));
  }

  /** A patient comes, of a triage level (1 to 5) or of one by chance; of those by chance some were here before. */
  arrive(of?: number, byAmbulance?: boolean): void {
    const { levels } = this.#world.parameters.ed;
    const level = of ?? 1 + levels.indexOf(choose(levels, this.#random));
    const ambulance = byAmbulance ?? chance(levels[level - 1]!.ambulance, this.#random);
    const patient = this.#inpatients.patient(chance(0.75, this.#random) ? 'medical' : 'surgical', of === undefined ? this.#returns.next() : undefined);
    this.#world.simulation.start(this.#visit({ patient, level, ambulance }));
  }

  *#visit({ patient, level, ambulance }: Visit): Process {
    const { simulation, parameters } = this.#world;
    const { ed } = parameters;
    const profile = ed.levels[level - 1]!;
    const { encounter } = patient;
    const at = { encounter, unit: this.#unit };
    const run = { ambulance: ambulance ? this.#world.number('RUN') : '', unit: this.#unit };
    if (ambulance) {
      const away = (6 + 10 * this.#random.next()) * MINUTE;
      this.#speak('ed.ambulance-expected', { ...run, expectedAt: iso(simulation.now + away), level });
      yield simulation.wait(away * (0.8 + 0.4 * this.#random.next()));
      this.#speak('ed.ambulance-arrived', { ...run, encounter });
    }
    this.arrived++;
    this.present.set(encounter, 'waiting');
    this.#speak('ed.arrived', { ...at, patient: patient.person, mode: ambulance ? 'ambulance' : 'walk-in' });
    yield this.#triage.use(level, minutes(ed.triage, this.#random) * (ambulance ? 0.4 : 1));
    this.#speak('ed.triaged', { ...at, level, scale: 'ESI' });

    const space = yield* this.#space(level, ambulance);
    if (!space) {
      this.#speak('ed.left-without-being-seen', at);
      return this.#over(patient, true);
    }
    if (ambulance) {
      yield simulation.wait(minutes(ed.offload, this.#random));
      this.#speak('ed.ambulance-offloaded', { ...run, encounter });
    }
    this.present.set(encounter, 'treated');
    this.#speak('ed.roomed', { ...at, space: space.label });
    const ventilated = level === 1 && chance(ed.ventilated, this.#random);
    if (ventilated) patient.intubated = true;
    // Of the severely ill the chart says it either way: crowding indices need to know that nobody is.
    if (level <= 2) this.#speak('ed.ventilator-status-changed', { ...at, ventilated });
    yield* this.#treat(patient, level);
    const leaves = !chance(profile.admit, this.#random) && !ventilated;
    if (leaves) {
      yield simulation.wait(minutes(ed.fromDecisionToLeaving, this.#random));
      this.#speak('ed.departed', { ...at, disposition: chance(0.02, this.#random) ? 'transferred' : 'home' });
    } else {
      this.present.set(encounter, 'boarding');
      const place = chance(profile.intensive, this.#random) || ventilated ? 'icu' : level <= 2 && chance(0.12, this.#random) ? 'step_down' : 'ward';
      this.#speak('ed.admission-decided', { ...at, toUnitKind: place });
      yield simulation.wait((2 + 10 * this.#random.next()) * MINUTE);
      this.#speak('ed.bed-requested', { ...at, toUnitKind: place });
      const { units, overflow } = this.#inpatients.places(patient.kind, place);
      let bed: Bed | undefined;
      yield this.#beds.assign(encounter, units, overflow, place === 'icu' ? 0 : 2, (got) => (bed = got));
      yield simulation.wait(minutes(ed.transport, this.#random));
      this.#speak('ed.departed', { ...at, disposition: 'admitted' });
      this.#inpatients.admit(patient, bed!);
    }
    this.#free.push(space.label);
    this.#spaces.release(space.ticket);
    this.#over(patient, leaves);
  }

  /** Waits for a treatment space; undefined when the patient went away before. */
  *#space(level: number, ambulance: boolean): Generator<Wait, { label: string; ticket: Ticket } | undefined, void> {
    const { simulation, parameters } = this.#world;
    let ticket: Ticket | undefined;
    yield (resume) => {
      const asked = this.#spaces.request(level - (ambulance ? 0.5 : 0), (granted) => {
        ticket = granted;
        resume();
      });
      if (level < 3 || asked.state !== 'waiting') return;
      simulation.after(minutes(parameters.ed.patience, this.#random), () => {
        if (this.#spaces.withdraw(asked)) resume();
      });
    };
    return ticket && { label: this.#free.pop()!, ticket };
  }

  /** Provider, tests and treatment, up to the decision. */
  *#treat(patient: Patient, level: number): Process {
    const { simulation, parameters, levers } = this.#world;
    const profile = parameters.ed.levels[level - 1]!;
    const { encounter, person } = patient;
    let provider: Ticket | undefined;
    yield this.#providers.seize(level, (ticket) => (provider = ticket));
    this.#speak('ed.provider-assigned', { encounter, unit: this.#unit, role: 'attending' });
    yield simulation.wait(minutes(profile.provider, this.#random));
    this.#providers.release(provider!);
    const orderer: Orderer = { stay: patient, person, unit: this.#unit, setting: 'ed' };
    const tests = Math.floor(profile.labs) + (chance(profile.labs % 1, this.#random) ? 1 : 0);
    const studies = Object.entries(profile.imaging).filter(([, share]) => chance(share, this.#random)).map(([modality]) => modality);
    const results = orderAll(this.#laboratory, this.#imaging, orderer, tests, studies, () => chance(0.85, this.#random));
    yield simulation.wait(minutes(profile.work, this.#random) * levers.get('ed.treatment'));
    yield results.wait();
  }

  #over(patient: Patient, leaves: boolean): void {
    this.present.delete(patient.encounter);
    this.left++;
    this.#bill(patient);
    if (leaves) this.#returns.left(patient);
  }
}
