import { canonical, differences, type Difference } from '#shared/config/difference.ts';
import type { Json } from '#shared/json.ts';
import type { Db } from '../store/open.ts';
import { siteChangesAfter, siteVersionAt } from '../store/site-config.ts';
import type { Place } from './asked.ts';
import { number, text, time, type Column, type Stored } from './written.ts';

export const CONFIG_HISTORY: readonly Column[] = [...number('version'), ...time('at'), ...text('who', 'why', 'place', 'before', 'after')];

/** Of a change that changed no place: a file says now what stood there before. */
const NOWHERE: readonly Difference[] = [{ path: '' }];

const told = (value: Json | undefined): string | null => (value === undefined ? null : canonical(value));

interface Asked {
  readonly place: Place | undefined;
  readonly from: number;
  readonly to: number;
  /** Rows at which a page ends; what one version changed is never parted. */
  readonly limit: number;
}

/** What changes of the site document did, the oldest first: a row for each place that is another than in the version before. */
export function configHistoryRows(db: Db, { place, from, to, limit }: Asked): { rows: Stored[][]; next?: Place } {
  const rows: Stored[][] = [];
  let before = (place && siteVersionAt(db, place.key)?.document) ?? {};
  for (const { version, at, who, why, document } of siteChangesAfter(db, place?.key ?? 0)) {
    const changed = differences(before, document);
    before = document;
    if (at < from || at >= to) continue;
    for (const { path, before: was, after: is } of changed.length > 0 ? changed : NOWHERE) rows.push([version, at, who, why, path, told(was), told(is)]);
    if (rows.length >= limit) return { rows, next: { part: 0, key: version, tie: 0 } };
  }
  return { rows };
}
