/** What a scenario may change, each a factor of the usual; 0 stops it. */
export const LEVERS = [
  'ed.arrivals', 'ed.treatment', 'admissions.direct', 'stay.length', 'isolation',
  'cleaning.teams', 'cleaning.duration', 'lab.analysers', 'lab.duration', 'imaging.scanners', 'imaging.reading', 'pharmacy.duration',
  'or.duration', 'or.turnover', 'or.firstCaseDelay', 'revenue.denials', 'staffing.present',
] as const;
export type Lever = (typeof LEVERS)[number];

/** Where the levers stand; several scenarios multiply. */
export class Levers {
  readonly #factors = new Map<Lever, number[]>();
  readonly #listeners = new Map<Lever, (() => void)[]>();

  get(lever: Lever): number {
    return (this.#factors.get(lever) ?? []).reduce((product, factor) => product * factor, 1);
  }

  /** Applies a factor; the answer takes it back. */
  pull(lever: Lever, factor: number): () => void {
    const factors = this.#factors.get(lever) ?? [];
    this.#factors.set(lever, factors);
    factors.push(factor);
    this.#changed(lever);
    return () => {
      factors.splice(factors.indexOf(factor), 1);
      this.#changed(lever);
    };
  }

  onChange(lever: Lever, listener: () => void): void {
    this.#listeners.set(lever, [...(this.#listeners.get(lever) ?? []), listener]);
  }

  #changed(lever: Lever): void {
    for (const listener of this.#listeners.get(lever) ?? []) listener();
  }
}
