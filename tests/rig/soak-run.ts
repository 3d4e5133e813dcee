import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLines } from '#core/store/load.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openForReading } from '#core/store/open.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { envelope, type TestEnvelope } from '../fixtures/envelopes.ts';
import { HospitalTraffic, TRAFFIC_BEDS, TRAFFIC_UNITS } from '../fixtures/hospital-traffic.ts';
import { StreamFold } from '../fixtures/plain-fold.ts';
import { rssMb } from './memory.ts';
import { Station } from './station.ts';
import { until } from './until.ts';
import { WallWatch } from './wall-watch.ts';

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const TURN_MS = 10;
const SAMPLE_MS = 1_000;
const MINUTE_S = 60;
const SETTLE_MS = 120_000;
/** Days kept of the log, and how old the events are that lie there from before: they go while the soak runs. */
const KEEP_DAYS = 6;
const OLD_DAYS = 9;
/** Well within what memory keeps of what is over. */
const OVER_MS = 90 * 3_600_000;
const BOARDS = ['frame', 'overview', 'floorplan'];

export interface SoakRun {
  /** Events a second. */
  readonly rate: number;
  readonly minutes: number;
  /** Events from before that retention has to forget meanwhile. */
  readonly old: number;
  /** Stays of the last days that were over at the start, so that memory is as full as that of a station that has run for long. */
  readonly over: number;
  /** One line a minute, the first being the table's head. */
  readonly say: (line: string) => void;
}

export interface SoakReport {
  readonly sent: number;
  readonly acknowledged: number;
  /** In the log, and forgotten into baselines. */
  readonly stored: number;
  readonly trimmed: number;
  readonly deadLetters: number;
  readonly hash: string;
  readonly independent: string;
  /** From an event's time to its arrival at the wall, ms. */
  readonly lag: { p50: number | null; p99: number | null; max: number | null };
  /** Least memory of the core's process in each minute, MB. */
  readonly rssMb: number[];
  readonly walMb: number;
}

const sizeMb = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) / MB;
const cells = (values: readonly (string | number | null)[]) => values.map((value) => (typeof value === 'number' ? value.toFixed(Number.isInteger(value) ? 0 : 1) : (value ?? '-')).padStart(9)).join(' ');

/** A core of its own behind Mosquitto takes a steady stream while a wall looks at it; then what it holds is compared with what was sent. */
export async function soakRun(dir: string, { rate, minutes, old, over, say }: SoakRun): Promise<SoakReport> {
  const data = join(dir, 'data');
  const config = join(dir, 'site.yaml');
  writeFileSync(config, JSON.stringify({ units: TRAFFIC_UNITS, retention: { events: KEEP_DAYS } }));
  const fold = new StreamFold();
  await fill(data, oldEvents(old), fold);
  await fill(data, staysThatAreOver(over), fold);
  const before = old + 2 * over;
  const station = await Station.start('mosquitto', dir, { data, flags: ['--config', config] });
  try {
    const publisher = await Publisher.connect(station.broker);
    const wall = await WallWatch.connect(station.wall, BOARDS);
    const { log } = storeFiles(data, DEFAULT_SITE);
    const traffic = new HospitalTraffic();
    const leastRss: number[] = [];
    let sent = 0;
    let acknowledged = 0;
    let walMb = 0;
    let minuteRss: number[] = [];
    const tell = async () => {
      leastRss.push(Math.min(...minuteRss));
      const lag = wall.takeRecent();
      const { backlog, upkeep } = (await station.health()) as { backlog: number; upkeep?: { state: string } };
      say(cells([leastRss.length, sent, acknowledged, wall.open, lag.quantile(0.5), lag.quantile(0.99), lag.quantile(1), leastRss.at(-1)!, Math.max(...minuteRss), sizeMb(`${log}-wal`), sizeMb(log), backlog, upkeep?.state ?? null]));
      minuteRss = [];
    };
    say(cells(['minute', 'sent', 'acked', 'unseen', 'lag p50', 'lag p99', 'lag max', 'rss min', 'rss max', 'wal MB', 'log MB', 'backlog', 'upkeep']));
    const start = performance.now();
    let nextSample = start + SAMPLE_MS;
    const total = Math.round(rate * minutes * MINUTE_S);
    while (sent < total) {
      const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * rate));
      const now = Date.now();
      for (; sent < due; sent++) {
        const event = traffic.next(now);
        const text = JSON.stringify(event);
        fold.add(text);
        void publisher.publish(topicOf(event)!, text, () => acknowledged++);
        wall.sent(now);
      }
      if (performance.now() >= nextSample) {
        nextSample += SAMPLE_MS;
        wall.check();
        walMb = Math.max(walMb, sizeMb(`${log}-wal`));
        minuteRss.push(rssMb(station.pid));
        if (minuteRss.length === MINUTE_S) await tell();
      }
      await sleep(TURN_MS);
    }
    if (minuteRss.length > 0) await tell();
    await until('every event to be acknowledged', () => acknowledged === total, SETTLE_MS);
    await until('every event to be stored', () => counts(log).stored + counts(log).trimmed >= before + total, SETTLE_MS);
    await until('the wall to show the last', () => wall.open === 0, SETTLE_MS);
    wall.check();
    const { delays } = wall;
    wall.close();
    await publisher.close();
    await station.stopCore();
    return {
      sent: before + total,
      acknowledged: before + acknowledged,
      ...counts(log),
      hash: hashOf(log),
      independent: fold.hash(),
      lag: { p50: delays.quantile(0.5), p99: delays.quantile(0.99), max: delays.quantile(1) },
      rssMb: leastRss,
      walMb,
    };
  } finally {
    await station.stop();
  }
}

