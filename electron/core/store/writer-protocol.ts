import type { RawMessage } from '../ingest/message.ts';
import type { Outcome } from './ingest.ts';
import type { StoreOptions } from './site-store.ts';

/** One point of a gauge: series name, site-clock epoch ms, value (null: unknown then). */
export type SamplePoint = readonly [series: string, at: number, value: number | null];

/** What the network loop asks of the writer thread. */
export type ToWriter =
  | { t: 'messages'; upTo: number; messages: RawMessage[]; now: number }
  | { t: 'samples'; points: SamplePoint[] }
  /** The site's clock moved on: release what was held for being ahead of it. */
  | { t: 'tick'; now: number }
  | { t: 'close' };

/** What the writer thread tells the network loop. */
export type FromWriter =
  | { t: 'ready'; developmentKey: boolean; deadLetters: number }
  | { t: 'unusable'; message: string }
  /** Everything up to `upTo` is on disk: acknowledge it. */
  | { t: 'committed'; upTo: number; outcome: Outcome; deadLetters: number }
  /** The disk refused a batch; it is kept and tried again. */
  | { t: 'stalled'; message: string }
  | { t: 'closed' };

export type WriterData = StoreOptions;
