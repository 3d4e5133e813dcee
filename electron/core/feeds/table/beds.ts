/**
 * Gives out beds where the data name none: the first bed of the unit that is free at the moment. Deterministic in the
 * order of calls. What it gives is constructed and must be marked so.
 */
export class BedBoard {
  readonly #labels: Readonly<Record<string, readonly string[]>>;
  readonly #freeFrom = new Map<string, Map<string, number>>();
  readonly #held = new Map<string, { unit: string; bed: string }>();
  readonly full = new Map<string, number>();

  /** @param labels beds by unit; a unit that is not listed has beds "1", "2", ... without end. */
  constructor(labels: Readonly<Record<string, readonly string[]>> = {}) {
    this.#labels = labels;
  }

  /**
   * @param from epoch ms of the placement. @param until epoch ms of its end; without it the bed is kept until the case
   * takes another one. @param restMinutes time a bed stays empty after a stay, if another bed is free.
   * @returns undefined when every listed bed of the unit is taken; counted in `full`.
   */
  take(caseKey: string, unit: string, from: number, until: number | undefined, restMinutes: number): string | undefined {
    const held = this.#held.get(caseKey);
    if (held) this.#unit(held.unit).set(held.bed, Math.min(from, this.#unit(held.unit).get(held.bed) ?? from));
    const beds = this.#unit(unit);
    const bed = this.#free(unit, beds, from - restMinutes * 60_000) ?? this.#free(unit, beds, from);
    if (bed === undefined) {
      this.#held.delete(caseKey);
      this.full.set(unit, (this.full.get(unit) ?? 0) + 1);
      return undefined;
    }
    beds.set(bed, until ?? Infinity);
    this.#held.set(caseKey, { unit, bed });
    return bed;
  }

  #unit(unit: string): Map<string, number> {
    const beds = this.#freeFrom.get(unit) ?? new Map<string, number>();
    this.#freeFrom.set(unit, beds);
    return beds;
  }

  #free(unit: string, beds: ReadonlyMap<string, number>, at: number): string | undefined {
    const isFree = (bed: string) => (beds.get(bed) ?? -Infinity) <= at;
    const labels = this.#labels[unit];
    if (labels) return labels.find(isFree);
    for (let n = 1; ; n++) if (isFree(String(n))) return String(n);
  }
}
