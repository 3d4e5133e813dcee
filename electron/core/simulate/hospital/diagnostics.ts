import type { Distribution } from '../distributions/distribution.ts';
import { choose } from '../distributions/sample.ts';
import type { Random } from '../engine/random.ts';
import { Resource, type Ticket } from '../engine/resource.ts';
import type { Process } from '../engine/simulation.ts';
import { back, type Patient } from './patient.ts';
import { HOUR, MINUTE } from './time.ts';
import { Gate, arrivals, chance, minutes, pickKey, speaker, type World } from './world.ts';

/** Specimens that an analyser works on at once. */
const POSITIONS = 100;

/** For whom something is ordered. */
export interface Orderer {
  /** Stay or visit; outpatients have none. */
  readonly stay?: Patient;
  readonly person: { readonly id: string };
  readonly unit?: string;
  readonly setting: 'ed' | 'inpatient' | 'outpatient';
}

const reference = ({ stay, person }: Orderer) => ({ ...(stay ? { encounter: stay.encounter } : {}), patient: { id: person.id } });
const LEFT = 'patient left';

/** Servers of a resource that follow the hour of the day and a lever. */
export function* byHour(world: World, resource: Resource, servers: () => number): Process {
  for (;;) {
    resource.setServers(servers());
    yield world.simulation.wait(HOUR - (world.simulation.now % HOUR) || HOUR);
  }
}

/** The laboratory: orders, collection, transport, analysers, results. */
export class Laboratory {
  readonly #world: World;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;
  readonly #analysers: Readonly<Record<'chemistry' | 'haematology' | 'microbiology', Resource>>;
  /** Orders without a result that were not cancelled. */
  pending = 0;

