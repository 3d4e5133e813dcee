import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { BadQuery, NotNow, ReaderThread } from '#core/store/reader-thread.ts';
import type { SeriesQuery } from '#core/store/series.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 1);
const census = { metric: 'ed.census', scope: {} };

function reader(bounds: { limitMs?: number; waiting?: number; memoryMib?: number } = {}): ReaderThread {
  const dataDir = temporaryDir();
  apply(temporaryStore(dataDir), Array.from({ length: 200 }, (_, i) => hospitalEvent(i, START + i)));
  const thread = new ReaderThread({ file: storeFiles(dataDir, DEFAULT_SITE).log, id: DEFAULT_SITE }, bounds);
  onTestFinished(() => thread.close());
  return thread;
}

test('given a question that takes longer than its limit, when the time is over, then who waits is told, and the thread that held its view is gone', async () => {
  await expect(reader({ limitMs: 1 }).ask('metric', census)).rejects.toThrow('no answer within 0.001 s');
});

test('given questions in a row, when they are answered in time, then each has its answer', async () => {
  const thread = reader();
  expect(await Promise.all([thread.ask('metric', census), thread.ask('metric', census)])).toMatchObject([{ metric: 'ed.census' }, { metric: 'ed.census' }]);
  expect(await thread.ask('metric', census)).toMatchObject({ metric: 'ed.census' });
});

test('given as many questions as may wait, when another comes, then it is refused at once, and later taken', async () => {
  const thread = reader({ waiting: 2 });
  const asked = [thread.ask('metric', census), thread.ask('metric', census)];
  await expect(thread.ask('metric', census)).rejects.toThrow(NotNow);
  await Promise.all(asked);
  expect(await thread.ask('metric', census)).toMatchObject({ metric: 'ed.census' });
});

/** Takes some seconds on any machine. */
const LONG = Array<SeriesQuery>(5_000_000).fill({ metric: 'ed.census', scope: {}, from: 0, to: 1 });

test('given a question that takes too long, and others that wait behind it, when the time is over, then it alone fails and the others are answered', { timeout: 120_000 }, async () => {
  const thread = reader({ limitMs: 15_000 });
  const long = thread.ask('series', LONG);
  const others = [thread.ask('metric', census), thread.ask('metric', { metric: 'beds.occupied', scope: {} })];
  await expect(long).rejects.toThrow(NotNow);
  expect(await Promise.all(others)).toMatchObject([{ metric: 'ed.census' }, { metric: 'beds.occupied' }]);
});

test('given a question for more than fits into the memory that the thread may have, when it is asked, then it alone fails, says what to do, and the others are answered', { timeout: 120_000 }, async () => {
  const thread = reader({ memoryMib: 40 });
  // What is asked must fit itself: V8 takes the whole process along where one piece alone does not.
  const large = thread.ask('series', LONG.slice(0, 400_000));
  const other = thread.ask('metric', census);
  await expect(large).rejects.toThrow(BadQuery);
  await expect(large).rejects.toThrow('more than 40 MiB of memory; ask for a shorter time, or with vigil query');
  expect(await other).toMatchObject({ metric: 'ed.census' });
});
