import { bedKey } from '#shared/events/types/bed.ts';
import { Groups } from '../groups.ts';
import type { PastUse } from './past-use.ts';

/** The newest use of each bed by an encounter that is not in memory any more. */
export class PastUses {
  readonly #newest = new Map<string, PastUse & { encounter: string }>();
  readonly #bedsOf = new Groups();

  /** By bed key `unit/bed`. */
  of(key: string): PastUse | undefined {
    return this.#newest.get(key);
  }

  /** Notes a use, unless a later one of the bed is known; returns whether it counts. */
  add(encounter: string, use: PastUse): boolean {
    const key = bedKey(use);
    const known = this.#newest.get(key);
    if (known && (known.vacatedAt - use.vacatedAt || known.takenAt - use.takenAt) >= 0) return false;
    if (known) this.#bedsOf.drop(known.encounter, key);
    this.#newest.set(key, { ...use, encounter });
    this.#bedsOf.add(encounter, key);
    return true;
  }

  /** Forgets what was noted of an encounter, and returns it. */
  takeOf(encounter: string): readonly PastUse[] {
    const keys = [...this.#bedsOf.of(encounter)];
    return keys.map((key) => {
      const use = this.#newest.get(key)!;
      this.#newest.delete(key);
      this.#bedsOf.drop(encounter, key);
      return use;
    });
  }
}
