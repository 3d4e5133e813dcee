import type { TroubleName } from '#shared/sources.ts';

/** What does not count now has as much of the disk as is left free: no more of it is taken, nor acknowledged, until there is room. */
export class NoRoomAside extends Error {
  readonly code = 'NO_ROOM_ASIDE';
}

const code = (error: unknown) => String((error as { code?: unknown }).code);

/** Full, read-only, failing: the same batch may pass later. Everything else is a defect and would never pass. */
export const isDiskTrouble = (error: unknown): boolean => /^(NO_ROOM_ASIDE$|SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN|CORRUPT|NOMEM))/.test(code(error));

/** The named state of a store that refuses with this error. */
export function storeTrouble(error: unknown): Extract<TroubleName, `store-${string}`> {
  if (/^(NO_ROOM_ASIDE$|SQLITE_FULL)/.test(code(error))) return 'store-full';
  return code(error).startsWith('SQLITE_READONLY') ? 'store-read-only' : 'store-failing';
}
