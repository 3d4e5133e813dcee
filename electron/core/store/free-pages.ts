import type { Db } from './open.ts';

/** Pages given back in one step: each may move one page of data from the end of the file into a hole. */
const PAGES_AT_ONCE = 128;
/** Free pages up to this share of the file are left for what will be written next. */
const KEPT_SHARE = 0.1;
const KEPT_PAGES = 250;

/**
 * Gives free pages back to the file system, a few at a time; returns whether there are more to give. A file that was
 * made before `auto_vacuum=INCREMENTAL` keeps its free pages for later rows and never shrinks.
 */
export function returnPages(db: Db): boolean {
  if (db.pragma('auto_vacuum', { simple: true }) !== 2) return false;
  const pages = db.pragma('page_count', { simple: true }) as number;
  const surplus = (db.pragma('freelist_count', { simple: true }) as number) - Math.max(KEPT_PAGES, pages * KEPT_SHARE);
  if (surplus <= 0) return false;
  db.pragma(`incremental_vacuum(${Math.ceil(Math.min(PAGES_AT_ONCE, surplus))})`);
  return surplus > PAGES_AT_ONCE;
}
