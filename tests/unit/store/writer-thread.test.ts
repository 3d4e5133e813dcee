import { expect, test } from 'vitest';
import { wallClock } from '#core/clock/clock.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { WriterThread } from '#core/store/writer-thread.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const quiet = { onCommitted: () => undefined, onStalled: () => undefined, onLost: () => undefined };

test('given messages on their way to the writer, when it is closed behind them, then it commits them and ends', async () => {
  const dataDir = temporaryDir();
  const stalls: string[] = [];
  const { writer } = await WriterThread.start({ dataDir, id: DEFAULT_SITE, withVault: true }, wallClock, { ...quiet, onStalled: (why) => why && stalls.push(why.message) });
  for (let batch = 0; batch < 4; batch++) {
    for (let i = 0; i < 3_000; i++) writer.submit({ topic: '', payload: Buffer.from('not JSON') }, () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.close();
  const db = openForReading(storeFiles(dataDir, DEFAULT_SITE).log);
  const { n } = db.prepare('SELECT COUNT(*) AS n FROM dead_letter').get() as { n: number };
  db.close();
  expect({ n, stalls }).toEqual({ n: 12_000, stalls: [] });
});
