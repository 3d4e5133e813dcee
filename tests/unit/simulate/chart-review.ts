import type { Envelope, Sent } from '#core/simulate/hospital/emitter.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';

type Data = Record<string, unknown>;
type Place = { unit: string; unitKind?: string; bed?: string; room?: string };

interface Stay {
  person: string;
  inEd: boolean;
  admitted: boolean;
  place?: Place | undefined;
  ventilated?: boolean;
  /** In an operating room now. */
  room?: string | undefined;
  /** On a scanner now. */
  scanner?: string | undefined;
  operatedAt?: number;
  said: Set<string>;
}

interface Bed {
  status: string;
  reservedFor?: string | undefined;
  reservedAt?: number;
  patient?: string | undefined;
  cleanedSince: boolean;
}

interface Case {
  encounter: string;
  room: string;
  urgent: boolean;
  said: string[];
  hold: boolean;
  procedure: string;
  service: string;
}

interface Person {
  sex?: string;
  birthDate?: string;
}

const DAY = 24 * HOUR;
const INPATIENT = ['ward', 'icu', 'step_down'];
/** Of women, of men, of children. */
const FEMALE = ['OBGYN'];
const MALE = ['Vasectomy', 'Cryosurgery of the prostate gland'];
const CHILDREN = ['Pediatrics'];
const GROWN = ['Cardiac', 'Ophthalmology', 'Plastic'];
/** A bed is not kept for longer than this for somebody who does not come. */
const KEPT_MS = 12 * HOUR;
/** After an urgent operation one stays at least so long. */
const WATCHED_MS = 12 * HOUR;
const CASE_STEPS = ['or.case-scheduled', 'or.patient-in-room', 'or.case-started', 'or.case-completed', 'or.patient-out-of-room'];
const ED_STEPS = ['ed.arrived', 'ed.triaged', 'ed.roomed', 'ed.provider-assigned', 'ed.admission-decided', 'ed.bed-requested', 'ed.departed'];
const AFTER: Readonly<Record<string, string>> = {
  'lab.specimen-collected': 'lab.order-created', 'lab.specimen-received': 'lab.specimen-collected', 'lab.result-reported': 'lab.specimen-received',
  'imaging.study-started': 'imaging.order-created', 'imaging.study-completed': 'imaging.study-started', 'imaging.report-signed': 'imaging.study-completed',
  'pharmacy.dispensed': 'pharmacy.order-queued', 'lab.order-cancelled': 'lab.order-created', 'imaging.order-cancelled': 'imaging.order-created', 'pharmacy.order-cancelled': 'pharmacy.order-queued',
};
const NOT_ONCE_DONE: Readonly<Record<string, string>> = { 'lab.order-cancelled': 'lab.specimen-collected', 'imaging.order-cancelled': 'imaging.study-started', 'pharmacy.order-cancelled': 'pharmacy.dispensed' };
/** What is done to a patient, who must be there. */
const AT_THE_PATIENT = new Set(['lab.order-created', 'lab.specimen-collected', 'imaging.order-created', 'imaging.study-started', 'imaging.study-completed', 'pharmacy.order-queued', 'pharmacy.dispensed']);

/**
 * Reads the events of a hospital as a clinician reads charts, knowing nothing of the simulation, and writes down what
 * cannot be: by rule, what was seen. Events that were withdrawn later are read as not said.
 */
export class ChartReview {
  readonly found = new Map<string, string[]>();
  readonly returnsWithin72h: number[] = [];
  readonly arrivals: number[] = [];
  readonly types = new Set<string>();
  readonly #stays = new Map<string, Stay>();
  readonly #beds = new Map<string, Bed>();
  readonly #cases = new Map<string, Case>();
  readonly #rooms = new Map<string, { inside?: string | undefined; status?: string }>();
  readonly #orders = new Map<string, Set<string>>();
  readonly #scanners = new Map<string, string>();
  readonly #spaces = new Map<string, string>();
  readonly #claims = new Set<string>();
  readonly #people = new Map<string, Person>();
  readonly #inHouse = new Map<string, string>();
  readonly #dead = new Set<string>();
  readonly #leftAt = new Map<string, number>();
  readonly #into: ReadonlyMap<string, string>;
  readonly #withdrawn: ReadonlySet<Envelope>;
  readonly #known: ReadonlyMap<string, readonly string[]>;
  #now = 0;

