import type { SiteConfig } from '#shared/site.ts';
import { bedKey } from '#shared/events/types/bed.ts';
import { pastUses, type PastUse } from './beds/past-use.ts';
import { PastUses } from './beds/past-uses.ts';
import type { BedState } from './beds/state.ts';
import { Moments } from './beds/moments.ts';
import { Groups } from './groups.ts';
import type { EncounterState } from './states.ts';
import { whereabouts, type Whereabouts } from './whereabouts.ts';

/** When a bed was taken by placements, and when they left it; kept in step, since a bed has thousands of stays in memory. */
class BedUse {
  readonly taken = new Moments();
  readonly vacated = new Moments();
}

/** A stay in a bed; `to` is absent while it lasts. */
interface Use {
  readonly unit: string;
  readonly bed: string;
  readonly from: number;
  readonly to: number | undefined;
}

/** Who is where and was in which bed, kept in step with the encounters and beds of a house. */
export class Occupancy {
  readonly #encounters: ReadonlyMap<string, EncounterState>;
  readonly #beds: ReadonlyMap<string, BedState>;
  #soleEd: string | undefined;
  readonly #present = new Map<string, Whereabouts>();
  readonly #inBed = new Groups();
  readonly #uses = new Map<string, BedUse>();
  /** Those of the uses whose encounters are not in memory any more. */
  readonly #past = new PastUses();
  #configured = new Map<string, { unit: string; bed: string }>();
  /** Bed labels by unit: configured, spoken of, or lain in. */
  readonly #labels = new Groups();

  /** `encounters` and `beds` are the tables of the house; they are to change before this is told. */
  constructor(site: SiteConfig, soleEd: string | undefined, encounters: ReadonlyMap<string, EncounterState>, beds: ReadonlyMap<string, BedState>) {
    this.#encounters = encounters;
    this.#beds = beds;
    this.#soleEd = soleEd;
    this.configure(site, soleEd);
  }

  /** Another site document: beds come and go, and who is where is asked again if there is another sole department. */
  configure(site: SiteConfig, soleEd: string | undefined): void {
    const before = this.#configured;
    this.#configured = new Map(site.units.flatMap(({ id: unit, beds }) => beds.map((bed) => [bedKey({ unit, bed }), { unit, bed }] as const)));
    for (const { unit, bed } of [...before.values(), ...this.#configured.values()]) this.#see(unit, bed);
    if (soleEd === this.#soleEd) return;
    this.#soleEd = soleEd;
    for (const [id, state] of this.#encounters) this.#place(id, state);
  }

  get present(): ReadonlyMap<string, Whereabouts> {
    return this.#present;
  }

  inBed(key: string): ReadonlySet<string> {
    return this.#inBed.of(key);
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

  /** When a placement last took the bed, epoch ms. */
  takenAt(key: string): number | undefined {
    return this.#uses.get(key)?.taken.last;
  }

  /** When placements left the bed, epoch ms, oldest first; none before what memory holds but the last of those. */
  vacated(key: string): readonly number[] {
    return this.#uses.get(key)?.vacated.all ?? [];
  }

  bedChanged(bed: BedState | undefined): void {
    if (bed) this.#see(bed.unit, bed.bed);
  }

  encounterChanged(id: string, before: EncounterState | undefined, after: EncounterState | undefined): void {
    if (after) for (const use of this.#past.takeOf(id)) this.#forget(use);
    if (before?.adt !== after?.adt || !after) this.#indexStays(before, after);
    this.#place(id, after);
  }

  #place(id: string, after: EncounterState | undefined): void {
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
    if (this.#encounters.has(encounter)) return;
    const before = this.#past.of(bedKey(use));
    if (!this.#past.add(encounter, use)) return;
    if (before) this.#forget(before);
    this.#note({ ...use, from: use.takenAt, to: use.vacatedAt });
  }

  #indexStays(before: EncounterState | undefined, after: EncounterState | undefined): void {
    for (const { unit, bed, from, to } of before?.adt?.stays ?? []) if (bed !== undefined) this.#unnote({ unit, bed, from, to });
    for (const { unit, bed, from, to } of after?.adt?.stays ?? []) if (bed !== undefined) this.#note({ unit, bed, from, to });
  }

  #note({ unit, bed, from, to }: Use): void {
    const key = bedKey({ unit, bed });
    let use = this.#uses.get(key);
    if (!use) this.#uses.set(key, (use = new BedUse()));
    use.taken.add(from);
    if (to !== undefined) use.vacated.add(to);
    this.#see(unit, bed);
  }

  #unnote({ unit, bed, from, to }: Use): void {
    const key = bedKey({ unit, bed });
    const use = this.#uses.get(key)!;
    use.taken.drop(from);
    if (to !== undefined) use.vacated.drop(to);
    if (use.taken.last === undefined) this.#uses.delete(key);
    this.#see(unit, bed);
  }

  #forget({ unit, bed, takenAt, vacatedAt }: PastUse): void {
    this.#unnote({ unit, bed, from: takenAt, to: vacatedAt });
  }

  /** Keeps a label as long as anything speaks of the bed: a placement that was withdrawn leaves no bed behind. */
  #see(unit: string, bed: string): void {
    const key = bedKey({ unit, bed });
    const isSpokenOf = this.#configured.has(key) || this.#beds.has(key) || this.#uses.has(key) || this.#inBed.has(key);
    if (isSpokenOf) this.#labels.add(unit, bed);
    else this.#labels.drop(unit, bed);
  }
}
