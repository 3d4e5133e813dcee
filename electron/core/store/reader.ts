import { parentPort, workerData } from 'node:worker_threads';
import { exportPage } from '../exports/page.ts';
import { MetricError } from '../metrics/errors.ts';
import { copyLog } from './copy-log.ts';
import { isDamage, markDamaged } from './damage.ts';
import { openForReading } from './open.ts';
import { queryStore } from './query.ts';
import { readEvent, readEvents, readNotes } from './read-events.ts';
import { readLetters } from './read-letters.ts';
import { readLog } from './read-log.ts';
import { latestSnapshots, snapshotHistory } from './read-snapshots.ts';
import { refresh } from './refresh.ts';
import { seriesTogether } from './series.ts';
import { storedSiteConfig } from './site-config.ts';
import type { FromReader, QuestionKind, Questions, ReaderData, ToReader } from './reader-protocol.ts';

const { file, id } = workerData as ReaderData;
const port = parentPort!;
const db = openForReading(file);

/** How each kind of question is answered. A RangeError or MetricError says that the question is at fault. */
const ANSWERS: { readonly [K in QuestionKind]: (asks: Questions[K]['asks']) => Questions[K]['gives'] } = {
  metric: (query) => queryStore(db, id, query),
  events: (asked) => readEvents(db, asked),
  event: ({ position }) => readEvent(db, position),
  notes: ({ position }) => readNotes(db, position),
  letters: (asked) => readLetters(db, asked),
  log: (asked) => readLog(db, asked),
  'copy-log': ({ to }) => copyLog(file, to),
  latest: ({ at, ...query }) => latestSnapshots(db, query, at),
  history: ({ from, to, limit, after, ...query }) => snapshotHistory(db, query, from, to, limit, after),
  series: (queries) => seriesTogether(db, storedSiteConfig(db, id).timezone, queries),
  refresh: (of) => refresh(db, of),
  'export-page': (page) => exportPage(db, id, page),
};

/** A read-only thread: whatever takes long to answer is answered here, beside ingest and painting. */
port.on('message', (question: ToReader) => {
  port.postMessage(answer(question));
});

function answer<K extends QuestionKind>({ call, kind, asks }: ToReader<K>): FromReader {
  try {
    return { call, ok: true, gives: db.transaction(() => ANSWERS[kind](asks))() };
  } catch (error) {
    if (isDamage(error)) markDamaged(file, { problem: (error as Error).message });
    return { call, ok: false, message: (error as Error).message, badRequest: error instanceof MetricError || error instanceof RangeError };
  }
}
