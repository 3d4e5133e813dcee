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

/** The network loop's end of the read-only thread. The thread starts with the first question. */
export class ReaderThread {
  readonly #data: ReaderData;
  readonly #bounds: { readonly limitMs: number; readonly waiting: number };
  #worker: Worker | undefined;
  #limit: NodeJS.Timeout | undefined;
  #calls = 0;
  readonly #open = new Map<number, { resolve(gives: never): void; reject(error: Error): void }>();

  constructor(data: ReaderData, { limitMs = ANSWER_MS, waiting = WAITING }: { limitMs?: number; waiting?: number } = {}) {
    this.#data = data;
    this.#bounds = { limitMs, waiting };
  }

  /** Asks the store; one view of it serves the whole answer. Rejects with {@link BadQuery} when the question is at fault, with {@link NotNow} when too many wait or it takes too long. */
  async ask<K extends QuestionKind>(kind: K, asks: Questions[K]['asks']): Promise<Questions[K]['gives']> {
    if (this.#open.size >= this.#bounds.waiting) throw new NotNow(`${this.#open.size} questions to the store wait already`);
    const call = ++this.#calls;
    const answer = new Promise<Questions[K]['gives']>((resolve, reject) => this.#open.set(call, { resolve, reject }));
    this.#started().postMessage({ call, kind, asks } satisfies ToReader<K>);
    if (this.#open.size === 1) this.#arm();
    return answer;
  }

  async close(): Promise<void> {
    clearTimeout(this.#limit);
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile('reader'), { workerData: this.#data });
    worker.on('message', (answer: FromReader) => {
      const waiting = this.#open.get(answer.call);
      this.#open.delete(answer.call);
      this.#arm();
      if (answer.ok) waiting?.resolve(answer.gives as never);
      else waiting?.reject(answer.badRequest ? new BadQuery(answer.message) : new Error(answer.message));
    });
    worker.on('error', (error) => this.#lost(error as Error));
    this.#worker = worker;
    return worker;
  }

  /** Questions are answered one after the other: each has the limit to itself. */
  #arm(): void {
    clearTimeout(this.#limit);
    if (this.#open.size === 0) return;
    this.#limit = setTimeout(() => {
      void this.#worker?.terminate();
      this.#lost(new NotNow(`no answer within ${this.#bounds.limitMs / 1000} s; ask for a shorter time, or with vigil query`));
    }, this.#bounds.limitMs);
  }

  /** A dead thread answers nothing: who waits is told, and the next question starts a new one. */
  #lost(error: Error): void {
    clearTimeout(this.#limit);
    this.#worker = undefined;
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
