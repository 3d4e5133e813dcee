import type { SiteConfig } from '#shared/site.ts';
import { cycleStart } from './cleaning.ts';
import type { BedState } from './state.ts';

/** Who stands at the bed wherever nothing else is configured. */
const AT_THE_BED: ReadonlySet<string> = new Set(['bed', 'vigil']);
const bySite = new WeakMap<SiteConfig, ReadonlySet<string>>();

/** Kinds of source that stand at the bed: bed management and Vigil's own desks, and those to which the site gives `bed-status`. */
function atTheBed(site: SiteConfig): ReadonlySet<string> {
  let kinds = bySite.get(site);
  if (!kinds) bySite.set(site, (kinds = new Set([...AT_THE_BED, ...site.sources.filter(({ authority }) => authority.includes('bed-status')).map(({ kind }) => kind)])));
  return kinds;
}

type Status = NonNullable<BedState['status']>;

/** When the status was last said, epoch ms. */
export const saidAt = (status: Status): number => Math.max(status.since, status.confirmedAt ?? status.since);

export type Verdict =
  | { readonly occupied: true; readonly overruled?: { source: string; says: Exclude<Status['value'], 'occupied' | 'unknown'> | 'blocked' } }
  | { readonly occupied: false };

/**
 * Who decides the status field of a bed when two sources speak of it.
 *
 * | the EHR places a patient in the bed, and of the bed itself is said | by | decides |
 * |---|---|---|
 * | anything, before that placement, or in a word that nobody has mapped | anyone | EHR: no conflict |
 * | `occupied` | anyone | both agree |
 * | `dirty` or `cleaning`, since the placement | `bed`, `vigil`, and kinds with the authority `bed-status` | who stands at the bed: discharges are charted late |
 * | `available`, after a cleaning that began since the placement | the same | as above |
 * | any other `available` since the placement | anyone | EHR: a cleaning reported late, and giving away a bed in use is the worse error |
 * | anything since the placement | any other source | EHR |
 * | blocked since the placement | anyone | EHR: a patient lies in it |
 *
 * Without a patient, the newer of the last vacating and the last word on the bed itself decides. The loser of a
 * conflict stays visible.
 *
 * This tells whether a bed counts as occupied although something else was said of it; `placedAt` in epoch ms.
 */
export function occupancyVerdict(bed: BedState | undefined, placedAt: number, site: SiteConfig): Verdict {
  const status = bed?.status;
  if (status && status.value !== 'occupied' && status.value !== 'unknown' && saidAt(status) >= placedAt) {
    const { source, value } = status;
    const cycle = cycleStart(bed.cleaning);
    const emptied = status.since >= placedAt && (value !== 'available' || (cycle !== undefined && cycle >= placedAt));
    return emptied && atTheBed(site).has(source) ? { occupied: false } : { occupied: true, overruled: { source, says: value } };
  }
  if (bed?.blocked && bed.blocked.since >= placedAt) return { occupied: true, overruled: { source: bed.blocked.source, says: 'blocked' } };
  return { occupied: true };
}