  constructor(world: World, inpatient: () => Orderer | undefined) {
    this.#world = world;
    this.#random = world.random('laboratory');
    this.#speak = speaker(world, 'lis');
    const { analysers, perInpatientDay, byHour: profile } = world.parameters.lab;
    const servers = (kind: keyof typeof analysers) => Math.round(analysers[kind] * POSITIONS * world.volume * world.levers.get('lab.analysers'));
    const resource = (kind: keyof typeof analysers) => {
      const made = new Resource(world.simulation, servers(kind));
      world.levers.onChange('lab.analysers', () => made.setServers(servers(kind)));
      return made;
    };
    this.#analysers = { chemistry: resource('chemistry'), haematology: resource('haematology'), microbiology: resource('microbiology') };
    const perDay = () => perInpatientDay * this.#patients * world.volume;
    world.simulation.start(
      arrivals(world, world.random('laboratory/inpatients'), profile, 612 * perInpatientDay * world.volume, perDay, () => {
        const orderer = inpatient();
        if (orderer) this.order(orderer, chance(world.parameters.lab.stat, this.#random), () => {});
      }),
    );
  }

  /** Inpatients, who the routine orders of the house are for. */
  #patients = 0;
  set patients(count: number) {
    this.#patients = count;
  }

  /** Orders one test; `done` is called with its result, or when it was cancelled, or at once for a culture: nobody waits for those. */
  order(orderer: Orderer, stat: boolean, done: () => void): void {
    this.#world.simulation.start(this.#course(orderer, stat, done));
  }

  *#course(orderer: Orderer, stat: boolean, done: () => void): Process {
    const { simulation, parameters, levers } = this.#world;
    const { lab } = parameters;
    const test = choose(lab.tests, this.#random);
    const order = { order: this.#world.number('L'), ...reference(orderer), test: test.test, priority: stat ? 'STAT' : 'Routine' };
    this.#speak('lab.order-created', order);
    this.pending++;
    if (test.analyser === 'microbiology') done();
    const reported = test.analyser === 'microbiology' ? () => {} : done;
    yield simulation.wait(minutes(stat ? lab.collect.stat : lab.collect.routine, this.#random));
    yield* back(simulation, orderer.stay);
    if (orderer.stay?.gone || chance(lab.cancelled, this.#random)) {
      this.#speak('lab.order-cancelled', { ...order, reason: orderer.stay?.gone ? LEFT : 'duplicate order' });
      this.pending--;
      return reported();
    }
    this.#speak('lab.specimen-collected', order);
    yield simulation.wait(minutes(stat ? lab.transport.stat : lab.transport.routine, this.#random));
    this.#speak('lab.specimen-received', order);
    yield this.#analysers[test.analyser].use(stat ? 0 : 1, minutes(test.analysis, this.#random) * levers.get('lab.duration'));
    const critical = chance(lab.critical, this.#random);
    this.#speak('lab.result-reported', { ...order, status: 'final', abnormal: critical || chance(0.25, this.#random), critical });
    this.pending--;
    reported();
    if (!chance(lab.corrected, this.#random)) return;
    yield simulation.wait((20 + 200 * this.#random.next()) * MINUTE);
    this.#speak('lab.result-reported', { ...order, status: 'corrected' });
  }
}

/** Imaging: orders, scanners by modality, radiologists. */
export class Imaging {
  readonly #world: World;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;
  readonly #modalities: ReadonlyMap<string, { scanners: Resource; free: string[]; study: Distribution }>;
  readonly #radiologists: Resource;
  /** Inpatients, who the orders of the house are for. */
  patients = 0;
  pending = 0;

  constructor(world: World, inpatient: () => Orderer | undefined) {
    this.#world = world;
    this.#random = world.random('imaging');
    this.#speak = speaker(world, 'ris');
    const { imaging } = world.parameters;
    this.#radiologists = new Resource(world.simulation, 0);
    const { simulation, calendar, levers, volume } = world;
    const reading = () => Math.max(1, Math.round(imaging.radiologists[calendar.hour(simulation.now)]! * volume * levers.get('imaging.reading')));
    simulation.start(byHour(world, this.#radiologists, reading));
    levers.onChange('imaging.reading', () => this.#radiologists.setServers(reading()));
    this.#modalities = new Map(
      imaging.modalities.map(({ modality, scanners, study, outpatientsPerDay, perInpatientDay }) => {
        const count = () => Math.round(scanners * volume * levers.get('imaging.scanners'));
        const resource = new Resource(simulation, count());
        levers.onChange('imaging.scanners', () => resource.setServers(count()));
        const stream = world.random(`imaging/${modality}`);
        const office = [0, 0, 0, 0, 0, 0, 0, 4, 9, 10, 10, 10, 7, 9, 10, 9, 8, 5, 2, 1, 0, 0, 0, 0];
        simulation.start(
          arrivals(world, stream, office, outpatientsPerDay * volume, () => outpatientsPerDay * volume * (calendar.weekday(simulation.now) < 6 ? 1.3 : 0.25) / 1.3, () =>
            this.order({ person: world.people.invent(), setting: 'outpatient' }, modality, false, () => {}),
          ),
        );
        simulation.start(
          arrivals(world, stream, [2, 2, 2, 2, 2, 3, 4, 6, 9, 10, 10, 9, 8, 8, 8, 8, 7, 6, 5, 4, 4, 3, 3, 2], 612 * perInpatientDay * volume, () => this.patients * perInpatientDay * volume, () => {
            const orderer = inpatient();
            if (orderer) this.order(orderer, modality, chance(imaging.stat, stream), () => {});
          }),
        );
        return [modality, { scanners: resource, free: Array.from({ length: count() }, (_, i) => `${modality}-${i + 1}`), study }];
      }),
    );
  }

  order(orderer: Orderer, modality: string, stat: boolean, done: () => void): void {
    this.#world.simulation.start(this.#course(orderer, modality, stat, done));
  }

  *#course(orderer: Orderer, modality: string, stat: boolean, done: () => void): Process {
    const { simulation, parameters } = this.#world;
    const { imaging } = parameters;
    const { scanners, free, study } = this.#modalities.get(modality)!;
    const { stay } = orderer;
    const order = { order: this.#world.number('I'), ...reference(orderer), modality, priority: stat ? 'STAT' : 'Routine', setting: orderer.setting };
    this.#speak('imaging.order-created', order);
    this.pending++;
    yield simulation.wait(minutes(imaging.prepare, this.#random) * (stat ? 0.5 : 1));
    if (chance(imaging.cancelled, this.#random)) return this.#cancel(order, 'not needed', done);
    const priority = stat ? 0 : orderer.setting === 'ed' ? 1 : orderer.setting === 'inpatient' ? 2 : 3;
    let held: Ticket | undefined;
    for (;;) {
      yield* back(simulation, stay);
      if (stay?.gone) return this.#cancel(order, LEFT, done);
      yield scanners.seize(priority, (ticket) => (held = ticket));
      // Called while elsewhere: the next one goes first.
      if (!stay?.away && !stay?.gone) break;
      scanners.release(held!);
    }
    if (stay) stay.away = 'imaging';
    const scanner = free.splice(Math.floor(this.#random.next() * free.length), 1)[0]!;
    this.#speak('imaging.study-started', { ...order, scanner });
    yield simulation.wait(minutes(study, this.#random));
    this.#speak('imaging.study-completed', { ...order, scanner });
    delete stay?.away;
    free.push(scanner);
    scanners.release(held!);
    yield this.#radiologists.use(priority, minutes(imaging.report, this.#random));
    this.#speak('imaging.report-signed', { ...order, status: 'final', critical: chance(0.02, this.#random) });
    this.pending--;
    done();
  }

  #cancel(order: Record<string, unknown>, reason: string, done: () => void): void {
    this.#speak('imaging.order-cancelled', { ...order, reason });
    this.pending--;
    done();
  }
}

/** The central pharmacy. */
export class Pharmacy {
  readonly #world: World;
  readonly #random: Random;
  readonly #speak: ReturnType<typeof speaker>;
  readonly #pharmacists: Resource;
  patients = 0;
  pending = 0;

  constructor(world: World, inpatient: () => Orderer | undefined) {
    this.#world = world;
    this.#random = world.random('pharmacy');
    this.#speak = speaker(world, 'pharmacy');
    this.#pharmacists = new Resource(world.simulation, 0);
    const { pharmacy } = world.parameters;
    const { simulation, calendar, volume } = world;
    simulation.start(byHour(world, this.#pharmacists, () => Math.max(1, Math.round(pharmacy.pharmacists[calendar.hour(simulation.now)]! * volume))));
    simulation.start(
      arrivals(world, world.random('pharmacy/inpatients'), pharmacy.byHour, 612 * pharmacy.perInpatientDay * volume, () => this.patients * pharmacy.perInpatientDay * volume, () => {
        const orderer = inpatient();
        if (orderer) simulation.start(this.#course(orderer));
      }),
    );
  }

  *#course(orderer: Orderer): Process {
    const { simulation, parameters, levers } = this.#world;
    const { pharmacy } = parameters;
    const stat = chance(pharmacy.stat, this.#random);
    const order = { order: this.#world.number('RX'), ...reference(orderer), pharmacy: 'central', ...(orderer.unit === undefined ? {} : { unit: orderer.unit }), priority: stat ? 'STAT' : 'Routine' };
    this.#speak('pharmacy.order-queued', { ...order, preparation: pickKey(pharmacy.preparations, this.#random) });
    this.pending++;
    if (chance(pharmacy.cancelled, this.#random)) {
      yield simulation.wait(15 * MINUTE * this.#random.next());
      this.#speak('pharmacy.order-cancelled', { ...order, reason: 'replaced' });
    } else {
      yield this.#pharmacists.use(stat ? 0 : 1, minutes(pharmacy.dispense, this.#random) * levers.get('pharmacy.duration'));
      if (orderer.stay?.gone) this.#speak('pharmacy.order-cancelled', { ...order, reason: LEFT });
      else this.#speak('pharmacy.dispensed', order);
    }
    this.pending--;
  }
}

/** Tests of a visit: several orders and one gate that opens with the last result. */
export function orderAll(laboratory: Laboratory, imaging: Imaging, orderer: Orderer, tests: number, studies: readonly string[], stat: () => boolean): Gate {
  const gate = new Gate(tests + studies.length);
  for (let i = 0; i < tests; i++) laboratory.order(orderer, stat(), () => gate.done());
  for (const modality of studies) imaging.order(orderer, modality, stat(), () => gate.done());
  return gate;
}
