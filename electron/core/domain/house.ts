import type { SiteConfig } from '#shared/site.ts';
import type { PastUse } from './beds/past-use.ts';
import { Links } from './links.ts';
import { Occupancy } from './occupancy.ts';
import { understoodBy, WORDED } from './own-words.ts';
import { CLOSES, isOpen } from './open.ts';
import { Recent } from './recent.ts';
import { FOLDED_KINDS, type EncounterState, type EntityStates, type FoldedKind } from './states.ts';
import type { Whereabouts } from './whereabouts.ts';
import { Witnesses } from './witnesses.ts';

type Tables = { [K in FoldedKind]: Map<string, EntityStates[K]> };

/** Of a house that is still being read. */
export const BEING_READ = 'what is over is still being read from the store';

function soleEdOf({ units }: SiteConfig): string | undefined {
  const eds = units.filter(({ kind }) => kind === 'ed');
  return eds.length === 1 ? eds[0]!.id : undefined;
}

/**
 * The state of one site in memory: entity states by kind, and the joins that need an index.
 * Everything a metric or view says is derived from here, never from running counters.
 */
export class House {
  #site: SiteConfig;
  #soleEd: string | undefined;
  /**
   * What was over at this time (epoch ms) or later is in memory; what is open always is. Later than -Infinity while a
   * house is still being read, or holds less than metrics look back: see {@link asking}.
   */
  closedSince = -Infinity;
  /** Why what was over before that is not in memory. */
  lackReason = BEING_READ;
  #lacked = false;
  #version = 0;
  readonly #versions = new Map<FoldedKind, number>();
  readonly #tables = Object.fromEntries(FOLDED_KINDS.map((kind) => [kind, new Map()])) as Tables;
  readonly #occupancy: Occupancy;
  readonly #links = new Links();
  /** Made when first asked for. */
  readonly #recent = new Map<FoldedKind, Recent<unknown>>();
  readonly #witnesses = new Map<FoldedKind, Witnesses<unknown>>();

  constructor(site: SiteConfig) {
    this.#site = site;
    this.#soleEd = soleEdOf(site);
    this.#occupancy = new Occupancy(site, this.#soleEd, this.#tables.encounter, this.#tables.bed);
  }

  get site(): SiteConfig {
    return this.#site;
  }

  /** The emergency department, if the site has exactly one. */
  get soleEd(): string | undefined {
    return this.#soleEd;
  }

