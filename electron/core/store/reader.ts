import { parentPort, workerData } from 'node:worker_threads';
import { MetricError } from '../metrics/errors.ts';
import { isDamage, markDamaged } from './damage.ts';
import { openForReading } from './open.ts';
import { queryStore, type StoreQuery } from './query.ts';
import type { FromReader, ReaderData, ToReader } from './reader-protocol.ts';

const { file, id } = workerData as ReaderData;
const port = parentPort!;
const db = openForReading(file);

/** A read-only thread: whatever takes long to answer is answered here, beside ingest and painting. */
port.on('message', ({ call, query }: ToReader) => {
  port.postMessage(answer(call, query));
});

function answer(call: number, query: StoreQuery): FromReader {
  try {
    return { call, ok: true, result: db.transaction(() => queryStore(db, id, query))() };
  } catch (error) {
    if (isDamage(error)) markDamaged(file, { problem: (error as Error).message });
    return { call, ok: false, message: (error as Error).message, badRequest: error instanceof MetricError || error instanceof RangeError };
  }
}
