import { parentPort, workerData } from 'node:worker_threads';
import { wallClock } from '../clock/clock.ts';
import { loadSiteKey } from '../ingest/site-key.ts';
import { AccessStore } from './access-store.ts';
import type { AccessData, FromAccess, ToAccess } from './access-protocol.ts';
import { Refusal } from './refusal.ts';

const { file, id, keyFile } = workerData as AccessData;
const port = parentPort!;
const store = new AccessStore(file, loadSiteKey(id, keyFile), () => wallClock.now());

/** A thread of its own: neither a sync to disk nor a password's hash holds up what the network loop does. */
port.on('message', ({ call, what, args }: ToAccess) => {
  void answer(call, what, args).then((told) => port.postMessage(told));
});

async function answer(call: number, what: ToAccess['what'], args: unknown[]): Promise<FromAccess> {
  try {
    return { call, ok: true, value: await (store[what] as (...args: unknown[]) => unknown).apply(store, args) };
  } catch (error) {
    const { message } = error as Error;
    return { call, ok: false, message, ...(error instanceof Refusal ? { status: error.status, retryAfter: error.retryAfter } : {}) };
  }
}
