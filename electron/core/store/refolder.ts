import { parentPort, workerData } from 'node:worker_threads';
import { openForReading } from './open.ts';
import { refold, type Difference } from './refold.ts';
import type { FromRefolder, RefolderData } from './refolder-protocol.ts';

/** Differences told at once. */
const MANY = 1_000;

const { file, share, held } = workerData as RefolderData;
const say = (message: FromRefolder) => parentPort!.postMessage(message);

/** Folds a share of a store's entities, of the store as it stands; whoever asked holds its write lock meanwhile. */
let found: Difference[] = [];
const flush = () => {
  if (found.length > 0) say({ t: 'differences', found });
  found = [];
};
const db = openForReading(file);
const { events, uses, usesStale } = db.transaction(() => refold(db, share, (difference) => {
  if (found.push(difference) >= MANY) flush();
}, (so) => say({ t: 'progress', events: so }), held))();
flush();
db.close();
say({ t: 'done', events, uses: uses.all, usesStale });
