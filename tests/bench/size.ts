import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { wallClock } from '#core/clock/clock.ts';
import { rawMessage } from '#core/ingest/message.ts';
import { LiveSite } from '#core/link/live-site.ts';
import { Checkpoints } from '#core/store/checkpoints.ts';
import { openForReading, openForWriting, type Db } from '#core/store/open.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { queryStore, type StoreQuery } from '#core/store/query.ts';
import { rebuild, rebuildInThreads } from '#core/store/rebuild.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { currentEntities, entitiesAt, hashState } from '#core/store/state.ts';
import { beginTrim, Trimmer } from '#core/store/trim.ts';
import { STEP } from '#core/store/upkeep.ts';
import { hospitalEvent } from '../fixtures/hospital-stream.ts';
import { fileOf } from './log.ts';
import { paged, plain, readAndParse } from './rebuild.ts';
import type { Row } from './report.ts';

const BATCH = 2_000;
/** 30 million events in 30 days: the demo hospital at five times its rate. */
const APART_MS = 86;
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The rate at a size is that of the last events before it. */
const MEASURED = 200_000;
/** Steps of retention that are timed at each size. */
const STEPS = 200;
const MIB = 1024 ** 2;

const timeOf = (i: number) => START + i * APART_MS;
const short = (events: number) => `${(events / 1e6).toLocaleString('en')} M`;

function timed<T>(work: () => T): { ms: number; answer: T } {
  const start = performance.now();
  const answer = work();
  return { ms: performance.now() - start, answer };
}

/** A cost and what bare work of the same kind cost beside it, in one unit. */
interface Cost {
  readonly ours: number;
  readonly floor: number;
}

/** Ingests the stream from one event to another, straight through the writer's code; microseconds an event over the last ones, beside parsing the same ones. */
function fill(store: SiteStore, keeper: Checkpoints, from: number, to: number, tell: (line: string) => void): Cost {
  let [spent, parsing, counted] = [0, 0, 0];
  for (let i = from; i < to; i += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, to - i) }, (_, k) => rawMessage({ payload: Buffer.from(JSON.stringify(hospitalEvent(i + k, timeOf(i + k)))), received: timeOf(i + k) }));
    const { ms, answer } = timed(() => {
      const outcome = store.ingest.apply(batch, timeOf(i + batch.length), false);
      keeper.look(0);
      return outcome;
    });
    if (answer.accepted !== batch.length) throw new Error(`${batch.length - answer.accepted} of ${batch.length} events were not taken`);
    if (i >= to - MEASURED) {
      parsing += timed(() => batch.map(({ payload }) => JSON.parse(Buffer.from(payload).toString()) as unknown)).ms;
      spent += ms;
      counted += batch.length;
    }
    if (i % 1_000_000 === 0) tell(`${short(i)} events`);
  }
  return { ours: (spent / counted) * 1000, floor: (parsing / counted) * 1000 };
}

interface Measured {
  readonly events: number;
  readonly rows: Row[];
  /** What is compared between sizes: cost of one more event, of an event rebuilt, and so on. */
  readonly perEvent: Readonly<Record<string, Cost>>;
}

