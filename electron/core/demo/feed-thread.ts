import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { workerFile } from '../store/worker-file.ts';
import type { FeedData } from './feed.ts';

/**
 * Starts the demo hospital in a thread of its own, so that computing it never stands in the way of the network loop.
 * `lost` hears why it ended before it was stopped.
 */
export function startFeed(data: FeedData, lost: (error: Error) => void): { stop(): Promise<void> } {
  const worker = new Worker(workerFile('demo'), { workerData: data });
  let stopping = false;
  worker.on('error', (error) => {
    if (!stopping) lost(error as Error);
  });
  return {
    async stop() {
      stopping = true;
      if (worker.threadId < 0) return;
      const gone = once(worker, 'exit');
      worker.postMessage('stop');
      await gone;
    },
  };
}