  constructor(sent: readonly Sent[], site: { units: readonly { id: string; beds: readonly string[] }[] }) {
    this.#known = new Map(site.units.map(({ id, beds }) => [id, beds]));
    this.#withdrawn = withdrawn(sent);
    this.#into = new Map(sent.flatMap(({ envelope: { type, data } }) => (type === 'adt.merged' ? [[(data['patient'] as Data)['id'] as string, (data['into'] as Data)['id'] as string] as const] : [])));
    for (const { at, envelope } of sent) {
      this.#now = at;
      this.types.add(envelope.type);
      this.#rule('nothing is told before it happens', Date.parse(envelope.time) <= at, envelope);
      if (!this.#withdrawn.has(envelope)) this.#read(envelope);
    }
    for (const [key, { reservedFor, reservedAt }] of this.#beds) {
      this.#rule('a bed is not kept for somebody who does not come', reservedFor === undefined || this.#now - reservedAt! < KEPT_MS, { bed: key, encounter: reservedFor });
    }
  }

  #rule(rule: string, holds: boolean, seen: unknown): void {
    const list = this.found.get(rule) ?? [];
    this.found.set(rule, list);
    if (!holds) list.push(`${new Date(this.#now).toISOString()} ${JSON.stringify(seen)}`);
  }