async function measure(store: SiteStore, data: string, events: number, ingest: Cost): Promise<Measured> {
  const file = fileOf(data);
  const size = `${short(events)} events`;
  const now = timeOf(events);
  const query = (ask: StoreQuery) => timed(() => asking(file, (db) => queryStore(db, DEFAULT_SITE, ask))).ms;
  const live = timed(() => new LiveSite(file, DEFAULT_SITE, wallClock, new Map()));
  const steps: number[] = [];
  while (!live.answer.whole) steps.push(timed(() => live.answer.readOn(6)).ms);
  const floor = readAndParse(file, plain);
  const hardFloor = readAndParse(file, paged);
  const before = hashState(currentEntities(store.db));
  const alone = timed(() => rebuild(store.db));
  const start = performance.now();
  await rebuildInThreads(store.db);
  const rebuilt = { ms: performance.now() - start };
  if (hashState(currentEntities(store.db)) !== before) throw new Error('the rebuilt state differs');
  const rows: Row[] = [
    { what: `ingest of one more event at ${size}`, ...ingest, unit: 'us', kind: 'cost' },
    { what: `present of the site read from cold, ${size}`, ours: live.ms, unit: 'ms', kind: 'cost', limit: 200 },
    { what: `  behind it, what was over lately, in ${steps.length} steps; in all, ${size}`, ours: steps.reduce((sum, ms) => sum + ms, 0), unit: 'ms', kind: 'cost' },
    { what: `  longest of these steps, ${size}`, ours: Math.max(0, ...steps), unit: 'ms', kind: 'cost' },
    { what: `gauge from the store, ${size}`, ours: query({ metric: 'ed.census', scope: {} }), unit: 'ms', kind: 'cost' },
    { what: `turnaround of the last hour from the store, ${size}`, ours: query({ metric: 'lab.turnaround', scope: {}, from: now - HOUR, to: now }), unit: 'ms', kind: 'cost' },
    { what: `rebuild of current state, ${size}`, ours: rebuilt.ms, floor, unit: 'ms', kind: 'cost', target: 2 },
    { what: '  the same beside a floor that reads in pages as we do', ours: rebuilt.ms, floor: hardFloor, unit: 'ms', kind: 'cost', target: 2 },
    { what: `  in one thread, ${size}`, ours: alone.ms, floor, unit: 'ms', kind: 'cost' },
    { what: `state of six hours ago (history), ${size}`, ours: timed(() => asking(file, (db) => hashState(entitiesAt(db, now - 6 * HOUR)))).ms, unit: 'ms', kind: 'cost' },
    { what: `memory of the process, ${size}`, ours: process.memoryUsage().rss / MIB, unit: 'MiB', kind: 'cost' },
    { what: `bytes on disk an event, ${size}`, ours: statSync(file).size / events, unit: 'B', kind: 'cost' },
  ];
  return { events, rows, perEvent: { ingest, 'rebuild of current state': { ours: alone.ms, floor } } };
}

function asking<T>(file: string, ask: (db: Db) => T): T {
  const db = openForReading(file);
  try {
    return ask(db);
  } finally {
    db.close();
  }
}

/** Steps of a trimming of the oldest day, as retention makes them between batches. */
function retention(store: SiteStore, events: number): Row[] {
  beginTrim(store.db, Math.min(START + DAY, timeOf(events / 2)), timeOf(events));
  const trimmer = new Trimmer(store.db);
  const steps = Array.from({ length: STEPS }, () => timed(() => trimmer.step(timeOf(events), STEP)));
  const spent = steps.reduce((sum, { ms }) => sum + ms, 0);
  const trimmed = steps.reduce((sum, { answer }) => sum + answer.trimmed, 0);
  return [
    { what: `longest step of retention, ${short(events)} events`, ours: Math.max(...steps.map(({ ms }) => ms)), unit: 'ms', kind: 'cost' },
    { what: `retention, an event forgotten, ${short(events)} events`, ours: (spent / trimmed) * 1000, unit: 'us', kind: 'cost' },
  ];
}

/** Cost of ingest, rebuild, queries and memory at growing sizes of one log; ratios of the cost per event to the first size. */
export async function* sizeRows(dir: string, sizes: readonly number[], tell: (line: string) => void): AsyncGenerator<Row> {
  const data = join(dir, 'size');
  const store = openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: true });
  store.db.pragma('wal_autocheckpoint = 0');
  const beside = openForWriting(fileOf(data));
  const keeper = new Checkpoints(beside);
  try {
    let first: Measured | undefined;
    let from = 0;
    for (const events of [...sizes].sort((a, b) => a - b)) {
      const ingest = fill(store, keeper, from, events, tell);
      tell(`measuring at ${short(events)} events`);
      const measured = await measure(store, data, events, ingest);
      yield* measured.rows;
      first ??= measured;
      for (const [what, cost] of Object.entries(measured.perEvent)) {
        const before = first.perEvent[what]!;
        // Machines are shared: the cost is counted in what bare work cost in the same minutes.
        if (measured !== first) yield { what: `${what}, an event at ${short(events)} beside ${short(first.events)}`, ours: cost.ours / cost.floor, floor: before.ours / before.floor, unit: 'x', kind: 'cost', target: 1.3 };
      }
      from = events;
    }
    yield* retention(store, from);
  } finally {
    beside.close();
    store.close();
    rmSync(data, { recursive: true, force: true });
  }
}
