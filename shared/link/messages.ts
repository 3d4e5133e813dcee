import type { Json } from '../json.ts';

export const LINK_VERSION = 1;

/** Items of a view by key; a patch replaces or removes whole items. */
export type Items = Record<string, Json>;

/** What a page says to the core. */
export type ToCore =
  | { t: 'hello'; versions: number[]; role: 'wall' | 'desk' | 'kiosk' }
  | { t: 'subscribe'; sub: number; view: string; params?: Record<string, string> }
  | { t: 'unsubscribe'; sub: number }
  /** Painted up to this revision: the core sends no further patch while two are unacknowledged. */
  | { t: 'ack'; sub: number; revision: number }
  /** An operation of the Command API by name; `args`: params, query, body, ifMatch, key. */
  | { t: 'command'; id: number; name: string; args: Record<string, Json> };

/** What came of a command; `tag` names the state that was answered, for whoever means to replace it. */
export type CommandResult = { ok: true; value: Json; tag?: string } | { ok: false; error: { code: string; message: string } };

/** What the core says to a page. Revisions grow by one a message within a subscription. */
export type FromCore =
  | { t: 'hello'; version: number }
  | { t: 'snapshot'; sub: number; revision: number; eventTime: number; items: Items }
  | { t: 'patch'; sub: number; revision: number; eventTime: number; set: Items; remove: string[] }
  | ({ t: 'result'; id: number } & CommandResult)
  | { t: 'refused'; sub?: number; code: string; message: string };
