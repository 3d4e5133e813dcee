import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { storeFiles, DEFAULT_SITE } from '#core/store/paths.ts';
import { openOptions } from '#core/store/open.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

/** Holds the write lock of a file for a while, as a checkpoint that empties the write-ahead log does. */
const HOLDER = `
const { workerData: { file, options }, parentPort } = require('node:worker_threads');
const db = new (require('better-sqlite3'))(file, options);
db.exec('BEGIN IMMEDIATE');
parentPort.postMessage('held');
setTimeout(() => { db.exec('COMMIT'); db.close(); }, 200);
`;

const arrival = (i: number) => envelope('ed.arrived', Date.UTC(2026, 0, 1) + i, { encounter: `E${i}`, patient: { id: `MRN${i}`, name: 'Example, Eva' } }, { id: `arrival-${i}` });

test.each(['log', 'vault'] as const)('given that the %s is held by a checkpoint, when a batch comes, then it waits and is stored', async (which) => {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  apply(store, [arrival(1)]);
  const holder = new Worker(HOLDER, { eval: true, workerData: { file: storeFiles(dataDir, DEFAULT_SITE)[which], options: openOptions() } });
  onTestFinished(async () => void (await holder.terminate()));
  await once(holder, 'message');
  expect(apply(store, [arrival(2)]).accepted).toBe(1);
});
