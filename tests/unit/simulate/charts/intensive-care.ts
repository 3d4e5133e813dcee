import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import type { Charts } from './charts.ts';

/** Reads what intensive care says of its patients. */
export class IntensiveCare {
  readonly #charts: Charts;

  constructor(charts: Charts) {
    this.#charts = charts;
  }

  read(event: Envelope): void {
    const { type, data } = event;
    const stay = this.#charts.here(event, 'who is in intensive care is in the house');
    if (!stay) return;
    const moving = type === 'icu.discharged';
    this.#charts.rule('intensive care speaks of who is there', moving || (stay.place?.unit === data['unit'] && stay.place?.bed === data['bed']), { ...event, place: stay.place });
    if (type === 'icu.admitted') this.#charts.rule('intensive care is in an intensive care unit', stay.place?.unitKind === 'icu', event);
    if (type === 'icu.ventilator-status-changed') {
      this.#charts.rule('a ventilator is begun, then ended', stay.ventilated === true || data['ventilated'] === true, event);
      stay.ventilated = data['ventilated'] === true;
    }
    if (type === 'icu.transfer-ordered') this.#charts.rule('nobody leaves intensive care with a ventilator', stay.ventilated !== true, event);
  }
}
