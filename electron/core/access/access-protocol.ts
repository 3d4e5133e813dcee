import type { KeySource } from '../ingest/site-key.ts';
import type { SiteId } from '../store/paths.ts';
import type { AccessStore } from './access-store.ts';
import type { Refusal } from './refusal.ts';

export interface AccessData {
  readonly file: string;
  readonly id: SiteId;
  readonly keyFile: KeySource | undefined;
}

/** What the access thread can be asked: the methods of its store whose answers can be sent. */
export type AccessCall = Exclude<keyof AccessStore, 'close' | 'allAudit'>;

export interface ToAccess {
  readonly call: number;
  readonly what: AccessCall;
  readonly args: unknown[];
}

export type FromAccess =
  | { readonly call: number; readonly ok: true; readonly value: unknown }
  | { readonly call: number; readonly ok: false; readonly message: string; readonly status?: Refusal['status']; readonly retryAfter?: number | undefined };
