import type { MetricResult } from '#shared/metrics/result.ts';
import type { Page, PageAsked } from '../exports/asked.ts';
import type { Snapshot } from '#shared/snapshots/family.ts';
import type { LogCopy } from './copy-log.ts';
import type { SiteId } from './paths.ts';
import type { StoreQuery } from './query.ts';
import type { EventsAsked, ListedEvent, ListedEvents } from './read-events.ts';
import type { LettersAsked, LettersPage } from './read-letters.ts';
import type { LogAsked, LogPage } from './read-log.ts';
import type { SnapshotHistory, SnapshotPlace, SnapshotQuery } from './read-snapshots.ts';
import type { Refreshed, RefreshSubject } from './refresh.ts';
import type { SeriesAnswer, SeriesQuery } from './series.ts';

export interface ReaderData {
  readonly file: string;
  readonly id: SiteId;
}

/** What the reader thread can be asked, by kind: the question and its answer. */
export interface Questions {
  metric: { asks: StoreQuery; gives: MetricResult };
  events: { asks: EventsAsked; gives: ListedEvents };
  event: { asks: { position: number }; gives: ListedEvent | undefined };
  notes: { asks: { position: number }; gives: Record<string, string> | undefined };
  letters: { asks: LettersAsked; gives: LettersPage };
  log: { asks: LogAsked; gives: LogPage };
  'copy-log': { asks: { to: string }; gives: LogCopy };
  latest: { asks: SnapshotQuery & { at?: number | undefined }; gives: Snapshot[] };
  history: { asks: SnapshotQuery & { from: number; to: number; limit: number; after?: SnapshotPlace }; gives: SnapshotHistory };
  series: { asks: SeriesQuery[]; gives: SeriesAnswer[] };
  refresh: { asks: RefreshSubject; gives: Refreshed };
  'export-page': { asks: PageAsked; gives: Page };
}
export type QuestionKind = keyof Questions;

export interface ToReader<K extends QuestionKind = QuestionKind> {
  readonly call: number;
  readonly kind: K;
  readonly asks: Questions[K]['asks'];
}

export type FromReader =
  | { readonly call: number; readonly ok: true; readonly gives: Questions[QuestionKind]['gives'] }
  | { readonly call: number; readonly ok: false; readonly message: string; readonly badRequest: boolean };
