import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { openForReading } from '#core/store/open.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { readSiteConfig } from '#core/store/site-file.ts';
import { electronRuntime } from '../../scripts/runtime/electron.mjs';
import { DesktopApp } from '../rig/desktop-app.ts';
import { answers } from '../rig/ports.ts';
import { until } from '../rig/until.ts';
import { BedTraffic } from '../fixtures/bed-traffic.ts';
import { FloorServer } from './floor-server.ts';
import { atRate, latencies, percentile, watchPaint } from './painted.ts';
import type { Row } from './report.ts';

export const SITE = fileURLToPath(new URL('../../resources/sites/sample.yaml', import.meta.url));
const LAYOUT = fileURLToPath(new URL('floorplan-layout.yaml', import.meta.url));
const FLOOR_APP = fileURLToPath(new URL('floor-app', import.meta.url));
const WARM_UP_S = 3;
const MEASURED_S = 10;
/** What walls are to keep to, ms, by events a second. */
const LIMITS: Readonly<Record<number, { p50?: number; p99: number }>> = { 1_000: { p50: 40, p99: 60 }, 5_000: { p99: 100 } };
const MIB = 1024 * 1024;

/** A bare Electron window on a page; `argv` ends with its address. */
export async function floorWindow(display: string, url: string): Promise<{ app: ElectronApplication; page: Page }> {
  const runtime = await electronRuntime();
  if (!runtime) throw new Error('there is no Electron for this platform');
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({ executablePath: runtime.path, args: [...root, FLOOR_APP, url], env: { ...(process.env as Record<string, string>), ...runtime.env, DISPLAY: display } });
  return { app, page: await app.firstWindow() };
}

interface Spread {
  p50: number;
  p99: number;
}

const spread = (values: readonly number[]): Spread => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });

const beds = () => readSiteConfig(SITE).units.flatMap(({ id, beds: labels }) => labels.map((bed) => ({ unit: id, bed })));

function eventsIn(file: string): number {
  const db = openForReading(file);
  try {
    return db.prepare<[], { n: number }>('SELECT count(*) AS n FROM ops_event').get()!.n;
  } finally {
    db.close();
  }
}

async function floor(display: string, rate: number): Promise<Spread> {
  const traffic = new BedTraffic(beds());
  const server = await FloorServer.start();
  const { app, page } = await floorWindow(display, server.url);
  try {
    while (!server.watched) await sleep(20);
    await watchPaint(page);
    const send = (time: number) => server.send(JSON.stringify(traffic.next(time)));
    await atRate(rate, WARM_UP_S, send);
    return spread(await latencies(page, await atRate(rate, MEASURED_S, send)));
  } finally {
    await app.close();
    server.close();
  }
}

interface Ours extends Spread {
  /** Latency of each event, ms, in order. */
  each: readonly number[];
  /** Of all processes, bytes. */
  memory: number;
  sent: number;
  stored: number;
}

async function ours(display: string, rate: number, seconds: number): Promise<Ours> {
  const traffic = new BedTraffic(beds());
  const app = await DesktopApp.start({ display, core: ['--config', SITE], shell: [`--layout=${LAYOUT}`] });
  try {
    const page = await app.page('floorplan');
    await page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] !== undefined);
    // Walls are painted before the broker listens.
    await until('the broker to listen', () => answers(app.mqttPort));
    const publisher = await Publisher.connect(`mqtt://127.0.0.1:${app.mqttPort}`);
    const send = (time: number) => {
      const event = traffic.next(time);
      void publisher.publish(topicOf(event)!, JSON.stringify(event));
    };
    await watchPaint(page);
    await atRate(rate, WARM_UP_S, send);
    const each = await latencies(page, await atRate(rate, seconds, send));
    await publisher.settled();
    await publisher.close();
    const memory = await app.electron.evaluate(({ app: electron }) => electron.getAppMetrics().reduce((sum, { memory: used }) => sum + used.workingSetSize * 1024, 0));
    return { ...spread(each), each, memory, sent: rate * (WARM_UP_S + seconds), stored: eventsIn(join(app.home, 'store', 'local.main.db')) };
  } finally {
    await app.stop();
  }
}

/** Publish to painted: from an event's time to the end of the frame that shows it, broker, commit and projections between. */
export async function paint(display: string, rate: number): Promise<Row[]> {
  const bare = await floor(display, rate);
  const measured = await ours(display, rate, MEASURED_S);
  const label = `publish to painted at ${rate.toLocaleString('en')}/s`;
  return [
    { what: `${label}, p50`, ours: measured.p50, floor: bare.p50, unit: 'ms', kind: 'cost', limit: LIMITS[rate]?.p50 },
    { what: `${label}, p99`, ours: measured.p99, floor: bare.p99, unit: 'ms', kind: 'cost', limit: LIMITS[rate]?.p99 },
    { what: `memory of all processes after ${rate.toLocaleString('en')}/s`, ours: measured.memory / MIB, unit: 'MiB', kind: 'cost' },
  ];
}

/** The same for minutes on end, and what of all that was sent is not in the store. */
export async function sustained(display: string, rate: number, minutes: number): Promise<Row[]> {
  const { p50, p99, each, memory, sent, stored } = await ours(display, rate, minutes * 60);
  const minute = rate * 60;
  const label = `${minutes} min at ${rate.toLocaleString('en')}/s`;
  return [
    { what: `${label}, publish to painted p50`, ours: p50, unit: 'ms', kind: 'cost' },
    { what: `${label}, publish to painted p99`, ours: p99, unit: 'ms', kind: 'cost', limit: LIMITS[rate]?.p99 },
    { what: '  of its first minute, p99', ours: percentile(each.slice(0, minute), 0.99), unit: 'ms', kind: 'cost' },
    { what: '  of its last minute, p99', ours: percentile(each.slice(-minute), 0.99), unit: 'ms', kind: 'cost' },
    { what: `${label}, lost of ${sent.toLocaleString('en')} events`, ours: sent - stored, unit: '', kind: 'cost', limit: 0 },
    { what: `${label}, memory of all processes`, ours: memory / MIB, unit: 'MiB', kind: 'cost' },
  ];
}
