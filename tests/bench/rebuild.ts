import { join } from 'node:path';
import { openForReading, type Db } from '#core/store/open.ts';
import { rebuild, rebuildInThreads } from '#core/store/rebuild.ts';
import { backfillTrends } from '#core/link/backfill.ts';
import { newestEventTime } from '#core/store/read-house.ts';
import { unconfigured } from '#core/store/site-config.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { fileOf, makeStore } from './log.ts';
import type { Row } from './report.ts';

const ROUNDS = 3;
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Rebuild of current state from a log, beside reading and parsing that log; medians of alternating rounds. */
export async function rebuildRows(dir: string, events: number, tell: (line: string) => void): Promise<Row[]> {
  const data = join(dir, 'rebuild');
  tell(`writing a log of ${events.toLocaleString('en')} events`);
  const store = makeStore(data, events, (done) => done % 200_000 === 0 && tell(`${done.toLocaleString('en')} events`));
  try {
    const ours: number[] = [];
    const alone: number[] = [];
    const floor: number[] = [];
    const hardFloor: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      floor.push(readAndParse(fileOf(data), plain));
      hardFloor.push(readAndParse(fileOf(data), paged));
      const start = performance.now();
      await rebuildInThreads(store.db);
      ours.push(performance.now() - start);
      const again = performance.now();
      rebuild(store.db);
      alone.push(performance.now() - again);
    }
    const start = performance.now();
    backfillTrends(store.db, unconfigured(DEFAULT_SITE), newestEventTime(store.db)!);
    const history = performance.now() - start;
    const size = `${(events / 1e6).toLocaleString('en')} M events`;
    return [
      { what: `rebuild of current state, ${size}`, ours: median(ours), floor: median(floor), unit: 'ms', kind: 'cost', target: 2 },
      { what: '  the same beside a floor that reads in pages as we do', ours: median(ours), floor: median(hardFloor), unit: 'ms', kind: 'cost' },
      { what: '  in one thread', ours: median(alone), floor: median(floor), unit: 'ms', kind: 'cost' },
      { what: `history of trends (last 8 h), ${size}`, ours: history, unit: 'ms', kind: 'cost' },
    ];
  } finally {
    store.close();
  }
}

type Read = (db: Db) => Iterable<readonly unknown[]>;
const COLUMNS = 'source_id, id, type, time, sequence, constructed, data, entity, position';

/** Row by row, as anyone would read a table. */
export const plain: Read = (db) => db.prepare(`SELECT ${COLUMNS} FROM ops_event ORDER BY position`).raw().iterate() as IterableIterator<unknown[]>;

/** In pages, as the walk of the log reads it: the hardest floor. */
export function* paged(db: Db): Generator<readonly unknown[]> {
  const page = db.prepare(`SELECT ${COLUMNS} FROM ops_event WHERE position > ? ORDER BY position LIMIT 5000`).raw();
  for (let rows = page.all(0) as unknown[][]; rows.length > 0; rows = page.all(rows.at(-1)![8]) as unknown[][]) yield* rows;
}

/** The floor: every row read, and its data parsed. */
export function readAndParse(file: string, read: Read): number {
  const db = openForReading(file);
  const start = performance.now();
  let fields = 0;
  for (const row of read(db)) fields += Object.keys(JSON.parse(row[6] as string) as object).length;
  const took = performance.now() - start;
  db.close();
  if (fields === 0) throw new Error('the log is empty');
  return took;
}
