import type { RawMessage } from '../ingest/message.ts';
import { isDamage, markDamaged } from './damage.ts';
import { isDiskTrouble, storeTrouble } from './disk-trouble.ts';
import type { Outcome } from './outcome.ts';
import type { SiteStore } from './site-store.ts';
import type { FromWriter } from './writer-protocol.ts';

/** Largest transaction: bounds how long a reader waits and what a crash must redo. */
const BATCH_MESSAGES = 4_000;
const RETRY_MS = 500;

interface Queued {
  readonly upTo: number;
  readonly messages: RawMessage[];
  readonly now: number;
}

/** Messages on their way into the log: what has queued goes in one transaction, and is tried again while the disk refuses. */
export class CommitLoop {
  readonly #store: SiteStore;
  readonly #say: (message: FromWriter) => void;
  #queue: Queued[] = [];
  #retry: NodeJS.Timeout | undefined;
  #stalled = false;

  constructor(store: SiteStore, say: (message: FromWriter) => void) {
    this.#store = store;
    this.#say = say;
  }

  push(queued: Queued): void {
    this.#queue.push(queued);
  }

  /** Whether it waits to try again what the disk refused. */
  get waits(): boolean {
    return this.#retry !== undefined;
  }

  drain(): void {
    while (this.#queue.length > 0) {
      const taken: Queued[] = [];
      let size = 0;
      for (const entry of this.#queue) {
        if (taken.length > 0 && size + entry.messages.length > BATCH_MESSAGES) break;
        taken.push(entry);
        size += entry.messages.length;
      }
      const last = taken.at(-1)!;
      try {
        this.#commit(taken.flatMap((entry) => entry.messages), last.now, last.upTo);
        this.#queue = this.#queue.slice(taken.length);
      } catch (error) {
        this.stall(error);
        this.#retry = setTimeout(() => {
          this.#retry = undefined;
          this.drain();
        }, RETRY_MS);
        return;
      }
    }
  }

  /** One transaction; where a defect of ours breaks it, one for each message, so that only the culprit is set aside. */
  #commit(messages: RawMessage[], now: number, upTo: number): void {
    const { ingest } = this.#store;
    const committed = (outcome: Outcome, to: number) => this.committed(outcome, to);
    try {
      committed(ingest.apply(messages, now, true), upTo);
    } catch (error) {
      if (isDiskTrouble(error)) throw error;
      for (const message of messages) {
        try {
          committed(ingest.apply([message], now, true), 0);
        } catch (cause) {
          if (isDiskTrouble(cause)) throw cause;
          committed(ingest.setAside(message, now, cause), 0);
        }
      }
      committed(ingest.apply([], now, true), upTo);
    }
  }

  /** Tells what was written, and with `upTo` what may be acknowledged. */
  committed(outcome: Outcome, upTo = 0): void {
    if (!this.waits) this.#stalled = false;
    this.#say({ t: 'committed', upTo, waits: this.waits, outcome, deadLetters: this.#store.ingest.deadLetters.count(), dropped: this.#store.ingest.deadLetters.dropped() });
  }

  /** Tells why the disk refuses. Throws where the store is damaged. */
  stall(error: unknown): void {
    if (isDamage(error)) {
      // Trying again would not mend it: the next start sets the files aside and rebuilds them.
      markDamaged(this.#store.db.name, { problem: (error as Error).message });
      throw error;
    }
    this.#stalled = true;
    this.#say({ t: 'stalled', state: storeTrouble(error), message: (error as Error).message });
  }

  /** Where nothing comes to be written, nothing else would find out that the disk takes again. */
  tryDisk(now: number): void {
    if (this.#stalled && this.#queue.length === 0) {
      this.#store.db.prepare("INSERT INTO site (key, value) VALUES ('recovered', ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(String(now));
      this.#stalled = false;
      this.#say({ t: 'recovered' });
    }
  }

  /** Samples and releases may wait for the next turn; they are not acknowledged to anyone. */
  tolerant(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.stall(error);
    }
  }

  stop(): void {
    clearTimeout(this.#retry);
  }
}
