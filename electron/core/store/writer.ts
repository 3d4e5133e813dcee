import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import type { RawMessage } from '../ingest/message.ts';
import { isDamage, markDamaged } from './damage.ts';
import { isDiskTrouble, storeTrouble } from './disk-trouble.ts';
import type { Outcome } from './outcome.ts';
import { openRecovering } from './recover.ts';
import { replayLetters } from './replay-letters.ts';
import { SampleStore } from './samples.ts';
import { SnapshotStore } from './snapshots.ts';
import { storedSiteConfig } from './site-config.ts';
import type { SiteStore } from './site-store.ts';
import { storeTasks, Upkeep } from './upkeep.ts';
import { UpkeepLoop } from './upkeep-loop.ts';
import type { Answer, Ask, FromWriter, ToWriter, WriterData } from './writer-protocol.ts';

/** Largest transaction: bounds how long a reader waits and what a crash must redo. */
const BATCH_MESSAGES = 4_000;
const RETRY_MS = 500;
const FALLBACK_CHECKPOINT_PAGES = 32_768;
const DAY = 86_400_000;

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
  readonly #snapshots: SnapshotStore;
  #queue: Queued[] = [];
  #retry: NodeJS.Timeout | undefined;
  #closing = false;
  #stalled = false;
  #draining = false;
  readonly #upkeep: UpkeepLoop | undefined;
  #told = '';

  constructor(store: SiteStore, { id, retention = true }: WriterData) {
    this.#store = store;
    // The keeper thread copies the write-ahead log long before: a commit waits for that only if the keeper is gone.
    store.db.pragma(`wal_autocheckpoint = ${FALLBACK_CHECKPOINT_PAGES}`);
    this.#samples = new SampleStore(store.db, store.timezone);
    this.#snapshots = new SnapshotStore(store.db);
    if (!retention) return;
    const keep = storedSiteConfig(store.db, id).retention;
    store.ingest.deadLetters.keepBodyMs = keep.deadLetterBodies * DAY;
    this.#upkeep = new UpkeepLoop(new Upkeep(storeTasks(store, keep)), () => this.#retry !== undefined);
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
    else if (request.t === 'back') this.#back(request.ms);
    else if (request.t === 'tick') {
      this.#tolerant(() => this.#tick(request.now));
      this.#keepUp(request.now);
    } else if (request.t === 'ask') this.#answer(request.id, request.ask, request.now);
    else if (request.t === 'close') this.#closing = true;
  }

  #back(ms: number): void {
    if (!this.#retry) this.#drain();
    this.#tolerant(() => this.#store.ingest.clockBack(ms));
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
        this.#stall(error);
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
    const committed = (outcome: Outcome, to: number) => this.#committed(outcome, to);
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

  #keepUp(now: number): void {
    if (!this.#upkeep) return;
    this.#upkeep.tick(now);
    const { state } = this.#upkeep;
    const text = JSON.stringify(state);
    if (text !== this.#told) say({ t: 'upkeep', state });
    this.#told = text;
  }

  #committed(outcome: Outcome, upTo = 0): void {
    this.#stalled = false;
    say({ t: 'committed', upTo, outcome, deadLetters: this.#store.ingest.deadLetters.count(), dropped: this.#store.ingest.deadLetters.dropped() });
  }

  #stall(error: unknown): void {
    if (isDamage(error)) {
      // Trying again would not mend it: the next start sets the files aside and rebuilds them.
      markDamaged(this.#store.db.name, { problem: (error as Error).message });
      throw error;
    }
    this.#stalled = true;
    say({ t: 'stalled', state: storeTrouble(error), message: (error as Error).message });
  }

  #tick(now: number): void {
    const { ingest } = this.#store;
    // Where nothing comes to be written, nothing else would find out that the disk takes again.
    if (this.#stalled && this.#queue.length === 0) {
      this.#store.db.prepare("INSERT INTO site (key, value) VALUES ('recovered', ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(String(now));
      this.#stalled = false;
      say({ t: 'recovered' });
    }
    const outcome = ingest.release(now);
    if (outcome) this.#committed(outcome);
    if (!this.#draining) this.#drainQuarantine(now);
    const records = ingest.takeChangedSources();
    if (records.length > 0) say({ t: 'sources', records });
  }

  /** What waited for a decision about its source, a step at a time: other sources are served between two. */
  #drainQuarantine(now: number): void {
    this.#draining = false;
    if (this.#closing) return;
    this.#tolerant(() => {
      const outcome = this.#store.ingest.drain(now);
      if (!outcome) return;
      this.#committed(outcome);
      this.#draining = true;
      setImmediate(() => this.#drainQuarantine(now));
    });
  }

  #answer(id: number, ask: Ask, now: number): void {
    const answer = (told: Answer) => say({ t: 'answer', id, answer: told });
    try {
      if (ask.what === 'keep') {
        this.#snapshots.keep(ask.batch);
        return answer({ ok: true });
      }
      if (ask.what === 'replay') return this.#replay(replayLetters(this.#store.ingest, ask.letters, now), answer);
      const outcome = this.#store.ingest.decide(ask.uri, ask.decision, now);
      if (!outcome) return answer({ ok: false, problem: `no source ${ask.uri} has been heard or registered` });
      this.#committed(outcome);
      answer({ ok: true });
      if (!this.#draining) this.#drainQuarantine(now);
    } catch (error) {
      // Nobody but health tells of snapshots that the disk refuses.
      if (ask.what === 'keep') this.#stall(error);
      answer({ ok: false, problem: (error as Error).message });
    }
  }

  #replay(steps: ReturnType<typeof replayLetters>, answer: (told: Answer) => void, done = { replayed: 0, left: 0 }): void {
    if (this.#closing) return;
    try {
      const step = steps.next();
      if (step.done) return answer({ ok: true, ...done });
      const { outcome, replayed, left } = step.value;
      this.#committed(outcome);
      setImmediate(() => this.#replay(steps, answer, { replayed, left }));
    } catch (error) {
      answer({ ok: false, problem: (error as Error).message });
    }
  }

  /** Samples and releases may wait for the next turn; they are not acknowledged to anyone. */
  #tolerant(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#stall(error);
    }
  }

  /** What a refusing disk still holds up is dropped: nobody was told that it is stored. */
  #close(): void {
    clearTimeout(this.#retry);
    this.#upkeep?.stop();
    this.#store.close();
    say({ t: 'closed' });
    port.close();
  }
}

function open(data: WriterData): void {
  try {
    const { store, recovery } = openRecovering(data, Date.now());
    const writer = new Writer(store, data);
    port.on('message', (request: ToWriter) => writer.receive(request));
    say({ t: 'ready', developmentKey: store.developmentKey, deadLetters: store.ingest.deadLetters.count(), ...(recovery ? { recovery } : {}) });
  } catch (error) {
    say({ t: 'unusable', message: (error as Error).message });
    port.close();
  }
}

port.once('message', (first: ToWriter) => {
  if (first.t === 'open') open(first.data);
});
