import type { ExportFormat, SERIES_STEPS } from '#shared/api/exports.ts';

/** Epoch ms, `from <= t < to`; open where absent. */
interface Range {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Which list is to leave as a file. */
export type ExportAsked =
  | ({ readonly list: 'events' } & Range)
  | ({ readonly list: 'dead-letters' } & Range)
  | { readonly list: 'sources' }
  | { readonly list: 'beds' }
  | { readonly list: 'latest'; readonly family: string }
  | ({ readonly list: 'snapshots'; readonly family: string } & Range)
  | ({ readonly list: 'config-history' } & Range)
  | ({ readonly list: 'series'; readonly metric: string; readonly step: (typeof SERIES_STEPS)[number] } & Range);

/** Where a list goes on: the part of the list, and the key of the row that was the last. */
export interface Place {
  readonly part: number;
  readonly key: number;
  readonly tie: number;
}

/** @typeParam A what is asked of who reads the pages */
export interface PageAsked<A = ExportAsked> {
  readonly asked: A;
  readonly format: ExportFormat;
  /** Absent: from the beginning. */
  readonly place?: Place | undefined;
}

/** A cell as the store gives it: flags are 0 and 1. */
export type Stored = string | number | null;

/** Some rows of a list, already as text of the format. */
export interface Page {
  /** The row of column names, as text of the format. */
  readonly header: string;
  readonly text: string;
  readonly rows: number;
  /** Absent with the last page. */
  readonly next?: Place;
}
