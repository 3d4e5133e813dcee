import type { SiteConfig } from '#shared/site.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import { pastUses, type PastUse } from './beds/past-use.ts';
import { PastUses } from './beds/past-uses.ts';
import type { BedState } from './beds/state.ts';
import { Groups } from './groups.ts';
import type { EncounterState } from './states.ts';
import { whereabouts, type Whereabouts } from './whereabouts.ts';

/** When a bed was last taken by a placement, and whenever one left it, in order; epoch ms. */
export interface BedUse {
  readonly takenAt?: number;
  readonly vacatedAt?: number;
  readonly vacated: readonly number[];
}

/** Who is where and was in which bed, kept in step with the encounters and beds of a house. */
export class Occupancy {
  readonly #encounters: ReadonlyMap<string, EncounterState>;
  readonly #beds: ReadonlyMap<string, BedState>;
  readonly #soleEd: string | undefined;
  readonly #present = new Map<string, Whereabouts>();
  readonly #inBed = new Groups();
  /** Encounters that have or had a stay in a bed, by bed key. */
  readonly #byBed = new Groups();
  readonly #uses = new Map<string, BedUse>();
  readonly #past = new PastUses();
  readonly #configured = new Set<string>();
  /** Bed labels by unit: configured, spoken of, or lain in. */
  readonly #labels = new Groups();

  /** `encounters` and `beds` are the tables of the house; they are to change before this is told. */
  constructor(site: SiteConfig, soleEd: string | undefined, encounters: ReadonlyMap<string, EncounterState>, beds: ReadonlyMap<string, BedState>) {
    this.#encounters = encounters;
    this.#beds = beds;
    this.#soleEd = soleEd;
    for (const unit of site.units) {
      for (const bed of unit.beds) {
        this.#configured.add(bedKey({ unit: unit.id, bed }));
        this.#see(unit.id, bed);
      }
    }
  }

  get present(): ReadonlyMap<string, Whereabouts> {
    return this.#present;
  }

  inBed(key: string): ReadonlySet<string> {
    return this.#inBed.of(key);
  }

  everInBed(key: string): ReadonlySet<string> {
    return this.#byBed.of(key);
  }

  labels(unit: string): ReadonlySet<string> {
    return this.#labels.of(unit);
  }

  units(): Iterable<string> {
    return this.#labels.keys();
  }

  isConfigured(key: string): boolean {
    return this.#configured.has(key);
  }

  useOf(key: string): BedUse {
    let use = this.#uses.get(key);
    if (!use) this.#uses.set(key, (use = this.#readUse(key)));
    return use;
  }

  bedChanged(bed: BedState | undefined): void {
    if (bed) this.#see(bed.unit, bed.bed);
  }

  encounterChanged(id: string, before: EncounterState | undefined, after: EncounterState | undefined): void {
    if (after) for (const { unit, bed } of this.#past.takeOf(id)) this.#seeAnew(unit, bed);
    if (before?.adt !== after?.adt || !after) this.#indexStays(id, before, after);
    const was = this.#present.get(id);
    const is = after && whereabouts(after, this.#soleEd);
    if (is) this.#present.set(id, is);
    else this.#present.delete(id);
    if (was?.unit === is?.unit && was?.bed === is?.bed) return;
    if (was?.bed !== undefined) {
      this.#inBed.drop(bedKey({ unit: was.unit, bed: was.bed }), id);
      this.#see(was.unit, was.bed);
    }
    if (is?.bed !== undefined) {
      this.#inBed.add(bedKey({ unit: is.unit, bed: is.bed }), id);
      this.#see(is.unit, is.bed);
    }
  }

  /** An encounter is not in memory any more: when it left its beds stays known. */
  encounterLetGo(id: string, state: EncounterState | undefined): void {
    for (const use of pastUses(state?.adt)) this.remember(id, use);
  }

  /** Notes how an encounter used a bed. It counts while the encounter itself is not in memory, and no later use is known. */
  remember(encounter: string, use: PastUse): void {
    if (!this.#encounters.has(encounter) && this.#past.add(encounter, use)) this.#seeAnew(use.unit, use.bed);
  }

  #indexStays(id: string, before: EncounterState | undefined, after: EncounterState | undefined): void {
    const left = (before?.adt?.stays ?? []).filter((stay) => stay.bed !== undefined);
    const now = (after?.adt?.stays ?? []).filter((stay) => stay.bed !== undefined);
    for (const { unit, bed } of left) this.#byBed.drop(bedKey({ unit, bed: bed! }), id);
    for (const { unit, bed } of now) this.#byBed.add(bedKey({ unit, bed: bed! }), id);
    for (const { unit, bed } of [...left, ...now]) this.#seeAnew(unit, bed!);
  }

  /** The use of the bed is another one. */
  #seeAnew(unit: string, bed: string): void {
    this.#uses.delete(bedKey({ unit, bed }));
    this.#see(unit, bed);
  }

  /** Keeps a label as long as anything speaks of the bed: a placement that was withdrawn leaves no bed behind. */
  #see(unit: string, bed: string): void {
    const key = bedKey({ unit, bed });
    const isSpokenOf = this.#configured.has(key) || this.#beds.has(key) || this.#byBed.has(key) || this.#inBed.has(key) || this.#past.of(key) !== undefined;
    if (isSpokenOf) this.#labels.add(unit, bed);
    else this.#labels.drop(unit, bed);
  }

  #readUse(key: string): BedUse {
    const past = this.#past.of(key);
    let takenAt = past?.takenAt;
    const vacated = past ? [past.vacatedAt] : [];
    for (const id of this.#byBed.of(key)) {
      for (const { unit, bed, from, to } of this.#encounters.get(id)?.adt?.stays ?? []) {
        if (bed === undefined || bedKey({ unit, bed }) !== key) continue;
        takenAt = Math.max(takenAt ?? from, from);
        if (to !== undefined) vacated.push(to);
      }
    }
    vacated.sort((a, b) => a - b);
    const vacatedAt = vacated.at(-1);
    return { vacated, ...(takenAt === undefined ? {} : { takenAt }), ...(vacatedAt === undefined ? {} : { vacatedAt }) };
  }
}
