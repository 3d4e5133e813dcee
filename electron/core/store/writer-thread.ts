import { Worker } from 'node:worker_threads';
import { rawMessage, type RawMessage } from '../ingest/message.ts';
import type { Clock } from '../clock/clock.ts';
import type { Sink } from '../mqtt/sink.ts';
import type { StoreOptions } from './site-store.ts';
import { workerFile } from './worker-file.ts';
import type { FromWriter, SamplePoint, ToWriter } from './writer-protocol.ts';

export type Committed = Extract<FromWriter, { t: 'committed' }>;

export interface WriterEvents {
  onCommitted(committed: Committed): void;
  /** The disk refuses; undefined when it takes again. */
  onStalled(message: string | undefined): void;
  /** The thread died: nothing more will be committed. */
  onLost(error: Error): void;
}

/** The network loop's end of the writer thread: submits messages, calls back after their commit. */
export class WriterThread implements Sink {
  readonly #worker: Worker;
  readonly #clock: Clock;
  #waiting: { seq: number; committed: () => void }[] = [];
  #outbox: RawMessage[] = [];
  #seq = 0;
  #scheduled = false;

  private constructor(worker: Worker, clock: Clock) {
    this.#worker = worker;
    this.#clock = clock;
  }

  /** Starts the thread and opens the store. Throws, saying what to do, if the store cannot be opened. */
  static async start(options: StoreOptions, clock: Clock, events: WriterEvents): Promise<{ writer: WriterThread; developmentKey: boolean; deadLetters: number }> {
    const worker = new Worker(workerFile('writer'), { workerData: options });
    const writer = new WriterThread(worker, clock);
    const ready = await new Promise<Extract<FromWriter, { t: 'ready' }>>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromWriter) => {
        if (message.t === 'ready') resolve(message);
        else if (message.t === 'unusable') reject(new Error(message.message));
        else if (message.t === 'committed') writer.#committed(message, events);
        else if (message.t === 'stalled') events.onStalled(message.message);
      });
    });
    worker.on('error', (error) => events.onLost(error as Error));
    return { writer, developmentKey: ready.developmentKey, deadLetters: ready.deadLetters };
  }

  /** Messages submitted and not yet on disk. */
  get backlog(): number {
    return this.#waiting.length;
  }

  submit(message: { topic: string; payload: Uint8Array; attributes?: Record<string, string> }, committed: () => void): void {
    this.#outbox.push(rawMessage({ ...message, received: this.#clock.now() }));
    this.#waiting.push({ seq: ++this.#seq, committed });
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#post());
  }

  writeSamples(points: SamplePoint[]): void {
    this.#send({ t: 'samples', points });
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
    while (done < this.#waiting.length && this.#waiting[done]!.seq <= message.upTo) this.#waiting[done++]!.committed();
    if (done > 0) this.#waiting = this.#waiting.slice(done);
    events.onStalled(undefined);
    events.onCommitted(message);
  }
}
