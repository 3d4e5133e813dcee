import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { SiteConfig } from '#shared/site.ts';
import { backfillTrends } from '../link/backfill.ts';
import { computeHistory } from '../link/history.ts';
import type { Sent } from '../simulate/hospital/emitter.ts';
import { Calendar, DAY, HOUR, MINUTE } from '../simulate/hospital/time.ts';
import { loadLines } from '../store/load.ts';
import { openForReading, type Db } from '../store/open.ts';
import { storeFiles } from '../store/paths.ts';
import { newestEventTime } from '../store/read-house.ts';
import { openSiteStore, type StoreOptions } from '../store/site-store.ts';
import { hospitalOf, type Course } from './course.ts';

/** Marks a store as the demo hospital's own, with its course: only such a one is thrown away. */
const OF_DEMO = 'demo';
/** A demo that ran longer begins anew: its whole course is computed again to go on in it. */
const LONGEST_COURSE = 21 * DAY;
/** A gap in trends and KPIs that is worth computing them. */
const GAP_MS = 10 * MINUTE;
const FINGERPRINT_MS = 3 * HOUR;
/** Older heartbeats say nothing that a wall shows. */
const HEARTBEATS_MS = 15 * MINUTE;

export interface Prepared {
  readonly course: Course;
  /** Where the clock starts, epoch ms. */
  readonly start: number;
  /** Events loaded. */
  readonly loaded: number;
  readonly continued: boolean;
}

/** What the store of a demo says of itself. */
interface Mark {
  readonly course: Course;
  /** Of its first hours: another model or other figures would go on with other events under the same names. */
  readonly fingerprint: string;
}

interface Stored {
  readonly newest: number | undefined;
  readonly mark: Mark | undefined;
}

/** What the demo would be if its store were made now. */
export interface Wanted {
  readonly course: Course;
  readonly start: number;
  /** The clock is the wall's: a demo that was stopped catches up to it. */
  readonly live: boolean;
}

/**
 * Makes a store ready for the demo: one of the same course goes on where it stopped; any other is made anew
 * with the history before the start. Throws for a store that no demo has made.
 */
export async function prepareDemo(options: StoreOptions, site: SiteConfig, wanted: Wanted): Promise<Prepared> {
  const { log } = storeFiles(options.dataDir, options.id);
  const stored = lookAt(log);
  if (stored && !stored.mark) {
    throw new Error(`${log} holds a hospital's events; the demo hospital would take their place. Give the demo a --data directory of its own.`);
  }
  const kept = stored && goesOn(stored, wanted, site);
  const course = kept ?? wanted.course;
  const newest = kept ? stored.newest! : -Infinity;
  const start = kept && !wanted.live ? newest : wanted.start;
  const store = openSiteStore({ ...options, config: site, fresh: !kept });
  try {
    if (!kept) store.db.prepare('INSERT INTO site (key, value) VALUES (?, ?)').run(OF_DEMO, JSON.stringify({ course, fingerprint: fingerprint(course, site) } satisfies Mark));
    const { read } = await loadLines(store, past(course, site, newest, start), start);
    if (start - newest > GAP_MS) fillPast(store.db, site, Math.max(newest, new Calendar(site.timezone).dayStart(course.from)), start);
    return { course, start, loaded: read, continued: kept !== undefined };
  } finally {
    store.close();
  }
}

/** Series and KPIs of what was loaded: an hour apart, and finely in the hours of which walls draw courses. */
function fillPast(db: Db, site: SiteConfig, from: number, until: number): void {
  computeHistory(db, site, { from, until, stepMs: HOUR, withSnapshots: false });
  backfillTrends(db, site, until);
}

/** The stored course, where it is the wanted one, not too long ago, and computed as it was then. */
function goesOn({ newest, mark }: Stored, { course: wanted, start, live }: Wanted, site: SiteConfig): Course | undefined {
  if (!mark || newest === undefined) return undefined;
  const { course } = mark;
  const same = course.seed === wanted.seed && course.rate === wanted.rate && course.scenario?.name === wanted.scenario?.name;
  // Of a clock of its own, a store that ends before its beginning was left half made.
  const within = live ? newest <= start : newest >= start;
  const short = (live ? start : newest) - course.from < LONGEST_COURSE;
  return same && within && short && mark.fingerprint === fingerprint(course, site) ? course : undefined;
}

function fingerprint(course: Course, site: SiteConfig): string {
  const hash = createHash('sha256');
  const hospital = hospitalOf(course, site, ({ envelope }) => hash.update(JSON.stringify(envelope)));
  hospital.run(hospital.now + FINGERPRINT_MS);
  return hash.digest('hex');
}

/** Events sent after `newest` and before `start`; long pauses let others run. */
async function* past(course: Course, site: SiteConfig, newest: number, start: number): AsyncGenerator<{ text: string }> {
  let sent: Sent[] = [];
  const hospital = hospitalOf(course, site, (one) => sent.push(one));
  for (let until = hospital.now; ; until = Math.min(start, until + HOUR)) {
    hospital.run(until);
    for (const { at, envelope } of sent) {
      if (at >= newest && !(envelope.type === 'source.heartbeat' && at < start - HEARTBEATS_MS)) yield { text: JSON.stringify(envelope) };
    }
    sent = [];
    if (until >= start) return;
  }
}

/** What lies in a store already; undefined if there is none. */
function lookAt(file: string): Stored | undefined {
  if (!existsSync(file)) return undefined;
  const db = openForReading(file);
  try {
    const row = db.prepare<[string], { value: string }>('SELECT value FROM site WHERE key = ?').get(OF_DEMO);
    return { newest: newestEventTime(db), mark: row && (JSON.parse(row.value) as Mark) };
  } finally {
    db.close();
  }
}
