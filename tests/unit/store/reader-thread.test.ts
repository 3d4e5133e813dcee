import { expect, onTestFinished, test } from 'vitest';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { ReaderThread } from '#core/store/reader-thread.ts';
import { hospitalEvent } from '../../fixtures/hospital-stream.ts';
import { apply, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const START = Date.UTC(2026, 0, 1);
const census = { metric: 'ed.census', scope: {} };

function reader(limitMs?: number): ReaderThread {
  const dataDir = temporaryDir();
  apply(temporaryStore(dataDir), Array.from({ length: 200 }, (_, i) => hospitalEvent(i, START + i)));
  const thread = new ReaderThread({ file: storeFiles(dataDir, DEFAULT_SITE).log, id: DEFAULT_SITE }, limitMs);
  onTestFinished(() => thread.close());
  return thread;
}

test('given a question that takes longer than its limit, when the time is over, then who waits is told, and the thread that held its view is gone', async () => {
  await expect(reader(1).ask('metric', census)).rejects.toThrow('no answer within 0.001 s');
});

test('given questions in a row, when they are answered in time, then each has its answer', async () => {
  const thread = reader();
  expect(await Promise.all([thread.ask('metric', census), thread.ask('metric', census)])).toMatchObject([{ metric: 'ed.census' }, { metric: 'ed.census' }]);
  expect(await thread.ask('metric', census)).toMatchObject({ metric: 'ed.census' });
});
