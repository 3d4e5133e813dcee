import type { House } from '../domain/house.ts';
import { FOLDED_KINDS, type FoldedKind } from '../domain/states.ts';
import { bedUsePages } from './bed-uses.ts';
import type { Db } from './open.ts';

/** Without state where it is of another kind than those asked for, or has none. */
type ClosedRow = [kind: FoldedKind, id: string, state: string | null, changed: number, entity: number];

/** One entity that is over; `at` is when it was last spoken of, epoch ms. */
export interface ClosedEntity {
  readonly kind: FoldedKind;
  readonly id: string;
  readonly at: number;
}

export interface Back {
  /** What was last spoken of before this time (epoch ms) stays in the store. */
  readonly since: number;
  /** What was last spoken of after this time (epoch ms) is in the house already. */
  readonly until?: number;
  readonly kinds?: readonly FoldedKind[];
}

/**
 * Reads into a house what was over, the newest first, as many rows at a time as is asked for, each as the store is when
 * it is read; then who left which bed, so that a bed is known also where the stay that left it is not read any more.
 * Until all of it is there the house says of questions that look further back that it lacks something.
 */
export class ReadBack {
  readonly #house: House;
  readonly #since: number;
  readonly #page;
  readonly #uses;
  #before: [changed: number, entity: number];
  #left: 'what was over' | 'past uses' | 'nothing' = 'what was over';
  #complete = true;

  constructor(db: Db, house: House, { since, until = Number.MAX_SAFE_INTEGER, kinds = FOLDED_KINDS }: Back) {
    this.#house = house;
    this.#since = since;
    this.#before = [until, Number.MAX_SAFE_INTEGER];
    this.#page = db
      .prepare<number[]>(
        // Other kinds are walked past, not looked for: a step is to be as long as its rows are many.
        `SELECT kind, id, CASE WHEN kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')}) THEN state END, changed, entity_id FROM entity
         WHERE open = 0 AND changed >= ? AND (changed, entity_id) < (?, ?) ORDER BY changed DESC, entity_id DESC LIMIT ?`,
      )
      .raw();
    this.#uses = bedUsePages(db, until);
  }

  /** Whether there is nothing left to read. */
  get whole(): boolean {
    return this.#left === 'nothing';
  }

  /** Reads the next rows, at most `size`; returns the entities that have come into the house. */
  next(size: number): ClosedEntity[] {
    if (this.#left === 'what was over') return this.#readOver(size);
    if (this.#left === 'past uses') this.#readUses(size);
    return [];
  }

  /** Leaves what was over before what has been read in the store; the house goes on lacking it. */
  leaveRest(): void {
    if (this.#left !== 'what was over') return;
    this.#complete = false;
    this.#left = 'past uses';
  }

  #readOver(size: number): ClosedEntity[] {
    const rows = this.#page.all(this.#since, ...this.#before, size) as ClosedRow[];
    const read: ClosedEntity[] = [];
    for (const [kind, id, state, at] of rows) {
      // What came by a commit meanwhile is as new, or newer.
      if (state === null || this.#house.get(kind, id) !== undefined) continue;
      this.#house.put(kind, id, JSON.parse(state) as never);
      read.push({ kind, id, at });
    }
    const last = rows.at(-1);
    if (last) {
      this.#before = [last[3], last[4]];
      this.#house.closedSince = last[3] + 1;
    }
    if (rows.length < size) {
      this.#house.closedSince = Math.min(this.#house.closedSince, this.#since);
      this.#left = 'past uses';
    }
    return read;
  }

  #readUses(size: number): void {
    const uses = this.#uses(size);
    for (const { encounter, ...use } of uses) this.#house.remember(encounter, use);
    if (uses.length === size) return;
    this.#left = 'nothing';
    if (this.#complete) this.#house.closedSince = -Infinity;
  }
}
