import { expect, test } from 'vitest';
import { temporaryDir } from '../fixtures/stores.ts';
import { fuzzRun } from '../rig/fuzz-run.ts';
import { seed } from '../setup.ts';

const BATCH = 5_000;
const BATCHES = 200;
/** Samples before this one see caches fill. */
const WARM = 6;

test(`given ${BATCH * BATCHES} mutated events in batches of ${BATCH} (seed ${seed}), when they go into one store, then none breaks it and memory stays flat`, () => {
  const { classes, heapMb, hash, rebuilt, polluted } = fuzzRun({
    dataDir: temporaryDir(),
    batches: BATCHES,
    batch: BATCH,
    seed,
    onSample: (done, heap, store) => process.stderr.write(`${done} messages, heap ${heap.toFixed(0)} MB, store ${store.toFixed(0)} MB\n`),
  });
  for (const [name, { sent, taken }] of Object.entries(classes)) process.stderr.write(`${name.padEnd(16)} ${String(sent).padStart(7)} sent ${String(taken).padStart(7)} taken\n`);
  expect(rebuilt).toBe(hash);
  expect(polluted).toBe(false);
  const warm = Math.max(...heapMb.slice(0, WARM));
  expect(Math.min(...heapMb.slice(-3))).toBeLessThan(warm * 1.1);
});
