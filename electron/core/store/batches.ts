import type { DeadLetters } from './dead-letters.ts';
import { defect } from './defect.ts';
import { isDiskTrouble } from './disk-trouble.ts';
import type { Entities } from './entities.ts';
import type { Db } from './open.ts';
import { both, nothing, type Outcome } from './outcome.ts';
import type { Sources } from './sources.ts';
import type { VaultWrites } from './vault-writes.ts';

export interface BatchParts {
  readonly entities: Entities;
  readonly sources: Sources;
  readonly deadLetters: DeadLetters;
  readonly vaultWrites: VaultWrites;
}

/** One batch, one transaction: all that it changed is written, or nothing and memory follows. */
export class Batches {
  readonly #db: Db;
  readonly #parts: BatchParts;
  readonly #begin;
  readonly #commit;
  readonly #rollback;

  constructor(db: Db, parts: BatchParts) {
    this.#db = db;
    this.#parts = parts;
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
  }

  /** Runs `work` and commits. After a throw nothing of it is stored. `now` is the site's clock. */
  run(now: number, work: (outcome: Outcome) => void): Outcome {
    const { entities, sources, deadLetters, vaultWrites } = this.#parts;
    const outcome = nothing();
    this.#begin.run();
    try {
      work(outcome);
      outcome.registrations = sources.flush();
      outcome.changes = entities.flush();
      vaultWrites.flush(now);
      this.#commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      entities.forget();
      sources.forget();
      deadLetters.forgetCount();
      throw error;
    } finally {
      vaultWrites.clear();
    }
    return outcome;
  }

  /** One transaction for all items; where a defect of ours breaks it, one for each, so that only the culprit is set aside. */
  each<T>(items: readonly T[], now: number, work: (item: T, outcome: Outcome) => void, failed: (item: T, detail: string, outcome: Outcome) => void): Outcome {
    const attempt = (some: readonly T[], each: (item: T, outcome: Outcome) => void) => this.run(now, (outcome) => some.forEach((item) => each(item, outcome)));
    try {
      return attempt(items, work);
    } catch (error) {
      if (isDiskTrouble(error)) throw error;
      return items.reduce((sum, item) => {
        try {
          return both(sum, attempt([item], work));
        } catch (cause) {
          if (isDiskTrouble(cause)) throw cause;
          return both(sum, attempt([item], (one, outcome) => failed(one, defect(cause), outcome)));
        }
      }, nothing());
    }
  }
}
