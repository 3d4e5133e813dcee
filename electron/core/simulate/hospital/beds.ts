import type { UnitKind } from '#shared/events/fields.ts';
import type { Random } from '../engine/random.ts';
import { Resource, type Ticket } from '../engine/resource.ts';
import type { Process, Wait } from '../engine/simulation.ts';
import { HOUR, MINUTE, iso } from './time.ts';
import { chance, minutes, speaker, unitsOf, type World } from './world.ts';

/** How long a bed of one's own kind is waited for before one of another ward will do. */
const OVERFLOW_MS = 3 * HOUR;
/** When an assignment that does not last is withdrawn, about. */
const CHANGED_AFTER_MS = 12 * MINUTE;
const INPATIENT: readonly UnitKind[] = ['ward', 'icu', 'step_down'];

export interface Bed {
  readonly unit: string;
  readonly kind: UnitKind;
  readonly label: string;
  state: 'available' | 'reserved' | 'occupied' | 'dirty' | 'cleaning' | 'blocked';
}

interface Request {
  readonly encounter: string;
  readonly units: readonly string[];
  readonly overflow: readonly string[];
  /** Lower is more urgent. */
  readonly priority: number;
  readonly since: number;
  readonly give: (bed: Bed, request: Request) => void;
}

const taken = (beds: readonly Bed[]) => beds.filter(({ state }) => state === 'occupied').length / beds.length;

export const location = ({ unit, kind, label }: Bed) => ({ unit, unitKind: kind, bed: label });

