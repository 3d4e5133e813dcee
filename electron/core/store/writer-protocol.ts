import type { RawMessage } from '../ingest/message.ts';
import type { SnapshotBatch } from '../snapshots/taken.ts';
import type { SourceRecord, SourceTerms, TroubleName } from '#shared/sources.ts';
import type { DroppedLetters, LetterChoice } from './dead-letters.ts';
import type { Mark } from './event-marks.ts';
import type { Decision } from './ingest.ts';
import type { Joined } from './joined.ts';
import type { Outcome } from './outcome.ts';
import type { Erased, Patient, Whom } from './patients.ts';
import type { Recovery, RecoverOptions } from './recover.ts';
import type { WantedChange } from './site-config.ts';
import type { Found } from './salvage.ts';
import type { UpkeepState } from './upkeep.ts';

/** One point of a gauge: series name, site-clock epoch ms, value (null: unknown then). */
export type SamplePoint = readonly [series: string, at: number, value: number | null];

/** What the network loop asks of the writer thread. */
export type ToWriter =
  /** First of all: which store to open. */
  | { t: 'open'; data: WriterData }
  | { t: 'messages'; upTo: number; messages: RawMessage[]; now: number }
  | { t: 'samples'; points: SamplePoint[] }
  /** The site's clock moved on: release what was held for being ahead of it. */
  | { t: 'tick'; now: number }
  /** The site's clock was given back by `ms`; what was sent before was stamped by the clock as it was. */
  | { t: 'back'; ms: number }
  | { t: 'ask'; id: number; ask: Ask; now: number }
  | { t: 'close' };

/** What a person asks of the store through a running core, and snapshots that are to be kept. */
export type Ask =
  /** About a source, as it stood in `from` (null: was not there), where that is said. */
  | { what: 'decide'; uri: string; decision: Decision; from?: SourceTerms | null }
  | { what: 'replay'; letters: LetterChoice }
  | { what: 'keep'; batch: SnapshotBatch }
  /** That somebody has dealt with an event; without `mark`, that nobody has. Marked as in `from` before, where that is said. */
  | { what: 'mark'; position: number; mark: Mark | undefined; from?: Mark | null }
  /** A page of the hub's log, how far it reaches, and whether that is its end. */
  | { what: 'join'; events: Found[]; joined: Joined; whole: boolean }
  | { what: 'configure'; change: WantedChange }
  /** Who somebody is, and forgetting them: the vault is the writer's. */
  | { what: 'patient'; whom: Whom }
  | { what: 'erase'; whom: Whom };
/** How it went: letters replayed and left as they were, events of a hub that could not be taken (`left`), whether there was such an event, the number of a change, the source decided about, who it is, what was erased; or what stood in the way (`stale`: somebody came first). */
export type Answer = { ok: true; replayed?: number; left?: number; version?: number; source?: SourceRecord | undefined; found?: boolean; patient?: Patient | undefined; erased?: Erased } | { ok: false; problem: string; stale?: true };

/** What the writer thread tells the network loop. */
export type FromWriter =
  | { t: 'ready'; developmentKey: boolean; deadLetters: number; recovery?: Recovery }
  | { t: 'unusable'; message: string }
  /** Everything up to `upTo` is on disk: acknowledge it. `waits`: what came after it is refused all the same. */
  | { t: 'committed'; upTo: number; waits: boolean; outcome: Outcome; deadLetters: number; dropped: DroppedLetters }
  /** The disk refused a batch; it is kept and tried again. */
  | { t: 'stalled'; state: TroubleName; message: string }
  /** The disk takes again, found out without a batch to write. */
  | { t: 'recovered' }
  /** Sources whose figures changed since the last tick. */
  | { t: 'sources'; records: SourceRecord[] }
  | { t: 'answer'; id: number; answer: Answer }
  /** Retention and free pages: what they are at. */
  | { t: 'upkeep'; state: UpkeepState }
  | { t: 'closed' };

export interface WriterData extends RecoverOptions {
  /** No retention in a replay: its past is not ours to forget. */
  readonly retention?: boolean;
  /** The log is being taken over from a hub: nothing is forgotten before it is whole, or its beginning would be refused. */
  readonly joining?: boolean;
}
