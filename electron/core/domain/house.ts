import type { SiteConfig } from '#shared/site.ts';
import type { EntityStates, FoldedKind } from './states.ts';

type Tables = { [K in FoldedKind]: Map<string, EntityStates[K]> };

const KINDS: readonly FoldedKind[] = [
  'encounter', 'patient', 'bed', 'unit', 'ambulance', 'or-case', 'or-room', 'lab-order', 'claim', 'source',
];

/**
 * The state of one site in memory: entity states by kind, and the joins that need an index.
 * Everything a metric or view says is derived from here, never from running counters.
 */
export class House {
  readonly site: SiteConfig;
  readonly #tables = Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as Tables;
  /** Encounters that have or had a stay in a bed, by bed key. */
  readonly #byBed = new Map<string, Set<string>>();

  constructor(site: SiteConfig) {
    this.site = site;
  }

  all<K extends FoldedKind>(kind: K): ReadonlyMap<string, EntityStates[K]> {
    return this.#tables[kind];
  }

  get<K extends FoldedKind>(kind: K, id: string): EntityStates[K] | undefined {
    return this.#tables[kind].get(id);
  }

  /** Puts the new state of one entity in place of the old one; undefined forgets it. */
  put<K extends FoldedKind>(kind: K, id: string, state: EntityStates[K] | undefined): void {
    const table = this.#tables[kind];
    if (kind === 'encounter') this.#index(id, table.get(id) as EntityStates['encounter'], state as EntityStates['encounter']);
    if (state === undefined) table.delete(id);
    else table.set(id, state);
  }

  /** Ids of encounters with a stay, past or present, in the bed `unit/bed`. */
  encountersOfBed(key: string): ReadonlySet<string> {
    return this.#byBed.get(key) ?? new Set();
  }

  #index(id: string, before: EntityStates['encounter'] | undefined, after: EntityStates['encounter'] | undefined): void {
    for (const stay of before?.adt?.stays ?? []) if (stay.bed) this.#byBed.get(`${stay.unit}/${stay.bed}`)?.delete(id);
    for (const stay of after?.adt?.stays ?? []) {
      if (!stay.bed) continue;
      const key = `${stay.unit}/${stay.bed}`;
      const set = this.#byBed.get(key) ?? new Set();
      this.#byBed.set(key, set.add(id));
    }
  }
}
