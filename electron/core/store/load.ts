import { rawMessage, type RawMessage } from '../ingest/message.ts';
import type { Outcome } from './outcome.ts';
import type { SiteStore } from './site-store.ts';

const BATCH = 2_000;

export interface Loaded {
  read: number;
  accepted: number;
  duplicates: number;
  refused: number;
}

/**
 * Folds lines of NDJSON into a store by the same code as the live path. `now` is the clock they are received on;
 * times are not judged against it. `line` hears of every batch.
 */
export async function loadLines(store: SiteStore, lines: AsyncIterable<{ bytes: Uint8Array } | { text: string }>, now: number, onBatch: (loaded: Loaded, outcome: Outcome) => void = () => {}): Promise<Loaded> {
  const loaded: Loaded = { read: 0, accepted: 0, duplicates: 0, refused: 0 };
  let batch: RawMessage[] = [];
  const apply = () => {
    const outcome = store.ingest.apply(batch, now, false);
    loaded.read += batch.length;
    loaded.accepted += outcome.accepted;
    loaded.duplicates += outcome.duplicates;
    loaded.refused += outcome.refused;
    batch = [];
    onBatch(loaded, outcome);
  };
  for await (const line of lines) {
    batch.push(rawMessage({ payload: 'bytes' in line ? line.bytes : Buffer.from(line.text), received: now }));
    if (batch.length >= BATCH) apply();
  }
  if (batch.length > 0) apply();
  return loaded;
}
