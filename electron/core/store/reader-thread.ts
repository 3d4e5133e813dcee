import { Worker } from 'node:worker_threads';
import type { MetricResult } from '#shared/metrics/result.ts';
import type { StoreQuery } from './query.ts';
import type { FromReader, ReaderData, ToReader } from './reader-protocol.ts';
import { workerFile } from './worker-file.ts';

/** A question that the store cannot be asked; the message says why. */
export class BadQuery extends Error {}

/** The network loop's end of the read-only thread. The thread starts with the first question. */
export class ReaderThread {
  readonly #data: ReaderData;
  #worker: Worker | undefined;
  #calls = 0;
  readonly #open = new Map<number, { resolve(result: MetricResult): void; reject(error: Error): void }>();

  constructor(data: ReaderData) {
    this.#data = data;
  }

  /** Answers one metric from the store. Rejects with {@link BadQuery} when the question is at fault. */
  query(query: StoreQuery): Promise<MetricResult> {
    const call = ++this.#calls;
    const answer = new Promise<MetricResult>((resolve, reject) => this.#open.set(call, { resolve, reject }));
    this.#started().postMessage({ call, query } satisfies ToReader);
    return answer;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile('reader'), { workerData: this.#data });
    worker.on('message', (answer: FromReader) => {
      const waiting = this.#open.get(answer.call);
      this.#open.delete(answer.call);
      if (answer.ok) waiting?.resolve(answer.result);
      else waiting?.reject(answer.badRequest ? new BadQuery(answer.message) : new Error(answer.message));
    });
    worker.on('error', (error) => this.#lost(error as Error));
    this.#worker = worker;
    return worker;
  }

  /** A dead thread answers nothing: who waits is told, and the next question starts a new one. */
  #lost(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }
}
