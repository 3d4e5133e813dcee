import type { MetricResult } from '#shared/metrics/result.ts';
import type { SiteId } from './paths.ts';
import type { StoreQuery } from './query.ts';

export interface ReaderData {
  readonly file: string;
  readonly id: SiteId;
}

export interface ToReader {
  readonly call: number;
  readonly query: StoreQuery;
}

export type FromReader =
  | { readonly call: number; readonly ok: true; readonly result: MetricResult }
  | { readonly call: number; readonly ok: false; readonly message: string; readonly badRequest: boolean };