/** The beds of the hospital: who waits for one, who gets it, and how a vacated one becomes clean. */
export class BedBoard {
  readonly #world: World;
  readonly #random: Random;
  readonly #changes: Random;
  readonly #speak: ReturnType<typeof speaker>;
  readonly #teams: Resource;
  readonly #byUnit = new Map<string, Bed[]>();
  readonly #all: readonly Bed[];
  #requests: Request[] = [];

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random('beds');
    this.#changes = world.random('beds/changes');
    this.#speak = speaker(world, 'bed');
    for (const unit of INPATIENT.flatMap((kind) => unitsOf(world, kind))) {
      this.#byUnit.set(unit.id, unit.beds.map((label) => ({ unit: unit.id, kind: unit.kind, label, state: 'available' })));
    }
    this.#all = [...this.#byUnit.values()].flat();
    this.#teams = new Resource(world.simulation, 0);
    this.#staffTeams();
    world.levers.onChange('cleaning.teams', () => this.#staffTeams());
    world.simulation.start(this.#shifts());
    world.simulation.start(this.#closures());
  }

  all(): readonly Bed[] {
    return this.#all;
  }

  bedsOf(unit: string): readonly Bed[] {
    return this.#byUnit.get(unit)!;
  }

  /** Share of the beds with a patient. */
  get occupancy(): number {
    return taken(this.all());
  }

  occupancyOf(kind: UnitKind): number {
    return taken(this.all().filter((bed) => bed.kind === kind));
  }

  /** What the bed system reports of every bed when it is first connected. */
  reportAll(): void {
    for (const { unit, label, state } of this.all()) this.#speak('bed.status-changed', { unit, bed: label, status: state });
  }

  /**
   * Waits for a clean bed in one of `units`, after three hours in one of `overflow` too; it is reserved then. Now and
   * then another bed is found to suit better: the first is given back, and the wait goes on.
   */
  assign(encounter: string, units: readonly string[], overflow: readonly string[], priority: number, got: (bed: Bed) => void): Wait {
    const { simulation, parameters } = this.#world;
    return (resume) => {
      const give = (bed: Bed, request: Request) => {
        bed.state = 'reserved';
        this.#speak('bed.reserved', { unit: bed.unit, bed: bed.label, encounter });
        if (chance(parameters.corrections.bedAssignment, this.#changes)) {
          simulation.after(CHANGED_AFTER_MS * (0.5 + this.#changes.next()), () => this.#takeBack(bed, request));
          return;
        }
        got(bed);
        resume();
      };
      this.#ask({ encounter, units, overflow, priority, since: simulation.now, give });
    };
  }

  #ask(request: Request): void {
    const { simulation } = this.#world;
    const { units, overflow, since } = request;
    const waited = simulation.now - since >= OVERFLOW_MS;
    const free = this.#free(waited ? [...units, ...overflow] : units);
    if (free) {
      request.give(free, request);
      return;
    }
    this.#requests.push(request);
    this.#requests.sort((a, b) => a.priority - b.priority || a.since - b.since);
    if (waited) return;
    simulation.at(since + OVERFLOW_MS, () => {
      const other = this.#requests.includes(request) ? this.#free(overflow) : undefined;
      if (other) this.#grant(request, other);
    });
  }

  #takeBack(bed: Bed, request: Request): void {
    bed.state = 'available';
    this.#speak('bed.released', { unit: bed.unit, bed: bed.label });
    this.#offer(bed);
    this.#ask(request);
  }

  occupy(bed: Bed, isolation: boolean): void {
    bed.state = 'occupied';
    this.#speak('bed.status-changed', { unit: bed.unit, bed: bed.label, status: 'occupied', ...(isolation ? { isolation } : {}) });
  }

  vacate(bed: Bed, contaminated: boolean): void {
    bed.state = 'dirty';
    this.#speak('bed.status-changed', { unit: bed.unit, bed: bed.label, status: 'dirty', ...(contaminated ? { contaminated } : {}) });
    this.#world.simulation.start(this.#clean(bed, contaminated));
  }

  *#clean(bed: Bed, contaminated: boolean): Process {
    const { simulation, parameters, levers } = this.#world;
    const { cleaning } = parameters;
    const at = { unit: bed.unit, bed: bed.label };
    yield simulation.wait(minutes(cleaning.request, this.#random));
    this.#speak('bed.cleaning-requested', at);
    const wanted = this.#requests.some(({ units }) => units.includes(bed.unit));
    let team: Ticket | undefined;
    yield this.#teams.seize((wanted ? 0 : 2) + (bed.kind === 'icu' ? 0 : 1), (ticket) => (team = ticket));
    const work = minutes(cleaning.duration, this.#random) * levers.get('cleaning.duration') * (contaminated ? cleaning.isolationFactor : 1);
    bed.state = 'cleaning';
    this.#speak('bed.cleaning-started', { ...at, expectedMinutes: contaminated ? 60 : 40 });
    yield simulation.wait(work);
    this.#teams.release(team!);
    bed.state = 'available';
    this.#speak('bed.cleaning-completed', at);
    this.#offer(bed);
  }

  #free(units: readonly string[]): Bed | undefined {
    for (const unit of units) {
      const bed = this.#byUnit.get(unit)?.find(({ state }) => state === 'available');
      if (bed) return bed;
    }
    return undefined;
  }

  #offer(bed: Bed): void {
    const { now } = this.#world.simulation;
    const next = this.#requests.find(({ units, overflow, since }) => units.includes(bed.unit) || (overflow.includes(bed.unit) && now - since >= OVERFLOW_MS));
    if (next) this.#grant(next, bed);
  }

  #grant(request: Request, bed: Bed): void {
    this.#requests = this.#requests.filter((one) => one !== request);
    request.give(bed, request);
  }

  #staffTeams(): void {
    const { simulation, calendar, parameters, levers } = this.#world;
    this.#teams.setServers(Math.round(parameters.cleaning.teams[calendar.hour(simulation.now)]! * levers.get('cleaning.teams')));
  }

  *#shifts(): Process {
    const { simulation } = this.#world;
    for (;;) {
      yield simulation.wait(HOUR - (simulation.now % HOUR) || HOUR);
      this.#staffTeams();
    }
  }

  /** Now and then a free bed is closed for a while. */
  *#closures(): Process {
    const { simulation, parameters } = this.#world;
    const { blockedPerDay, blocked } = parameters.cleaning;
    for (;;) {
      yield simulation.wait((-Math.log(this.#random.next()) * 24 * HOUR) / blockedPerDay);
      const free = this.all().filter(({ state }) => state === 'available');
      const bed = free[Math.floor(this.#random.next() * free.length)];
      if (bed) simulation.start(this.#close(bed, minutes(blocked, this.#random)));
    }
  }

  *#close(bed: Bed, duration: number): Process {
    const { simulation } = this.#world;
    const at = { unit: bed.unit, bed: bed.label };
    bed.state = 'blocked';
    const reason = (['RN', 'FAC', 'EQ', 'INF', 'OTHER'] as const)[Math.floor(this.#random.next() * 5)]!;
    const expectedUntil = iso(Math.round((simulation.now + duration * (chance(0.3, this.#random) ? 0.8 : 1)) / MINUTE) * MINUTE);
    this.#speak('bed.blocked', { ...at, reason, expectedUntil });
    yield simulation.wait(duration);
    bed.state = 'available';
    this.#speak('bed.unblocked', at);
    this.#offer(bed);
  }
}
