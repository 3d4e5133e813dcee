import type { TroubleName } from '#shared/sources.ts';

const code = (error: unknown) => String((error as { code?: unknown }).code);

/** Full, read-only, failing: the same batch may pass later. Everything else is a defect and would never pass. */
export const isDiskTrouble = (error: unknown): boolean => /^SQLITE_(FULL|IOERR|READONLY|BUSY|CANTOPEN|CORRUPT|NOMEM)/.test(code(error));

/** The named state of a store that refuses with this error. */
export function storeTrouble(error: unknown): Extract<TroubleName, `store-${string}`> {
  if (code(error).startsWith('SQLITE_FULL')) return 'store-full';
  return code(error).startsWith('SQLITE_READONLY') ? 'store-read-only' : 'store-failing';
}
