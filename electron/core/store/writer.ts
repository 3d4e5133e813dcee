import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { RawMessage } from '../ingest/message.ts';
import type { Outcome } from './ingest.ts';
import { SampleStore } from './samples.ts';
import { openSiteStore, type SiteStore } from './site-store.ts';
import type { FromWriter, ToWriter, WriterData } from './writer-protocol.ts';

/** Largest transaction: bounds how long a reader waits and what a crash must redo. */
const BATCH_MESSAGES = 4_000;
const RETRY_MS = 500;
const EXPIRY_EVERY_MS = 3_600_000;

/** Full, read-only, failing: the same batch may pass later. Everything else is a defect and would never pass. */
const isDiskTrouble = (error: unknown) => /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN|CORRUPT|NOMEM)/.test(String((error as { code?: unknown }).code));

const port = parentPort!;
const say = (message: FromWriter) => port.postMessage(message);

interface Queued {
  readonly upTo: number;
  readonly messages: RawMessage[];
  readonly now: number;
}

/** The writer thread: owns the write connection of one site, folds, and speaks only after the commit. */
class Writer {
  readonly #store: SiteStore;
  readonly #samples: SampleStore;
  #queue: Queued[] = [];
  #retry: NodeJS.Timeout | undefined;
  #closing = false;
  #nextExpiry = -Infinity;

  constructor(store: SiteStore) {
    this.#store = store;
    this.#samples = new SampleStore(store.db, store.timezone);
  }

  /** Takes one request and everything that has queued behind it, so that one transaction serves them all. */
  receive(first: ToWriter): void {
    this.#take(first);
    for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) this.#take(next.message as ToWriter);
    if (!this.#retry) this.#drain();
    if (this.#closing) this.#close();
  }

  #take(request: ToWriter): void {
    if (request.t === 'messages') this.#queue.push(request);
    else if (request.t === 'samples') this.#tolerant(() => this.#samples.write(request.points));
    else if (request.t === 'tick') this.#tolerant(() => this.#release(request.now));
    else this.#closing = true;
  }

  #drain(): void {
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
        say({ t: 'stalled', message: (error as Error).message });
        this.#retry = setTimeout(() => {
          this.#retry = undefined;
          this.#drain();
        }, RETRY_MS);
        return;
      }
    }
  }

  /** One transaction; where a defect of ours breaks it, one for each message, so that only the culprit is set aside. */
  #commit(messages: RawMessage[], now: number, upTo: number): void {
    const { ingest } = this.#store;
    const committed = (outcome: Outcome, to: number) => say({ t: 'committed', upTo: to, outcome, deadLetters: ingest.deadLetters.count() });
    try {
      committed(ingest.apply(messages, now, true), upTo);
    } catch (error) {
      if (isDiskTrouble(error)) throw error;
      for (const message of messages) {
        try {
          committed(ingest.apply([message], now, true), 0);
        } catch (cause) {
          if (isDiskTrouble(cause)) throw cause;
          committed(ingest.setAside(message, now, (cause as Error).message), 0);
        }
      }
      committed(ingest.apply([], now, true), upTo);
    }
  }

  #release(now: number): void {
    const { ingest } = this.#store;
    const outcome = ingest.release(now);
    if (outcome) say({ t: 'committed', upTo: 0, outcome, deadLetters: ingest.deadLetters.count() });
    if (now < this.#nextExpiry) return;
    this.#nextExpiry = now + EXPIRY_EVERY_MS;
    ingest.deadLetters.expireBodies(now);
  }

  /** Samples and releases may wait for the next turn; they are not acknowledged to anyone. */
  #tolerant(work: () => void): void {
    try {
      work();
    } catch (error) {
      say({ t: 'stalled', message: (error as Error).message });
    }
  }

  /** What a refusing disk still holds up is dropped: nobody was told that it is stored. */
  #close(): void {
    clearTimeout(this.#retry);
    this.#store.close();
    say({ t: 'closed' });
    port.close();
  }
}

try {
  const store = openSiteStore(workerData as WriterData);
  const writer = new Writer(store);
  port.on('message', (request: ToWriter) => writer.receive(request));
  say({ t: 'ready', developmentKey: store.developmentKey, deadLetters: store.ingest.deadLetters.count() });
} catch (error) {
  say({ t: 'unusable', message: (error as Error).message });
  port.close();
}
