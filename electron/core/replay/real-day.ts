import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readLines } from '../feeds/lines.ts';
import { backfillTrends } from '../link/backfill.ts';
import { DateTime } from 'luxon';
import { loadLines } from '../store/load.ts';
import { openForReading } from '../store/open.ts';
import { storeFiles } from '../store/paths.ts';
import { newestEventTime } from '../store/read-house.ts';
import { openSiteStore, type StoreOptions } from '../store/site-store.ts';
import type { SiteConfig } from '#shared/site.ts';

/** Marks a store as a replay's own: only such a one is thrown away. */
const OF_REPLAY = 'replay';

/** A recorded day: what was known before it, and the events to replay. */
export interface Recording {
  readonly history: string[];
  readonly day: string[];
}

/** Files of a recording directory: `*history*.ndjson.gz` is loaded at once, `*day*.ndjson.gz` is replayed. */
export function recording(files: readonly string[]): Recording {
  const part = (name: string) => files.filter((file) => file.endsWith('.ndjson.gz') && file.split('/').at(-1)!.includes(name)).sort();
  return { history: part('history'), day: part('day') };
}

export interface RecordedEvent {
  readonly time: number;
  readonly text: string;
}

async function* read(file: string): AsyncGenerator<RecordedEvent> {
  for await (const { text } of readLines(file)) yield { time: Date.parse((JSON.parse(text) as { time: string }).time), text };
}

/** All events of several files in the order of their time. */
export async function readRecording(files: readonly string[]): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (const file of files) for await (const event of read(file)) events.push(event);
  return events.sort((a, b) => a.time - b.time);
}

/** A recorded day that has been read. */
export interface Replay {
  readonly history: readonly string[];
  readonly day: readonly RecordedEvent[];
}

/** When a replay starts, epoch ms: at its first event, or at a time of that day in the site's zone if that is later. */
export function beginning(first: number, timeOfDay: string | undefined, zone: string): number {
  if (timeOfDay === undefined) return first;
  const [hour, minute] = timeOfDay.split(':').map(Number);
  return Math.max(first, DateTime.fromMillis(first, { zone }).set({ hour: hour!, minute: minute!, second: 0, millisecond: 0 }).toMillis());
}

/**
 * Makes a store ready for a replay: one that was stopped within the day goes on where it stopped; any other is
 * made anew from the history and what the day holds before `begin` (epoch ms). Returns where the replay starts.
 * Throws for a store that no replay has made.
 */
export async function prepareReplay(options: StoreOptions, config: SiteConfig, { history, day }: Replay, begin: number): Promise<number> {
  const files = storeFiles(options.dataDir, options.id);
  const stored = lookAt(files.log);
  if (stored && !stored.ofReplay) {
    throw new Error(`${files.log} holds a hospital's events; a replay would take their place. Give the replay a --data directory of its own.`);
  }
  if (stored?.newest !== undefined && stored.newest >= begin && stored.newest < day.at(-1)!.time) return stored.newest;
  const store = openSiteStore({ ...options, config, fresh: true });
  try {
    store.db.prepare("INSERT INTO site (key, value) VALUES (?, 'true')").run(OF_REPLAY);
    for (const file of history) await loadLines(store, read(file), begin);
    await loadLines(store, before(day, begin), begin);
    backfillTrends(store.db, config, begin);
  } finally {
    store.close();
  }
  return begin;
}

async function* before(day: readonly RecordedEvent[], begin: number): AsyncGenerator<RecordedEvent> {
  for (const event of day) if (event.time < begin) yield event;
}

/** What lies in a store already; undefined if there is none. */
function lookAt(file: string): { newest: number | undefined; ofReplay: boolean } | undefined {
  if (!existsSync(file)) return undefined;
  const db = openForReading(file);
  try {
    return { newest: newestEventTime(db), ofReplay: db.prepare('SELECT 1 FROM site WHERE key = ?').get(OF_REPLAY) !== undefined };
  } finally {
    db.close();
  }
}

export const recordingDir = (resources: string, name: string) => join(resources, 'samples', name);