  /** Goes by another site document from now on: the house is then as if it had been built with it. */
  configure(site: SiteConfig): void {
    this.#site = site;
    this.#soleEd = soleEdOf(site);
    this.#occupancy.configure(site, this.#soleEd);
    for (const kind of WORDED) for (const [id, state] of this.#tables[kind]) this.put(kind, id, state);
    // Tests may look at the site: what they found is asked again, and so is what was derived from any state.
    this.#witnesses.clear();
    this.#version++;
    for (const kind of FOLDED_KINDS) this.#versions.set(kind, this.versionOf(kind) + 1);
  }

  /** Grows with every change, so that what is derived can be kept until the next one. */
  get version(): number {
    return this.#version;
  }

  /** Grows with every change of an entity of the kind. */
  versionOf(kind: FoldedKind): number {
    return this.#versions.get(kind) ?? 0;
  }

  /** What `work` answers, and whether it looked for what is not in memory ({@link closedSince}), so that it may be wrong. */
  asking<T>(work: () => T): { readonly answer: T; readonly lacking: boolean } {
    const before = this.#lacked;
    this.#lacked = false;
    const answer = work();
    const lacking = this.#lacked;
    this.#lacked ||= before;
    return { answer, lacking };
  }

  /** Marks the question that is being asked as lacking: its answer comes from an earlier one that was. */
  lack(): void {
    this.#lacked = true;
  }

  all<K extends FoldedKind>(kind: K): ReadonlyMap<string, EntityStates[K]> {
    if (this.closedSince > -Infinity && CLOSES.has(kind)) this.#lacked = true;
    return this.#tables[kind];
  }

  get<K extends FoldedKind>(kind: K, id: string): EntityStates[K] | undefined {
    return this.#tables[kind].get(id);
  }

  /** Puts the new state of one entity in place of the old one, as this site understands it; undefined forgets it. */
  put<K extends FoldedKind>(kind: K, id: string, told: EntityStates[K] | undefined): void {
    const state = told && understoodBy(this.#site, kind, told);
    const table = this.#tables[kind];
    const before = table.get(id);
    if (state === undefined) table.delete(id);
    else table.set(id, state);
    this.#version++;
    this.#versions.set(kind, this.versionOf(kind) + 1);
    const recent = this.#recent.get(kind);
    if (before !== undefined) recent?.drop(id, before);
    if (state !== undefined) {
      recent?.add(id, state, isOpen(kind, state));
      this.#witnesses.get(kind)?.put(id, state);
    }
    if (kind === 'encounter') this.#occupancy.encounterChanged(id, before as EncounterState | undefined, state as EncounterState | undefined);
    if (kind === 'bed') this.#occupancy.bedChanged((state ?? before) as EntityStates['bed'] | undefined);
    this.#links.changed(kind, id, before, state);
  }

  /** Takes an entity that is over out of memory; when it left its beds stays known. */
  letGo<K extends FoldedKind>(kind: K, id: string): void {
    const state = this.get(kind, id);
    this.put(kind, id, undefined);
    if (kind === 'encounter') this.#occupancy.encounterLetGo(id, state as EncounterState | undefined);
  }

  /** Notes how an encounter used a bed. It counts while the encounter itself is not in memory, and no later use is known. */
  remember(encounter: string, use: PastUse): void {
    this.#occupancy.remember(encounter, use);
  }

  /** What is open, and what was over at `t` (epoch ms) or later: all that a count or duration from `t` on can be made of. */
  since<K extends FoldedKind>(kind: K, t: number): readonly EntityStates[K][] {
    const states: EntityStates[K][] = [];
    this.#visitSince(kind, t, (state) => states.push(state));
    return states;
  }

  /** The same with their ids. */
  entriesSince<K extends FoldedKind>(kind: K, t: number): readonly (readonly [string, EntityStates[K]])[] {
    const entries: [string, EntityStates[K]][] = [];
    this.#visitSince(kind, t, (state, id) => entries.push([id, state]));
    return entries;
  }

  /**
   * Sum of `weigh` over what {@link since} gives from `from` on. `weigh` looks at the state, at kinds whose version is the
   * `basis`, and at whether times lie from `from` until before `to` (epoch ms); `name` stands for it, and may not stand for
   * another. What is long over is added up once: a count of the day costs what changed lately, not the day.
   */
  sumSince<K extends FoldedKind>(kind: K, { from, to }: { readonly from: number; readonly to: number }, name: string, weigh: (state: EntityStates[K]) => number, basis = 0): number {
    return this.#recentFrom(kind, from).sum(from, to, name, `${from} ${basis}`, weigh);
  }

  /**
   * Whether an entity of the kind passes the test. `name` stands for the test, and may not stand for another one; a test
   * that looks at other kinds too names their version as its `basis`.
   */
  some<K extends FoldedKind>(kind: K, name: string, test: (state: EntityStates[K]) => boolean, basis = 0): boolean {
    let witnesses = this.#witnesses.get(kind);
    if (!witnesses) this.#witnesses.set(kind, (witnesses = new Witnesses<unknown>(this.#tables[kind])));
    const some = witnesses.some(name, test as (state: unknown) => boolean, basis);
    if (!some && this.closedSince > -Infinity) this.#lacked = true;
    return some;
  }

  /** Ids of the encounters of one patient record; merged records have their own. */
  encountersOfPatient(record: string): ReadonlySet<string> {
    return this.#links.encountersOfPatient(record);
  }

  /** Ids of the denials of a claim. */
  denialsOfClaim(claim: string): ReadonlySet<string> {
    return this.#links.denialsOfClaim(claim);
  }

  /** Everyone who is in the house, by encounter, and where. */
  present(): ReadonlyMap<string, Whereabouts> {
    return this.#occupancy.present;
  }

  /** Ids of encounters that are in the bed now; more than one if records contradict each other. */
  encountersInBed(key: string): ReadonlySet<string> {
    return this.#occupancy.inBed(key);
  }

  /** When a placement last took the bed `unit/bed`, epoch ms. */
  takenAt(key: string): number | undefined {
    return this.#occupancy.takenAt(key);
  }

  /** When placements left the bed `unit/bed`, epoch ms, oldest first. */
  vacated(key: string): readonly number[] {
    return this.#occupancy.vacated(key);
  }

  /** When a placement last left the bed `unit/bed` between two moments, epoch ms. A stay that is over and not in memory may have, before {@link closedSince}. */
  lastVacated(key: string, after: number, until: number): number | undefined {
    const found = this.vacated(key).findLast((t) => t >= after && t <= until);
    if ((found ?? after) < this.closedSince) this.#lacked = true;
    return found;
  }

  /** Labels of the beds of a unit: configured ones, and those that an event spoke of. No particular order. */
  bedsOfUnit(unit: string): ReadonlySet<string> {
    return this.#occupancy.labels(unit);
  }

  /** Units with a bed or a configuration, in no particular order. */
  unitsWithBeds(): Iterable<string> {
    return this.#occupancy.units();
  }

  isConfigured(key: string): boolean {
    return this.#occupancy.isConfigured(key);
  }

  /** Ids of cases for which a bed is to be kept. */
  openHolds(): ReadonlySet<string> {
    return this.#links.openHolds;
  }

  #visitSince<K extends FoldedKind>(kind: K, t: number, visit: (state: EntityStates[K], id: string) => void): void {
    if (t === -Infinity) {
      if (t < this.closedSince) this.#lacked = true;
      return this.#tables[kind].forEach(visit);
    }
    this.#recentFrom(kind, t).since(t, visit);
  }

  #recentFrom<K extends FoldedKind>(kind: K, t: number): Recent<EntityStates[K]> {
    if (t < this.closedSince) this.#lacked = true;
    let recent = this.#recent.get(kind) as Recent<EntityStates[K]> | undefined;
    if (!recent) {
      this.#recent.set(kind, (recent = new Recent()));
      for (const [id, state] of this.#tables[kind]) recent.add(id, state, isOpen(kind, state));
    }
    return recent;
  }
}
