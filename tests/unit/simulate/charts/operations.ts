import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';
import type { Charts, Stay } from './charts.ts';

interface Case {
  encounter: string;
  room: string;
  urgent: boolean;
  said: string[];
  hold: boolean;
  procedure: string;
  service: string;
}

const DAY = 24 * HOUR;
/** Of women, of men, of children. */
const FEMALE = ['OBGYN'];
const MALE = ['Vasectomy', 'Cryosurgery of the prostate gland'];
const CHILDREN = ['Pediatrics'];
const GROWN = ['Cardiac', 'Ophthalmology', 'Plastic'];
const CASE_STEPS = ['or.case-scheduled', 'or.patient-in-room', 'or.case-started', 'or.case-completed', 'or.patient-out-of-room'];

/** Reads what is done in the operating rooms, and to whom. */
export class Operations {
  readonly #charts: Charts;
  readonly #cases = new Map<string, Case>();
  readonly #rooms = new Map<string, { inside?: string | undefined; status?: string }>();

  constructor(charts: Charts) {
    this.#charts = charts;
  }

  read(event: Envelope): void {
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
      this.#charts.rule('nobody waits for two operations', open.length === 0, event);
      this.#cases.set(id, one);
    }
    const one = this.#cases.get(id);
    this.#charts.rule('only what is on the list is operated', one !== undefined, event);
    if (!one) return;
    if (type === 'or.bed-hold-requested' || type === 'or.bed-hold-released') {
      this.#charts.rule('only a hold that was asked for is given back', type === 'or.bed-hold-requested' || one.hold, event);
      one.hold = type === 'or.bed-hold-requested';
      return;
    }
    if (type === 'or.case-delayed') return;
    this.#charts.rule('nothing is done of a cancelled case', !one.said.includes('or.case-cancelled'), event);
    const step = CASE_STEPS.indexOf(type);
    this.#charts.rule('steps of an operation follow one another, once', step <= 0 || one.said.at(-1) === CASE_STEPS[step - 1], { ...event, said: one.said });
    one.said.push(type);
    const stay = this.#charts.stays.get(one.encounter);
    if (type === 'or.patient-in-room') {
      this.#charts.rule('only who is in the house is operated', stay !== undefined && (stay.inEd || stay.admitted), event);
      this.#charts.rule('one patient a room, one room a patient', room.inside === undefined && stay?.room === undefined, { ...event, inside: room.inside });
      this.#charts.rule('nobody comes into a closed room', room.status !== 'closed', { ...event, room });
      this.#charts.rule('nobody is operated while on a scanner', stay?.scanner === undefined, event);
      this.#whom(one, stay, event);
      room.inside = one.encounter;
      if (stay) stay.room = roomId;
    } else if (type === 'or.patient-out-of-room') {
      room.inside = undefined;
      if (stay) {
        stay.room = undefined;
        if (one.urgent) stay.operatedAt = this.#charts.now;
      }
    } else if (step > 0) this.#charts.rule('who is operated is in the room', room.inside === one.encounter, event);
  }

  /** Holds of cases that were cancelled, or whose patients are out. */
  openHolds(): string[] {
    return [...this.#cases].flatMap(([id, { hold, said }]) => (hold && (said.at(-1) === 'or.case-cancelled' || said.at(-1) === 'or.patient-out-of-room') ? [id] : []));
  }

  #whom({ procedure, service }: Case, stay: Stay | undefined, event: Envelope): void {
    const { sex, birthDate } = this.#charts.people.get(stay?.person ?? '') ?? {};
    const age = birthDate === undefined ? 40 : (this.#charts.now - Date.parse(birthDate)) / (365.25 * DAY);
    const seen = { ...event, procedure, service, sex, age };
    if (FEMALE.includes(service)) this.#charts.rule('operations of women are of women', sex === 'F', seen);
    if (MALE.includes(procedure)) this.#charts.rule('operations of men are of men', sex === 'M', seen);
    if (CHILDREN.includes(service)) this.#charts.rule('children are children', age < 18, seen);
    if (GROWN.includes(service)) this.#charts.rule('operations of adults are of adults', age >= 18, seen);
  }
}
