import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { GatheredUses } from './bed-uses.ts';
import { fillBedUses } from './migrations/006-bed-uses.ts';
import type { Db } from './open.ts';
import { HELD, refold, WHOLE, type Difference, type Refolded } from './refold.ts';
import type { FromRefolder, RefolderData } from './refolder-protocol.ts';
import { workerFile } from './worker-file.ts';

/** More threads than that wait for the disk. */
const MOST_THREADS = 4;

/**
 * Throws every projection away and folds it anew from baseline and log, in one transaction of this thread. Returns the
 * number of events read. `progress` is told how many so far; `held` entities are in memory at once.
 */
export function rebuild(db: Db, progress: (events: number) => void = () => {}, held = HELD): number {
  return db.transaction(() => {
    const result = refold(db, WHOLE, putter(db), progress, held);
    putUses(db, [result]);
    return result.events;
  }).immediate();
}

/**
 * Like {@link rebuild}, with one thread a processor: each folds a share of the entities, and this one writes what
 * differs. Nothing else may use the connection meanwhile. Rejects, with everything as it was, if a thread fails.
 */
export async function rebuildInThreads(db: Db, progress: (events: number) => void = () => {}, threads = Math.min(MOST_THREADS, availableParallelism()), held = HELD): Promise<number> {
  if (threads === 1) return rebuild(db, progress, held);
  const put = putter(db);
  const done = Array.from({ length: threads }, () => 0);
  const tell = (nth: number, events: number) => {
    done[nth] = events;
    progress(done.reduce((sum, each) => sum + each, 0));
  };
  db.exec('BEGIN IMMEDIATE');
  const workers = done.map((_, nth) => new Worker(workerFile('refolder'), { workerData: { file: db.name, share: { nth, of: threads }, held } satisfies RefolderData }));
  try {
    const results = await Promise.all(workers.map((worker, nth) => refolded(worker, put, (events) => tell(nth, events))));
    putUses(db, results);
    db.exec('COMMIT');
    return results.reduce((sum, { events }) => sum + events, 0);
  } catch (error) {
    // What the others still tell belongs to what is taken back.
    await Promise.all(workers.map((worker) => worker.terminate()));
    db.exec('ROLLBACK');
    throw error;
  }
}

/** What a thread has found, once it has ended: nothing is to go on beside a thread that takes its binding to SQLite down. */
function refolded(worker: Worker, put: (found: Difference) => void, progress: (events: number) => void): Promise<Refolded> {
  return new Promise((resolve, reject) => {
    let result: Refolded | undefined;
    worker.on('error', reject);
    worker.on('exit', (code) => (result ? resolve(result) : reject(new Error(`a thread of the rebuild ended with code ${code} before it was done`))));
    worker.on('message', (message: FromRefolder) => {
      try {
        if (message.t === 'differences') message.found.forEach(put);
        else if (message.t === 'progress') progress(message.events);
        else result = { events: message.events, uses: GatheredUses.of(message.uses), usesStale: message.usesStale };
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}

function putter(db: Db): (found: Difference) => void {
  const statement = db.prepare('UPDATE entity SET state = ?, open = ?, changed = COALESCE(?, changed) WHERE entity_id = ?');
  return ({ entity, state, open, changed }) => void statement.run(state, open, changed, entity);
}

function putUses(db: Db, results: readonly Refolded[]): void {
  if (results.some(({ usesStale }) => usesStale)) db.exec(fillBedUses);
  else GatheredUses.of(results.flatMap(({ uses }) => uses.all)).putInto(db);
}
