import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import { HOUR } from '#core/simulate/hospital/time.ts';
import type { Beds } from './beds.ts';
import type { Charts, Data, Place } from './charts.ts';

/** After an urgent operation one stays at least so long. */
const WATCHED_MS = 12 * HOUR;

/** Reads who is admitted, moved and discharged, and whose records are merged. */
export class Movements {
  readonly #charts: Charts;
  readonly #beds: Beds;

  constructor(charts: Charts, beds: Beds) {
    this.#charts = charts;
    this.#beds = beds;
  }

  read(event: Envelope): void {
    const { type, data } = event;
    if (type === 'adt.merged') {
      const [from, into] = [data['patient'], data['into']].map((one) => (one as Data)['id'] as string) as [string, string];
      this.#charts.rule('a merge joins two records that there are', from !== into && this.#charts.people.has(from) && this.#charts.people.has(into), event);
      const [a, b] = [this.#charts.people.get(from), this.#charts.people.get(into)];
      this.#charts.rule('records that are merged are of one person', a?.birthDate === b?.birthDate && a?.sex === b?.sex, event);
      this.#charts.rule('a record that was merged is not spoken of again', ![...this.#charts.stays.values()].some(({ person, inEd, admitted }) => person === from && (inEd || admitted)), event);
      return;
    }
    const encounter = data['encounter'] as string;
    const location = data['location'] as Place | undefined;
    if (type === 'adt.admitted') {
      const stay = this.#charts.arrives(encounter, (data['patient'] as Data)['id'] as string, event);
      this.#charts.rule('nobody is admitted twice', !stay.admitted, event);
      stay.admitted = true;
      this.#beds.place(encounter, stay, location!, event);
      return;
    }
    const stay = this.#charts.here(event, 'who is moved or discharged is in the house');
    if (!stay) return;
    if (type === 'adt.transferred') {
      this.#charts.rule('nobody is moved out of an operating room by others', stay.room === undefined || location!.unitKind === 'or', event);
      this.#charts.rule('nobody is moved while on a scanner', stay.scanner === undefined, event);
      const from = data['from'] as Place | undefined;
      if (from) this.#charts.rule('a move begins where the patient is', from.unit === stay.place?.unit && from.bed === stay.place?.bed, { ...event, place: stay.place });
      this.#beds.place(encounter, stay, location!, event);
    } else if (type === 'adt.discharged') {
      this.#charts.rule('nobody leaves from an operating room or a scanner', stay.room === undefined && stay.scanner === undefined, event);
      this.#charts.rule('nobody goes home soon after an urgent operation', stay.operatedAt === undefined || data['disposition'] === 'deceased' || this.#charts.now - stay.operatedAt >= WATCHED_MS, event);
      if (location) this.#charts.rule('one leaves from where one is', location.unit === stay.place?.unit && location.bed === stay.place?.bed, { ...event, place: stay.place });
      if (data['disposition'] === 'deceased') this.#charts.dead.add(this.#charts.one(stay.person));
      stay.admitted = false;
      this.#charts.leaves(encounter, stay);
    } else if (type === 'adt.discharge-pending') {
      this.#charts.rule('nobody is told to go home from intensive care or recovery', ['ward', 'step_down'].includes(stay.place?.unitKind ?? ''), event);
    }
  }
}
