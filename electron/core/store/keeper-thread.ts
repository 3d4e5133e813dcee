import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FromKeeper, KeeperData, KeeperState } from './keeper-protocol.ts';
import { workerFile } from './worker-file.ts';

/** The network loop's end of the thread that keeps the write-ahead logs short and reads the files through once a day. */
export class KeeperThread {
  readonly #worker: Worker;
  #state: KeeperState | { problem: string } = { wal: {}, integrity: { state: 'unchecked' } };

  /** Starts beside a writer that has opened the files. If the thread dies, the writer's own checkpoints take over and health says so. */
  constructor(data: KeeperData) {
    this.#worker = new Worker(workerFile('keeper'), { workerData: data });
    this.#worker.on('message', (message: FromKeeper) => {
      if (message.t === 'state') this.#state = message.state;
    });
    this.#worker.on('error', (error) => (this.#state = { problem: (error as Error).message }));
  }

  /** Named states with their times, for health. */
  get state(): KeeperState | { problem: string } {
    return this.#state;
  }

  async close(): Promise<void> {
    if (this.#worker.threadId < 0) return;
    const gone = once(this.#worker, 'exit');
    this.#worker.postMessage('close');
    await gone;
  }
}
