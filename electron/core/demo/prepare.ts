import { existsSync } from 'node:fs';
import type { SiteConfig } from '#shared/site.ts';
import { backfillTrends } from '../link/backfill.ts';
import type { Sent } from '../simulate/hospital/emitter.ts';
import { DAY, HOUR, MINUTE } from '../simulate/hospital/time.ts';
import { loadLines } from '../store/load.ts';
import { openForReading } from '../store/open.ts';
import { storeFiles } from '../store/paths.ts';
import { newestEventTime } from '../store/read-house.ts';
import { openSiteStore, type StoreOptions } from '../store/site-store.ts';
import { hospitalOf, type Course } from './course.ts';

/** Marks a store as the demo hospital's own, with its course: only such a one is thrown away. */
const OF_DEMO = 'demo';
/** A demo that ran longer begins anew: its whole course is computed again to go on in it. */
const LONGEST_COURSE = 21 * DAY;
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

interface Stored {
  readonly newest: number | undefined;
  readonly course: Course | undefined;
}

/** What the demo would be if its store were made now. */
export interface Wanted {
  readonly course: Course;
  readonly start: number;
  /** The clock is the wall's: a demo that was stopped catches up to it. */
  readonly live: boolean;
}

/**
 * Makes a store ready for the demo: one of the same seed, rate and scenario goes on where it stopped; any other is made
 * anew with the history before the start. Throws for a store that no demo has made. `now` is the wall's clock.
 */
export async function prepareDemo(options: StoreOptions, site: SiteConfig, wanted: Wanted): Promise<Prepared> {
  const { log } = storeFiles(options.dataDir, options.id);
  const stored = lookAt(log);
  if (stored && !stored.course) {
    throw new Error(`${log} holds a hospital's events; the demo hospital would take their place. Give the demo a --data directory of its own.`);
  }
  const kept = stored && goesOn(stored, wanted);
  const course = kept ?? wanted.course;
  const newest = kept ? stored.newest! : -Infinity;
  const start = kept && !wanted.live ? newest : wanted.start;
  const store = openSiteStore({ ...options, config: site, fresh: !kept });
  try {
    if (!kept) store.db.prepare('INSERT INTO site (key, value) VALUES (?, ?)').run(OF_DEMO, JSON.stringify(course));
    const { read } = await loadLines(store, past(course, site, newest, start), start);
    if (read > 0) backfillTrends(store.db, site, start);
    return { course, start, loaded: read, continued: kept !== undefined };
  } finally {
    store.close();
  }
}

/** The stored course, where it is the wanted one and not too long ago. */
function goesOn({ newest, course }: Stored, { course: wanted, start, live }: Wanted): Course | undefined {
  if (!course || newest === undefined) return undefined;
  const same = course.seed === wanted.seed && course.rate === wanted.rate && course.scenario?.name === wanted.scenario?.name;
  const until = live ? start : newest;
  return same && until >= newest && until - course.from < LONGEST_COURSE ? course : undefined;
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
    return { newest: newestEventTime(db), course: row && (JSON.parse(row.value) as Course) };
  } finally {
    db.close();
  }
}
