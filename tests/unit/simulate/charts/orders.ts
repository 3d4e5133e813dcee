import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import type { Charts } from './charts.ts';

const AFTER: Readonly<Record<string, string>> = {
  'lab.specimen-collected': 'lab.order-created', 'lab.specimen-received': 'lab.specimen-collected', 'lab.result-reported': 'lab.specimen-received',
  'imaging.study-started': 'imaging.order-created', 'imaging.study-completed': 'imaging.study-started', 'imaging.report-signed': 'imaging.study-completed',
  'pharmacy.dispensed': 'pharmacy.order-queued', 'lab.order-cancelled': 'lab.order-created', 'imaging.order-cancelled': 'imaging.order-created', 'pharmacy.order-cancelled': 'pharmacy.order-queued',
};
const NOT_ONCE_DONE: Readonly<Record<string, string>> = { 'lab.order-cancelled': 'lab.specimen-collected', 'imaging.order-cancelled': 'imaging.study-started', 'pharmacy.order-cancelled': 'pharmacy.dispensed' };
/** What is done to a patient, who must be there. */
const AT_THE_PATIENT = new Set(['lab.order-created', 'lab.specimen-collected', 'imaging.order-created', 'imaging.study-started', 'imaging.study-completed', 'pharmacy.order-queued', 'pharmacy.dispensed']);

/** Reads orders of the laboratory, imaging and the pharmacy. */
export class Orders {
  readonly #charts: Charts;
  readonly #orders = new Map<string, Set<string>>();
  readonly #scanners = new Map<string, string>();

  constructor(charts: Charts) {
    this.#charts = charts;
  }

  read(event: Envelope): void {
    const { type, data } = event;
    const id = `${type.slice(0, type.indexOf('.'))} ${data['order'] as string}`;
    const said = this.#orders.get(id) ?? new Set<string>();
    this.#orders.set(id, said);
    const before = AFTER[type];
    this.#charts.rule('orders go step by step', before === undefined || said.has(before), event);
    const done = NOT_ONCE_DONE[type];
    this.#charts.rule('what was done is not withdrawn', done === undefined || !said.has(done), event);
    this.#charts.rule('nothing is done of a withdrawn order', ![...said].some((one) => one.endsWith('cancelled')), event);
    this.#charts.rule('steps of an order come once', !said.has(type) || (type === 'lab.result-reported' && data['status'] === 'corrected'), event);
    said.add(type);
    const scanner = data['scanner'] as string | undefined;
    const stay = data['encounter'] === undefined ? undefined : AT_THE_PATIENT.has(type) ? this.#charts.here(event, 'who is examined or given a drug is in the house') : this.#charts.stays.get(data['encounter'] as string);
    if (type === 'imaging.study-started') {
      this.#charts.rule('one patient a scanner', !this.#scanners.has(scanner!), event);
      this.#charts.rule('nobody is on a scanner and in an operating room', stay?.room === undefined, event);
      this.#charts.rule('nobody is on two scanners', stay?.scanner === undefined, event);
      this.#scanners.set(scanner!, id);
      if (stay) stay.scanner = scanner;
    } else if (type === 'imaging.study-completed') {
      this.#charts.rule('a study ends on its scanner', this.#scanners.get(scanner!) === id, event);
      this.#scanners.delete(scanner!);
      if (stay) stay.scanner = undefined;
    }
    if (type === 'lab.specimen-collected') this.#charts.rule('nurses draw no blood in an operating room', stay?.room === undefined, event);
  }
}