  #read(event: Envelope): void {
    const area = event.type.slice(0, event.type.indexOf('.'));
    const { data } = event;
    const person = data['patient'] as (Person & { id: string }) | undefined;
    if (person && event.type !== 'adt.merged') {
      this.#people.set(person.id, { ...this.#people.get(person.id), ...person });
      if (person.birthDate) this.#rule('nobody is born in the future', Date.parse(person.birthDate) < this.#now, event);
    }
    if (area === 'adt') this.#adt(event);
    else if (area === 'bed') this.#bed(event);
    else if (area === 'ed') this.#ed(event);
    else if (area === 'or') this.#or(event);
    else if (area === 'icu') this.#icu(event);
    else if (area === 'lab' || area === 'imaging' || area === 'pharmacy') this.#order(event);
    else if (event.type === 'rcm.claim-status-changed') this.#claim(event);
  }

  #one(person: string): string {
    let one = person;
    while (this.#into.has(one)) one = this.#into.get(one)!;
    return one;
  }

  #arrives(encounter: string, person: string, event: Envelope): Stay {
    const known = this.#stays.get(encounter);
    if (known && (known.inEd || known.admitted)) return known;
    const one = this.#one(person);
    const elsewhere = this.#inHouse.get(one);
    this.#rule('nobody is in the house twice', elsewhere === undefined || elsewhere === encounter, { ...event, elsewhere });
    this.#rule('the dead do not come back', !this.#dead.has(one), event);
    this.#inHouse.set(one, encounter);
    const stay = known ?? { person, inEd: false, admitted: false, said: new Set<string>() };
    this.#stays.set(encounter, stay);
    return stay;
  }

  #leaves(encounter: string, stay: Stay): void {
    if (stay.inEd || stay.admitted) return;
    const one = this.#one(stay.person);
    this.#inHouse.delete(one);
    this.#leftAt.set(one, this.#now);
    for (const bed of this.#beds.values()) if (bed.patient === encounter) bed.patient = undefined;
    stay.place = undefined;
  }

  /** The stay of an event, which must be open. */
  #here(event: Envelope, rule: string): Stay | undefined {
    const stay = this.#stays.get(event.data['encounter'] as string);
    const here = stay !== undefined && (stay.inEd || stay.admitted);
    this.#rule(rule, here, event);
    return here ? stay : undefined;
  }

  #adt(event: Envelope): void {
    const { type, data } = event;
    if (type === 'adt.merged') {
      const [from, into] = [data['patient'], data['into']].map((one) => (one as Data)['id'] as string) as [string, string];
      this.#rule('a merge joins two records that there are', from !== into && this.#people.has(from) && this.#people.has(into), event);
      const [a, b] = [this.#people.get(from), this.#people.get(into)];
      this.#rule('records that are merged are of one person', a?.birthDate === b?.birthDate && a?.sex === b?.sex, event);
      this.#rule('a record that was merged is not spoken of again', ![...this.#stays.values()].some(({ person, inEd, admitted }) => person === from && (inEd || admitted)), event);
      return;
    }
    const encounter = data['encounter'] as string;
    const location = data['location'] as Place | undefined;
    if (type === 'adt.admitted') {
      const stay = this.#arrives(encounter, (data['patient'] as Data)['id'] as string, event);
      this.#rule('nobody is admitted twice', !stay.admitted, event);
      stay.admitted = true;
      this.#place(encounter, stay, location!, event);
      return;
    }
    const stay = this.#here(event, 'who is moved or discharged is in the house');
    if (!stay) return;
    if (type === 'adt.transferred') {
      this.#rule('nobody is moved out of an operating room by others', stay.room === undefined || location!.unitKind === 'or', event);
      this.#rule('nobody is moved while on a scanner', stay.scanner === undefined, event);
      const from = data['from'] as Place | undefined;
      if (from) this.#rule('a move begins where the patient is', from.unit === stay.place?.unit && from.bed === stay.place?.bed, { ...event, place: stay.place });
      this.#place(encounter, stay, location!, event);
    } else if (type === 'adt.discharged') {
      this.#rule('nobody leaves from an operating room or a scanner', stay.room === undefined && stay.scanner === undefined, event);
      this.#rule('nobody goes home soon after an urgent operation', stay.operatedAt === undefined || data['disposition'] === 'deceased' || this.#now - stay.operatedAt >= WATCHED_MS, event);
      if (location) this.#rule('one leaves from where one is', location.unit === stay.place?.unit && location.bed === stay.place?.bed, { ...event, place: stay.place });
      if (data['disposition'] === 'deceased') this.#dead.add(this.#one(stay.person));
      stay.admitted = false;
      this.#leaves(encounter, stay);
    } else if (type === 'adt.discharge-pending') {
      this.#rule('nobody is told to go home from intensive care or recovery', ['ward', 'step_down'].includes(stay.place?.unitKind ?? ''), event);
    }
  }

  #place(encounter: string, stay: Stay, place: Place, event: Envelope): void {
    const labels = this.#known.get(place.unit);
    this.#rule('places are those of the site', labels !== undefined && (place.bed === undefined || labels.includes(place.bed)), event);
    if (stay.place?.bed !== undefined) this.#beds.get(`${stay.place.unit}/${stay.place.bed}`)!.patient = undefined;
    const before = stay.place;
    stay.place = place;
    if (place.bed === undefined) return;
    const key = `${place.unit}/${place.bed}`;
    const bed = this.#beds.get(key);
    if (bed) {
      this.#rule('two patients are never in one bed', bed.patient === undefined || bed.patient === encounter, { ...event, patient: bed.patient });
      if (INPATIENT.includes(place.unitKind!)) this.#rule('a patient comes into the bed that was kept for them', bed.status === 'occupied', { ...event, bed, before });
      bed.patient = encounter;
    } else this.#beds.set(key, { status: place.unitKind === 'pacu' ? 'occupied' : 'unknown', patient: encounter, cleanedSince: true });
  }

  #bed(event: Envelope): void {
    const { type, data } = event;
    const key = `${data['unit'] as string}/${data['bed'] as string}`;
    const bed = this.#beds.get(key) ?? { status: 'unknown', cleanedSince: true };
    this.#beds.set(key, bed);
    const was = bed.status;
    const step = (from: readonly string[], to: string) => {
      this.#rule('a bed goes from dirty by cleaning to clean', was === 'unknown' || from.includes(was), { ...event, was });
      bed.status = to;
    };
    switch (type) {
      case 'bed.status-changed': {
        const to = data['status'] as string;
        if (was === 'unknown') bed.status = to;
        else if (to === 'occupied') {
          this.#rule('only a clean bed is taken, by whom it was kept for', was === 'available' && bed.reservedFor !== undefined && bed.cleanedSince, { ...event, bed });
          bed.status = to;
          bed.reservedFor = undefined;
          bed.cleanedSince = false;
        } else if (to === 'dirty') step(['occupied'], to);
        else step([], to);
        break;
      }
      case 'bed.cleaning-requested':
        step(['dirty'], 'requested');
        break;
      case 'bed.cleaning-started':
        step(['requested'], 'cleaning');
        break;
      case 'bed.cleaning-completed':
        step(['cleaning'], 'available');
        bed.cleanedSince = true;
        break;
      case 'bed.blocked':
        this.#rule('no bed is closed that somebody is in or comes to', was === 'available' && bed.reservedFor === undefined, { ...event, bed });
        bed.status = 'blocked';
        break;
      case 'bed.unblocked':
        step(['blocked'], 'available');
        break;
      case 'bed.reserved':
        this.#rule('only a clean, free bed is kept for somebody', was === 'available' && bed.reservedFor === undefined, { ...event, bed });
        bed.reservedFor = data['encounter'] as string;
        bed.reservedAt = this.#now;
        break;
      case 'bed.released':
        this.#rule('only a kept bed is given back', bed.reservedFor !== undefined, event);
        bed.reservedFor = undefined;
        break;
    }
  }

  #ed(event: Envelope): void {
    const { type, data } = event;
    const encounter = data['encounter'] as string;
    if (type.startsWith('ed.ambulance-')) return;
    if (type === 'ed.arrived') {
      const person = (data['patient'] as Data)['id'] as string;
      const left = this.#leftAt.get(this.#one(person));
      this.arrivals.push(this.#now);
      if (left !== undefined && this.#now - left <= 3 * DAY) this.returnsWithin72h.push(this.#now);
      this.#arrives(encounter, person, event).inEd = true;
    }
    const stay = this.#here(event, 'who is seen in the emergency department is there');
    if (!stay) return;
    this.#rule('who is seen in the emergency department has not left it', stay.inEd, event);
    const step = ED_STEPS.indexOf(type);
    const needs = type === 'ed.left-without-being-seen' ? 'ed.triaged' : type === 'ed.departed' ? 'ed.provider-assigned' : type === 'ed.ventilator-status-changed' ? 'ed.roomed' : ED_STEPS[step - 1];
    this.#rule('steps of a visit follow one another', needs === undefined || stay.said.has(needs), event);
    this.#rule('steps of a visit come once', type === 'ed.ventilator-status-changed' || !stay.said.has(type), event);
    stay.said.add(type);
    if (type === 'ed.ventilator-status-changed') stay.ventilated = data['ventilated'] === true;
    if (type === 'ed.roomed') {
      const space = data['space'] as string;
      this.#rule('one patient a treatment space', !this.#spaces.has(space) && this.#known.get('ED')!.includes(space), event);
      this.#spaces.set(space, encounter);
    }
    if (type !== 'ed.departed' && type !== 'ed.left-without-being-seen') return;
    for (const [space, who] of this.#spaces) if (who === encounter) this.#spaces.delete(space);
    this.#rule('nobody goes home or unseen with a ventilator', data['disposition'] === 'admitted' || stay.ventilated !== true, event);
    this.#rule('who leaves to a ward was to be admitted', data['disposition'] !== 'admitted' || stay.said.has('ed.bed-requested'), event);
    stay.inEd = false;
    this.#leaves(encounter, stay);
  }

  #or(event: Envelope): void {
    const { type, data } = event;
    const id = data['case'] as string;
    const roomId = data['room'] as string;
    const room = this.#rooms.get(roomId) ?? {};
    if (roomId !== undefined) this.#rooms.set(roomId, room);
    if (type === 'or.room-status-changed') {
      room.status = data['status'] as string;
      return;
    }
    if (type === 'or.case-scheduled') {
      const encounter = data['encounter'] as string;
      const one: Case = { encounter, room: roomId, urgent: data['addOn'] === true, said: [], hold: false, procedure: data['procedure'] as string, service: data['service'] as string };
      const open = [...this.#cases.values()].filter((other) => other.encounter === encounter && other.said.at(-1) !== 'or.patient-out-of-room' && other.said.at(-1) !== 'or.case-cancelled');
      this.#rule('nobody waits for two operations', open.length === 0, event);
      this.#cases.set(id, one);
    }
    const one = this.#cases.get(id);
    this.#rule('only what is on the list is operated', one !== undefined, event);
    if (!one) return;
    if (type === 'or.bed-hold-requested' || type === 'or.bed-hold-released') {
      this.#rule('only a hold that was asked for is given back', type === 'or.bed-hold-requested' || one.hold, event);
      one.hold = type === 'or.bed-hold-requested';
      return;
    }
    if (type === 'or.case-delayed') return;
    this.#rule('nothing is done of a cancelled case', !one.said.includes('or.case-cancelled'), event);
    const step = CASE_STEPS.indexOf(type);
    this.#rule('steps of an operation follow one another, once', step <= 0 || one.said.at(-1) === CASE_STEPS[step - 1], { ...event, said: one.said });
    one.said.push(type);
    const stay = this.#stays.get(one.encounter);
    if (type === 'or.patient-in-room') {
      this.#rule('only who is in the house is operated', stay !== undefined && (stay.inEd || stay.admitted), event);
      this.#rule('one patient a room, one room a patient', room.inside === undefined && stay?.room === undefined, { ...event, inside: room.inside });
      this.#rule('nobody comes into a closed room', room.status !== 'closed', { ...event, room });
      this.#rule('nobody is operated while on a scanner', stay?.scanner === undefined, event);
      this.#whom(one, stay, event);
      room.inside = one.encounter;
      if (stay) stay.room = roomId;
    } else if (type === 'or.patient-out-of-room') {
      room.inside = undefined;
      if (stay) {
        stay.room = undefined;
        if (one.urgent) stay.operatedAt = this.#now;
      }
    } else if (step > 0) this.#rule('who is operated is in the room', room.inside === one.encounter, event);
  }

  #whom({ procedure, service }: Case, stay: Stay | undefined, event: Envelope): void {
    const { sex, birthDate } = this.#people.get(stay?.person ?? '') ?? {};
    const age = birthDate === undefined ? 40 : (this.#now - Date.parse(birthDate)) / (365.25 * DAY);
    const seen = { ...event, procedure, service, sex, age };
    if (FEMALE.includes(service)) this.#rule('operations of women are of women', sex === 'F', seen);
    if (MALE.includes(procedure)) this.#rule('operations of men are of men', sex === 'M', seen);
    if (CHILDREN.includes(service)) this.#rule('children are children', age < 18, seen);
    if (GROWN.includes(service)) this.#rule('operations of adults are of adults', age >= 18, seen);
  }

  #icu(event: Envelope): void {
    const { type, data } = event;
    const stay = this.#here(event, 'who is in intensive care is in the house');
    if (!stay) return;
    const moving = type === 'icu.discharged';
    this.#rule('intensive care speaks of who is there', moving || (stay.place?.unit === data['unit'] && stay.place?.bed === data['bed']), { ...event, place: stay.place });
    if (type === 'icu.admitted') this.#rule('intensive care is in an intensive care unit', stay.place?.unitKind === 'icu', event);
    if (type === 'icu.ventilator-status-changed') {
      this.#rule('a ventilator is begun, then ended', stay.ventilated === true || data['ventilated'] === true, event);
      stay.ventilated = data['ventilated'] === true;
    }
    if (type === 'icu.transfer-ordered') this.#rule('nobody leaves intensive care with a ventilator', stay.ventilated !== true, event);
  }

  #order(event: Envelope): void {
    const { type, data } = event;
    const id = `${type.slice(0, type.indexOf('.'))} ${data['order'] as string}`;
    const said = this.#orders.get(id) ?? new Set<string>();
    this.#orders.set(id, said);
    const before = AFTER[type];
    this.#rule('orders go step by step', before === undefined || said.has(before), event);
    const done = NOT_ONCE_DONE[type];
    this.#rule('what was done is not withdrawn', done === undefined || !said.has(done), event);
    this.#rule('nothing is done of a withdrawn order', ![...said].some((one) => one.endsWith('cancelled')), event);
    this.#rule('steps of an order come once', !said.has(type) || (type === 'lab.result-reported' && data['status'] === 'corrected'), event);
    said.add(type);
    const scanner = data['scanner'] as string | undefined;
    const stay = data['encounter'] === undefined ? undefined : AT_THE_PATIENT.has(type) ? this.#here(event, 'who is examined or given a drug is in the house') : this.#stays.get(data['encounter'] as string);
    if (type === 'imaging.study-started') {
      this.#rule('one patient a scanner', !this.#scanners.has(scanner!), event);
      this.#rule('nobody is on a scanner and in an operating room', stay?.room === undefined, event);
      this.#rule('nobody is on two scanners', stay?.scanner === undefined, event);
      this.#scanners.set(scanner!, id);
      if (stay) stay.scanner = scanner;
    } else if (type === 'imaging.study-completed') {
      this.#rule('a study ends on its scanner', this.#scanners.get(scanner!) === id, event);
      this.#scanners.delete(scanner!);
      if (stay) stay.scanner = undefined;
    }
    if (type === 'lab.specimen-collected') this.#rule('nurses draw no blood in an operating room', stay?.room === undefined, event);
  }

  #claim(event: Envelope): void {
    const claim = event.data['claim'] as string;
    this.#rule('a claim is opened first', this.#claims.has(claim) || event.data['status'] === 'opened', event);
    this.#claims.add(claim);
  }

  /** Holds of cases that were cancelled, or whose patients are out. */
  openHolds(): string[] {
    return [...this.#cases].flatMap(([id, { hold, said }]) => (hold && (said.at(-1) === 'or.case-cancelled' || said.at(-1) === 'or.patient-out-of-room') ? [id] : []));
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
