import type { Worker } from 'node:worker_threads';
import { rawMessage, type RawMessage } from '../ingest/message.ts';
import type { Clock } from '../clock/clock.ts';
import type { SnapshotBatch } from '../snapshots/taken.ts';
import type { SourceRecord, TroubleName } from '#shared/sources.ts';
import type { Sink } from '../mqtt/sink.ts';
import { spawnWriter } from './spawn-writer.ts';
import type { Recovery } from './recover.ts';
import type { UpkeepState } from './upkeep.ts';
import type { Answer, Ask, FromWriter, SamplePoint, ToWriter, WriterData } from './writer-protocol.ts';

export type Committed = Extract<FromWriter, { t: 'committed' }>;

export interface WriterEvents {
  onCommitted(committed: Committed): void;
  /** The disk refuses; undefined when it takes again. */
  onStalled(why: { state: TroubleName; message: string } | undefined): void;
  /** Figures of sources, at most once a tick. */
  onSources?(records: readonly SourceRecord[]): void;
  /** The thread died: nothing more will be committed. */
  onLost(error: Error): void;
}

/** Links stop reading when so much has been submitted and is not on disk yet, and go on at half of it. */
export const FULL_MESSAGES = 8_000;
const FULL_BYTES = 64 * 1024 ** 2;

/**
 * While the writer is at work, what arrives is gathered for so long. At 1,000 events a second that halves the commits and
 * their writing. A sender that waits for each PUBACK finds the writer idle, and is not held up.
 */
const BATCH_MS = 3;

/** The network loop's end of the writer thread: submits messages, calls back after their commit. */
export class WriterThread implements Sink {
  readonly #worker: Worker;
  readonly #clock: Clock;
  #waiting: { seq: number; bytes: number; committed: () => void }[] = [];
  #waitingBytes = 0;
  #full = false;
  #forRoom: (() => void)[] = [];
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #asks = 0;
  #outbox: RawMessage[] = [];
  #seq = 0;
  #upkeep: UpkeepState | undefined;
  #scheduled = false;

  private constructor(worker: Worker, clock: Clock) {
    this.#worker = worker;
    this.#clock = clock;
  }

  /** Opens the store in a thread, `worker` if it was spawned before. Throws, saying what to do, if the store cannot be opened. */
  static async start(data: WriterData, clock: Clock, events: WriterEvents, worker = spawnWriter()): Promise<{ writer: WriterThread; developmentKey: boolean; deadLetters: number; recovery?: Recovery }> {
    const writer = new WriterThread(worker, clock);
    const ready = await new Promise<Extract<FromWriter, { t: 'ready' }>>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromWriter) => {
        if (message.t === 'ready') resolve(message);
        else if (message.t === 'unusable') reject(new Error(message.message));
        else if (message.t === 'committed') writer.#committed(message, events);
        else if (message.t === 'upkeep') writer.#upkeep = message.state;
        else if (message.t === 'stalled') events.onStalled(message);
        else if (message.t === 'recovered') events.onStalled(undefined);
        else if (message.t === 'sources') events.onSources?.(message.records);
        else if (message.t === 'answer') writer.#answered(message.id, message.answer);
      });
      worker.postMessage({ t: 'open', data } satisfies ToWriter);
    });
    worker.on('error', (error) => events.onLost(error as Error));
    return { writer, developmentKey: ready.developmentKey, deadLetters: ready.deadLetters, ...(ready.recovery ? { recovery: ready.recovery } : {}) };
  }

  /** Messages submitted and not yet on disk. */
  get backlog(): number {
    return this.#waiting.length;
  }

  /** What retention and the return of free pages are at; undefined before the first tick, and in a replay. */
  get upkeep(): UpkeepState | undefined {
    return this.#upkeep;
  }

  submit(message: { topic: string; payload: Uint8Array; attributes?: Record<string, string> }, committed: () => void): void {
    const bytes = message.payload.length;
    this.#outbox.push(rawMessage({ ...message, received: this.#clock.now() }));
    this.#waiting.push({ seq: ++this.#seq, bytes, committed });
    this.#waitingBytes += bytes;
    if (this.#waiting.length >= FULL_MESSAGES || this.#waitingBytes >= FULL_BYTES) this.#full = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#waiting.length === this.#outbox.length) setImmediate(() => this.#post());
    else setTimeout(() => this.#post(), BATCH_MS);
  }

  /** True while links are held back because the writer cannot keep up. */
  get full(): boolean {
    return this.#full;
  }

  whenRoom(go: () => void): void {
    if (this.#full) this.#forRoom.push(go);
    else go();
  }

  /** Asks the store for something; an answer that never comes is that of a closing store. */
  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve) => {
      this.#asked.set(++this.#asks, resolve);
      this.#send({ t: 'ask', id: this.#asks, ask, now: this.#clock.now() });
    });
  }

  writeSamples(points: SamplePoint[]): void {
    this.#send({ t: 'samples', points });
  }

  /** Keeps snapshots; resolves with whether the disk took them. */
  async writeSnapshots(batch: SnapshotBatch): Promise<boolean> {
    return (await this.ask({ what: 'keep', batch })).ok;
  }

  /** The clock was given back by `ms`: all that was submitted so far goes before. */
  clockBack(ms: number): void {
    this.#post();
    this.#send({ t: 'back', ms });
  }

  tick(): void {
    this.#send({ t: 'tick', now: this.#clock.now() });
  }

  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#send({ t: 'close' });
    await gone;
  }

  #post(): void {
    this.#scheduled = false;
    const messages = this.#outbox;
    this.#outbox = [];
    this.#send({ t: 'messages', upTo: this.#seq, messages, now: this.#clock.now() });
  }

  #send(request: ToWriter): void {
    this.#worker.postMessage(request);
  }

  #committed(message: Committed, events: WriterEvents): void {
    let done = 0;
    for (let entry = this.#waiting[0]; entry && entry.seq <= message.upTo; entry = this.#waiting[++done]) {
      this.#waitingBytes -= entry.bytes;
      entry.committed();
    }
    if (done > 0) this.#waiting = this.#waiting.slice(done);
    if (this.#full && this.#waiting.length <= FULL_MESSAGES / 2 && this.#waitingBytes <= FULL_BYTES / 2) {
      this.#full = false;
      for (const go of this.#forRoom.splice(0)) go();
    }
    if (!message.waits) events.onStalled(undefined);
    events.onCommitted(message);
  }

  #answered(id: number, answer: Answer): void {
    this.#asked.get(id)?.(answer);
    this.#asked.delete(id);
  }
}
