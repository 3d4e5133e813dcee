import type { Envelope } from '#core/simulate/hospital/emitter.ts';
import type { Charts } from './charts.ts';

/** Reads what becomes of claims. */
export class Claims {
  readonly #charts: Charts;
  readonly #claims = new Set<string>();

  constructor(charts: Charts) {
    this.#charts = charts;
  }

  read(event: Envelope): void {
    if (event.type !== 'rcm.claim-status-changed') return;
    const claim = event.data['claim'] as string;
    this.#charts.rule('a claim is opened first', this.#claims.has(claim) || event.data['status'] === 'opened', event);
    this.#claims.add(claim);
  }
}
