import { Worker } from 'node:worker_threads';
import { workerFile } from './worker-file.ts';

/** Starts the writer thread's program: it loads while whoever spawned it does, and opens the store when it is told which. */
export const spawnWriter = (): Worker => new Worker(workerFile('writer'));
