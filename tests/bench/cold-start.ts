import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { DesktopApp } from '../rig/desktop-app.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { freePort } from '../rig/ports.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { FloorServer } from './floor-server.ts';
import { floorWindow, SITE } from './paint.ts';
import { percentile } from './painted.ts';
import type { Row } from './report.ts';

const ROUNDS = 5;
const EVENTS = 20_000;
const LOOK_MS = 5;

/** Resolves when the page has said that it painted something. */
async function painted(page: Page): Promise<void> {
  while (!(await page.evaluate(() => document.documentElement.dataset['paintedEventTime'] !== undefined).catch(() => false))) await sleep(LOOK_MS);
}

/** Fills a store as a running core would, with events up to now. */
async function fill(data: string): Promise<void> {
  const core = new CoreProcess(['--data', data, '--config', SITE, '--port', '0', '--mqtt-port', String(await freePort())]);
  const { mqtt } = await core.start();
  const publisher = await Publisher.connect(mqtt);
  for (let i = 0; i < EVENTS; i++) {
    const event = loadEvent(i, Date.now());
    await publisher.publish(topicOf(event)!, JSON.stringify(event));
  }
  await publisher.settled();
  await publisher.close();
  await core.stop();
}

/** From the launch of the process to the first useful paint on a store of a day, beside a blank window's first paint. */
export async function coldStart(display: string, data: string): Promise<Row> {
  await fill(data);
  const server = await FloorServer.start();
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      let start = performance.now();
      const blank = await floorWindow(display, `${server.url}/blank`);
      await painted(blank.page);
      floor.push(performance.now() - start);
      await blank.app.close();
      start = performance.now();
      const app = await DesktopApp.start({ display, core: ['--data', data] });
      await painted(await app.electron.firstWindow());
      ours.push(performance.now() - start);
      await app.stop();
    }
  } finally {
    server.close();
  }
  return { what: `cold start to first useful paint, ${EVENTS.toLocaleString('en')} events stored`, ours: percentile(ours, 0.5), floor: percentile(floor, 0.5), unit: 'ms', kind: 'cost', target: 2.5 };
}
