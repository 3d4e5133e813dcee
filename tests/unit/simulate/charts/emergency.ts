import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';
import type { Charts, Data } from './charts.ts';

const DAY = 24 * HOUR;
const ED_STEPS = ['ed.arrived', 'ed.triaged', 'ed.roomed', 'ed.provider-assigned', 'ed.admission-decided', 'ed.bed-requested', 'ed.departed'];

/** Reads the visits to the emergency department. */
export class Emergency {
  readonly #charts: Charts;
  readonly arrivals: number[] = [];
  readonly returnsWithin72h: number[] = [];
  readonly #spaces = new Map<string, string>();

  constructor(charts: Charts) {
    this.#charts = charts;
  }

  read(event: Envelope): void {
    const { type, data } = event;
    const encounter = data['encounter'] as string;
    if (type.startsWith('ed.ambulance-')) return;
    if (type === 'ed.arrived') {
      const person = (data['patient'] as Data)['id'] as string;
      const left = this.#charts.leftAt.get(this.#charts.one(person));
      this.arrivals.push(this.#charts.now);
      if (left !== undefined && this.#charts.now - left <= 3 * DAY) this.returnsWithin72h.push(this.#charts.now);
      this.#charts.arrives(encounter, person, event).inEd = true;
    }
    const stay = this.#charts.here(event, 'who is seen in the emergency department is there');
    if (!stay) return;
    this.#charts.rule('who is seen in the emergency department has not left it', stay.inEd, event);
    const step = ED_STEPS.indexOf(type);
    const needs = type === 'ed.left-without-being-seen' ? 'ed.triaged' : type === 'ed.departed' ? 'ed.provider-assigned' : type === 'ed.ventilator-status-changed' ? 'ed.roomed' : ED_STEPS[step - 1];
    this.#charts.rule('steps of a visit follow one another', needs === undefined || stay.said.has(needs), event);
    this.#charts.rule('steps of a visit come once', type === 'ed.ventilator-status-changed' || !stay.said.has(type), event);
    stay.said.add(type);
    if (type === 'ed.ventilator-status-changed') stay.ventilated = data['ventilated'] === true;
    if (type === 'ed.roomed') {
      const space = data['space'] as string;
      this.#charts.rule('one patient a treatment space', !this.#spaces.has(space) && this.#charts.known.get('ED')!.includes(space), event);
      this.#spaces.set(space, encounter);
    }
    if (type !== 'ed.departed' && type !== 'ed.left-without-being-seen') return;
    for (const [space, who] of this.#spaces) if (who === encounter) this.#spaces.delete(space);
    this.#charts.rule('nobody goes home or unseen with a ventilator', data['disposition'] === 'admitted' || stay.ventilated !== true, event);
    this.#charts.rule('who leaves to a ward was to be admitted', data['disposition'] !== 'admitted' || stay.said.has('ed.bed-requested'), event);
    stay.inEd = false;
    this.#charts.leaves(encounter, stay);
  }
}
