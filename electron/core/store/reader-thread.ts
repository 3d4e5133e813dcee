import { Worker } from 'node:worker_threads';
import type { FromReader, QuestionKind, Questions, ReaderData, ToReader } from './reader-protocol.ts';
import { workerFile } from './worker-file.ts';

/** A question that the store cannot be asked; the message says why. */
export class BadQuery extends Error {}

/** A question that is not answered now and may be later; the message says why. */
export class NotNow extends Error {}

/** Questions that wait at most: beyond, who asks would have given up before the answer. */
const WAITING = 256;

/** A question holds its view of the store for as long as it is answered, and the write-ahead log grows meanwhile. */
const ANSWER_MS = 60_000;

/** What the thread may hold in memory, MiB: some weeks of a large hospital. A question for more ends the thread, and not the station. */
const MEMORY_MIB = 1_024;

interface Bounds {
  readonly limitMs: number;
  readonly waiting: number;
  readonly memoryMib: number;
}

interface Waiting {
  readonly question: ToReader;
  resolve(gives: never): void;
  reject(error: Error): void;
}

/** The network loop's end of the read-only thread. The thread starts with the first question, and is given one at a time: one that it is lost by takes no other along. */
export class ReaderThread {
  readonly #data: ReaderData;
  readonly #bounds: Bounds;
  #worker: Worker | undefined;
  #limit: NodeJS.Timeout | undefined;
  #calls = 0;
  /** In order; the first is at work. */
  readonly #waiting: Waiting[] = [];

  constructor(data: ReaderData, { limitMs = ANSWER_MS, waiting = WAITING, memoryMib = MEMORY_MIB }: Partial<Bounds> = {}) {
    this.#data = data;
    this.#bounds = { limitMs, waiting, memoryMib };
  }

  /** Asks the store; one view of it serves the whole answer. Rejects with {@link BadQuery} when the question is at fault or for more than fits into memory, with {@link NotNow} when too many wait or it takes too long. */
  async ask<K extends QuestionKind>(kind: K, asks: Questions[K]['asks']): Promise<Questions[K]['gives']> {
    if (this.#waiting.length >= this.#bounds.waiting) throw new NotNow(`${this.#waiting.length} questions to the store wait already`);
    return new Promise<Questions[K]['gives']>((resolve, reject) => {
      this.#waiting.push({ question: { call: ++this.#calls, kind, asks } as ToReader, resolve, reject });
      if (this.#waiting.length === 1) this.#put();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#limit);
    await this.#worker?.terminate();
  }

  /** Gives the thread the next question, if there is one; it has the limit to itself. */
  #put(): void {
    clearTimeout(this.#limit);
    const next = this.#waiting[0];
    if (!next) return;
    const worker = (this.#worker ??= this.#started());
    worker.postMessage(next.question);
    this.#limit = setTimeout(() => {
      void worker.terminate();
      this.#lost(worker, new NotNow(`no answer within ${this.#bounds.limitMs / 1000} s; ask for a shorter time, or with vigil query`));
    }, this.#bounds.limitMs);
  }

  #started(): Worker {
    const worker = new Worker(workerFile('reader'), { workerData: this.#data, resourceLimits: { maxOldGenerationSizeMb: this.#bounds.memoryMib } });
    worker.on('message', (answer: FromReader) => {
      // One that was given up may still have answered.
      if (worker !== this.#worker) return;
      const { resolve, reject } = this.#waiting.shift()!;
      this.#put();
      if (answer.ok) resolve(answer.gives as never);
      else reject(answer.badRequest ? new BadQuery(answer.message) : new Error(answer.message));
    });
    worker.on('error', (error: Error & { code?: string }) =>
      this.#lost(worker, error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new BadQuery(`the answer takes more than ${this.#bounds.memoryMib} MiB of memory; ask for a shorter time, or with vigil query`) : error),
    );
    return worker;
  }

  /** A dead thread answers nothing: who asked what it was lost by is told, and the rest is asked of a new one. */
  #lost(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#waiting.shift()?.reject(error);
    this.#put();
  }
}
