import { parentPort, workerData } from 'node:worker_threads';
import { Checkpoints } from './checkpoints.ts';
import { markDamaged } from './damage.ts';
import { checkIntegrity } from './integrity.ts';
import type { FromKeeper, IntegrityState, KeeperData } from './keeper-protocol.ts';
import { openForReading, openForWriting } from './open.ts';

const LOOK_MS = 100;
const FIRST_CHECK_MS = 10 * 60_000;
const CHECK_EVERY_MS = 86_400_000;
/** Between two slices of the integrity check, so that it takes a small part of a core and of the disk. */
const SLICE_REST_MS = 100;

const { log, vault, firstCheckMs = FIRST_CHECK_MS } = workerData as KeeperData;
const port = parentPort!;
const files = [log, ...(vault === undefined ? [] : [vault])];
const writable = files.map(openForWriting);
const readable = files.map(openForReading);
const checkpoints = writable.map((db) => new Checkpoints(db));
let integrity: IntegrityState = { state: 'unchecked' };
let told = '';
let timer: NodeJS.Timeout;

/** Checkpoints and integrity checks, beside the writer: neither its fsyncs nor its reads are this thread's to wait for. */
function look(): void {
  const now = Date.now();
  const [ofLog, ofVault] = checkpoints.map((each) => each.look(now));
  const state = { wal: { log: ofLog!, ...(ofVault ? { vault: ofVault } : {}) }, integrity };
  const text = JSON.stringify(state);
  if (text === told) return;
  told = text;
  port.postMessage({ t: 'state', state } satisfies FromKeeper);
}

function check(): void {
  integrity = { ...integrity, state: 'checking' };
  const left = readable.map((db) => checkIntegrity(db));
  const slice = () => {
    const step = left[0]!.next();
    if (step.done && step.value === undefined) left.shift();
    if (step.done && (step.value !== undefined || left.length === 0)) {
      integrity = { state: step.value === undefined ? 'ok' : 'damaged', checked: Date.now(), ...(step.value === undefined ? {} : { problem: step.value }) };
      if (step.value !== undefined) markDamaged(log, { problem: step.value });
      timer = setTimeout(check, CHECK_EVERY_MS);
    } else timer = setTimeout(slice, SLICE_REST_MS);
  };
  slice();
}

const looking = setInterval(look, LOOK_MS);
timer = setTimeout(check, firstCheckMs);
port.once('message', () => {
  clearInterval(looking);
  clearTimeout(timer);
  for (const db of [...readable, ...writable]) db.close();
  port.postMessage({ t: 'closed' } satisfies FromKeeper);
  port.close();
});
