import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { readSiteConfig } from '#core/store/site-config.ts';
import { electronRuntime } from '../../scripts/runtime/electron.mjs';
import { DesktopApp } from '../rig/desktop-app.ts';
import { envelope, type TestEnvelope } from '../fixtures/envelopes.ts';
import { FloorServer } from './floor-server.ts';
import { atRate, latencies, percentile, watchPaint } from './painted.ts';
import type { Row } from './report.ts';

export const SITE = fileURLToPath(new URL('../../resources/sites/sample.yaml', import.meta.url));
const LAYOUT = fileURLToPath(new URL('floorplan-layout.yaml', import.meta.url));
const FLOOR_APP = fileURLToPath(new URL('floor-app', import.meta.url));
const WARM_UP_S = 3;
const MEASURED_S = 10;
const MIB = 1024 * 1024;

/** Events that all change beds of the floor plan: moves, cleaning, blocking. */
function bedEvent(beds: readonly { unit: string; bed: string }[], i: number, time: number): TestEnvelope {
  const at = beds[(Math.imul(i, 2_654_435_761) >>> 0) % beds.length]!;
  const make = (type: string, data: Record<string, unknown>) => envelope(type, time, data, { id: `paint-${i}`, sequence: i });
  if (i % 3 === 0) return make('adt.transferred', { encounter: `V${i % 300}`, location: { unit: at.unit, bed: at.bed } });
  return make(i % 3 === 1 ? 'bed.cleaning-started' : 'bed.cleaning-completed', at);
}

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

async function floor(display: string, rate: number, make: (i: number, time: number) => TestEnvelope): Promise<Spread> {
  const server = await FloorServer.start();
  const { app, page } = await floorWindow(display, server.url);
  try {
    while (!server.watched) await sleep(20);
    await watchPaint(page);
    const send = (i: number, time: number) => server.send(JSON.stringify(make(i, time)));
    await atRate(rate, WARM_UP_S, send);
    return spread(await latencies(page, await atRate(rate, MEASURED_S, send)));
  } finally {
    await app.close();
    server.close();
  }
}

async function ours(display: string, rate: number, make: (i: number, time: number) => TestEnvelope): Promise<Spread & { memory: number }> {
  const app = await DesktopApp.start({ display, core: ['--config', SITE], shell: [`--layout=${LAYOUT}`] });
  try {
    const page = await app.page('floorplan');
    await page.waitForFunction(() => document.documentElement.dataset['paintedEventTime'] !== undefined);
    const publisher = await Publisher.connect(`mqtt://127.0.0.1:${app.mqttPort}`);
    let id = 0;
    const send = (_i: number, time: number) => {
      const event = make(id++, time);
      void publisher.publish(topicOf(event)!, JSON.stringify(event));
    };
    await watchPaint(page);
    await atRate(rate, WARM_UP_S, send);
    const measured = spread(await latencies(page, await atRate(rate, MEASURED_S, send)));
    await publisher.settled();
    await publisher.close();
    const memory = await app.electron.evaluate(({ app: electron }) => electron.getAppMetrics().reduce((sum, { memory: used }) => sum + used.workingSetSize * 1024, 0));
    return { ...measured, memory };
  } finally {
    await app.stop();
  }
}

/** Publish to painted: from an event's time to the end of the frame that shows it, broker, commit and projections between. */
export async function paint(display: string, rate: number): Promise<Row[]> {
  const beds = readSiteConfig(SITE).units.flatMap(({ id, beds: labels }) => labels.map((bed) => ({ unit: id, bed })));
  const make = (i: number, time: number) => bedEvent(beds, i, time);
  const bare = await floor(display, rate, make);
  const measured = await ours(display, rate, make);
  const label = `publish to painted at ${rate.toLocaleString('en')}/s`;
  return [
    { what: `${label}, p50`, ours: measured.p50, floor: bare.p50, unit: 'ms', kind: 'cost' },
    { what: `${label}, p99`, ours: measured.p99, floor: bare.p99, unit: 'ms', kind: 'cost' },
    { what: `memory of all processes after ${rate.toLocaleString('en')}/s`, ours: measured.memory / MIB, unit: 'MiB', kind: 'cost' },
  ];
}