/** Cleanings of long ago. */
function* oldEvents(count: number): Generator<TestEnvelope> {
  const begin = Date.now() - OLD_DAYS * DAY_MS;
  for (let i = 0; i < count; i++) yield envelope('bed.cleaning-requested', begin + i, { unit: 'W10', bed: String(1 + (i % 30)) }, { id: `old${i}`, sequence: i });
}

/** Stays of the last days, one after the other in each bed. */
function* staysThatAreOver(count: number): Generator<TestEnvelope> {
  const rounds = Math.ceil(count / TRAFFIC_BEDS.length);
  const begin = Date.now() - OVER_MS;
  for (let i = 0; i < 2 * count; i++) {
    const round = Math.floor(i / 2 / TRAFFIC_BEDS.length);
    // All patients of a round come, then all go.
    const of = Math.min(count - round * TRAFFIC_BEDS.length, TRAFFIC_BEDS.length);
    const step = i - 2 * round * TRAFFIC_BEDS.length;
    const place = step % of;
    const time = begin + Math.floor((OVER_MS * (round + (step < of ? 0 : 0.5))) / rounds);
    const encounter = `O${place}-${round}`;
    const stay = { encounter, patient: { id: `MRN${place}-${round % 50}` } };
    const head = { id: `over${i}`, sequence: i };
    yield step < of ? envelope('adt.admitted', time, { ...stay, location: TRAFFIC_BEDS[place]! }, head) : envelope('adt.discharged', time, { ...stay, disposition: 'home' }, head);
  }
}

async function fill(data: string, events: Iterable<TestEnvelope>, fold: StreamFold): Promise<void> {
  const store = openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: true });
  try {
    await loadLines(store, (async function* () {
      for (const event of events) {
        const text = JSON.stringify(event);
        fold.add(text);
        yield { text };
      }
    })(), Date.now());
  } finally {
    store.close();
  }
}

function counts(log: string): { stored: number; trimmed: number; deadLetters: number } {
  const db = openForReading(log);
  try {
    return db.prepare('SELECT (SELECT COUNT(*) FROM ops_event) AS stored, (SELECT COALESCE(SUM(events_trimmed), 0) FROM baseline) AS trimmed, (SELECT COUNT(*) FROM dead_letter) AS deadLetters').get() as ReturnType<typeof counts>;
  } finally {
    db.close();
  }
}

function hashOf(log: string): string {
  const db = openForReading(log);
  try {
    return hashState(currentEntities(db));
  } finally {
    db.close();
  }
}
