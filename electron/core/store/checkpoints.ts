import { statSync } from 'node:fs';
import type { Db } from './open.ts';
import type { WalState } from './keeper-protocol.ts';

const MIB = 1024 * 1024;
/**
 * From here on the write-ahead log is copied into the database, beside the writer. Its commits wait behind the copy's
 * fsync on the same disk: 8 MiB at once held them up for 0.2 s every four at 1,000 events a second, 1 MiB for 25 ms.
 */
const COPY_BYTES = MIB;
/** From here on it is emptied as well, for which the writer must wait a moment. */
const EMPTY_BYTES = 48 * MIB;
/** A write-ahead log beyond this that cannot be emptied is held by somebody. */
const HELD_BYTES = 128 * MIB;

/** If the writer has to wait for a reader at all, then no longer than this. */
const BUSY_MS = 20;

const walBytes = (file: string) => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;

interface Checkpointed {
  busy: number;
  log: number;
  checkpointed: number;
}

/**
 * Keeps the write-ahead log of one database short, from a thread of its own: a passive checkpoint copies pages and
 * syncs while the writer goes on; what little came meanwhile is then copied with the writer held, and the file cut.
 * https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
 */
export class Checkpoints {
  readonly #db: Db;
  #last: WalState = { state: 'ok', bytes: 0 };

  constructor(db: Db) {
    this.#db = db;
    db.pragma(`busy_timeout = ${BUSY_MS}`);
  }

  /** Looks at the file and does what is due. `now` is wall-clock epoch ms. */
  look(now: number): WalState {
    try {
      const bytes = walBytes(this.#db.name);
      const whole = bytes < COPY_BYTES || this.#copy(bytes);
      const after = walBytes(this.#db.name);
      const held = !whole && after >= HELD_BYTES;
      const checkpointed = bytes >= COPY_BYTES && whole ? now : this.#last.checkpointed;
      this.#last = { state: held ? 'held' : 'ok', bytes: after, ...(checkpointed === undefined ? {} : { checkpointed }), ...(held ? { problem: 'a reader has kept its view of the store for long; the log grows until it lets go' } : {}) };
    } catch (error) {
      this.#last = { ...this.#last, state: 'failed', problem: (error as Error).message };
    }
    return this.#last;
  }

  #copy(bytes: number): boolean {
    const passive = this.#run('PASSIVE');
    if (bytes < EMPTY_BYTES) return passive.busy === 0 && passive.checkpointed === passive.log;
    return this.#run('TRUNCATE').busy === 0;
  }

  #run(mode: 'PASSIVE' | 'TRUNCATE'): Checkpointed {
    return (this.#db.pragma(`wal_checkpoint(${mode})`) as Checkpointed[])[0]!;
  }
}
