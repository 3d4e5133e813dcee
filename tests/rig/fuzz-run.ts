import { statSync } from 'node:fs';
import { Decoder } from '#core/ingest/decode.ts';
import { rawMessage } from '#core/ingest/message.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { rebuild } from '#core/store/rebuild.ts';
import { mutated, MUTATION_CLASSES } from '../fixtures/mutations.ts';
import { Random } from '../fixtures/random.ts';

export interface FuzzRun {
  readonly dataDir: string;
  /** Batches, each one transaction with a seed of its own: one that fails can be run alone. */
  readonly batches: number;
  readonly batch: number;
  /** Seed of the first batch; the others count on from it. */
  readonly seed: number;
  /** Hears now and then: messages so far, memory in use (after a collection, where `gc` is there) and the store's files. */
  readonly onSample?: (done: number, heapMb: number, storeMb: number) => void;
}

export interface FuzzReport {
  /** Messages by class, and how many of them were taken. */
  readonly classes: Record<string, { sent: number; taken: number }>;
  readonly heapMb: number[];
  readonly storeMb: number[];
  readonly hash: string;
  readonly rebuilt: string;
  /** Whether the prototype of all objects is as it was. */
  readonly polluted: boolean;
}

const SAMPLES = 20;
const MB = 1024 * 1024;
const HOUR_MS = 3_600_000;

const megabytes = (files: readonly string[]) => files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) / MB;

/**
 * Puts mutated messages through ingest into a real store. Throws, with the seed, when a message breaks it or a batch
 * is not accounted for.
 */
export function fuzzRun({ dataDir, batches, batch, seed, onSample = () => {} }: FuzzRun): FuzzReport {
  const begin = Date.now();
  const store = openSiteStore({ dataDir, id: DEFAULT_SITE, withVault: true });
  const decoder = new Decoder(DEFAULT_SITE, loadSiteKey(DEFAULT_SITE));
  const { log, vault } = storeFiles(dataDir, DEFAULT_SITE);
  const files = [log, vault].flatMap((file) => [file, `${file}-wal`]);
  const classes: FuzzReport['classes'] = Object.fromEntries(MUTATION_CLASSES.map((name) => [name, { sent: 0, taken: 0 }]));
  const heapMb: number[] = [];
  const storeMb: number[] = [];
  const every = Math.max(1, Math.floor(batches / SAMPLES));
  const now = begin + HOUR_MS;
  try {
    for (let done = 0; done < batches; done++) {
      const random = new Random(seed + done);
      const part = Array.from({ length: batch }, (_, i) => mutated(random, done * batch + i, begin));
      const messages = part.map(({ payload }) => rawMessage({ payload, received: now }));
      part.forEach(({ class: name }, i) => {
        classes[name]!.sent++;
        if (decoder.decode(messages[i]!).ok) classes[name]!.taken++;
      });
      const { accepted, duplicates, refused } = take(() => store.ingest.apply(messages, now, true), seed + done);
      if (accepted + duplicates + refused !== batch) throw new Error(`seed ${seed + done}: of ${batch} messages ${accepted} were accepted, ${duplicates} duplicates and ${refused} refused`);
      if ((done + 1) % every > 0) continue;
      globalThis.gc?.();
      heapMb.push(process.memoryUsage().heapUsed / MB);
      storeMb.push(megabytes(files));
      onSample((done + 1) * batch, heapMb.at(-1)!, storeMb.at(-1)!);
    }
    const hash = hashState(currentEntities(store.db));
    rebuild(store.db);
    return { classes, heapMb, storeMb, hash, rebuilt: hashState(currentEntities(store.db)), polluted: 'polluted' in {} };
  } finally {
    store.close();
  }
}

function take<T>(work: () => T, seed: number): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`seed ${seed}: a message of this batch broke ingest`, { cause });
  }
}
