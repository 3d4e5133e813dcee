import type { Envelope, Sent } from '#core/simulate/hospital/emitter.ts';
import { Beds } from './beds.ts';
import { Charts, type Data, type Person } from './charts.ts';
import { Claims } from './claims.ts';
import { Emergency } from './emergency.ts';
import { IntensiveCare } from './intensive-care.ts';
import { Movements } from './movements.ts';
import { Operations } from './operations.ts';
import { Orders } from './orders.ts';

/**
 * Reads the events of a hospital as a clinician reads charts, knowing nothing of the simulation, and writes down what
 * cannot be: by rule, what was seen. Events that were withdrawn later are read as not said.
 */
export class ChartReview {
  readonly types = new Set<string>();
  readonly #charts: Charts;
  readonly #emergency: Emergency;
  readonly #operations: Operations;
  /** Who reads the events of an area, by the beginning of their types. */
  readonly #readers: ReadonlyMap<string, { read(event: Envelope): void }>;

  constructor(sent: readonly Sent[], site: { units: readonly { id: string; beds: readonly string[] }[] }) {
    const merged = sent.flatMap(({ envelope: { type, data } }) => (type === 'adt.merged' ? [[(data['patient'] as Data)['id'] as string, (data['into'] as Data)['id'] as string] as const] : []));
    const charts = (this.#charts = new Charts(new Map(site.units.map(({ id, beds }) => [id, beds])), new Map(merged), (encounter) => beds.vacate(encounter)));
    const beds = new Beds(charts);
    this.#emergency = new Emergency(charts);
    this.#operations = new Operations(charts);
    const orders = new Orders(charts);
    this.#readers = new Map<string, { read(event: Envelope): void }>([
      ['adt', new Movements(charts, beds)], ['bed', beds], ['ed', this.#emergency], ['or', this.#operations], ['icu', new IntensiveCare(charts)],
      ['lab', orders], ['imaging', orders], ['pharmacy', orders], ['rcm', new Claims(charts)],
    ]);
    const notSaid = withdrawn(sent);
    for (const { at, envelope } of sent) {
      charts.now = at;
      this.types.add(envelope.type);
      charts.rule('nothing is told before it happens', Date.parse(envelope.time) <= at, envelope);
      if (!notSaid.has(envelope)) this.#read(envelope);
    }
    beds.end();
  }

  /** By rule, what was seen that cannot be. */
  get found(): ReadonlyMap<string, readonly string[]> {
    return this.#charts.found;
  }

  /** When somebody came to the emergency department, epoch ms. */
  get arrivals(): readonly number[] {
    return this.#emergency.arrivals;
  }

  get returnsWithin72h(): readonly number[] {
    return this.#emergency.returnsWithin72h;
  }

  /** Holds of cases that were cancelled, or whose patients are out. */
  openHolds(): string[] {
    return this.#operations.openHolds();
  }

  #read(event: Envelope): void {
    const person = event.data['patient'] as (Person & { id: string }) | undefined;
    if (person && event.type !== 'adt.merged') {
      const { people, now } = this.#charts;
      people.set(person.id, { ...people.get(person.id), ...person });
      if (person.birthDate) this.#charts.rule('nobody is born in the future', Date.parse(person.birthDate) < now, event);
    }
    this.#readers.get(event.type.slice(0, event.type.indexOf('.')))?.read(event);
  }
}

/** Moves, discharges and admissions that were withdrawn, and what withdrew them. */
function withdrawn(sent: readonly Sent[]): Set<Envelope> {
  const takenBack: Readonly<Record<string, string>> = { 'adt.transfer-cancelled': 'adt.transferred', 'adt.discharge-cancelled': 'adt.discharged', 'adt.admit-cancelled': 'adt.admitted' };
  const last = new Map<string, Envelope>();
  const all = new Set<Envelope>();
  for (const { envelope } of sent) {
    const encounter = envelope.data['encounter'] as string;
    last.set(`${envelope.type} ${encounter}`, envelope);
    const of = takenBack[envelope.type];
    if (of === undefined) continue;
    all.add(envelope);
    all.add(last.get(`${of} ${encounter}`)!);
  }
  return all;
}
