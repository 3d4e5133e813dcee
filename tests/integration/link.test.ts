import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { afterEach, expect, test } from 'vitest';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { readRecording, recording, recordingDir } from '#core/replay/real-day.ts';
import { LINK_VERSION, type Items } from '#shared/link/messages.ts';
import type { MetricItem } from '#shared/views/metric-item.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { LinkPage } from '../rig/link-page.ts';
import { freePort } from '../rig/ports.ts';
import { answer } from '../rig/vigil-run.ts';
import { filesBelow } from '../rig/files-below.ts';

const ROOT = join(import.meta.dirname, '../..');
const SITE = join(ROOT, 'resources/sites/sample.yaml');
const HOUR = 3_600_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Serving {
  readonly core: CoreProcess;
  readonly wall: string;
  readonly mqtt: string;
  readonly data: string;
}

async function serving(...flags: string[]): Promise<Serving> {
  const data = join(temporaryDir(), 'data');
  const core = new CoreProcess(['--data', data, '--port', '0', '--mqtt-port', String(await freePort()), ...flags]);
  ends.push(() => core.stop());
  return { core, data, ...(await core.start()) };
}

async function page({ wall }: Serving, options?: { greet: boolean }): Promise<LinkPage> {
  const opened = await LinkPage.connect(wall, options);
  ends.push(() => opened.close());
  return opened;
}

/** Commits admissions one by one and waits until each is on disk. */
async function sender({ mqtt }: Serving): Promise<(i: number) => Promise<void>> {
  const publisher = await Publisher.connect(mqtt);
  ends.push(() => publisher.close());
  const start = Date.now() - HOUR;
  return async (i) => {
    const event = envelope('adt.admitted', start + i * 1_000, { encounter: `V${i}`, patient: { id: `P${i}` }, location: { unit: '7E', bed: String(1 + i) } }, { id: `e${i}` });
    await publisher.publish(topicOf(event)!, JSON.stringify(event));
    await publisher.settled();
  };
}

const withoutMoment = (items: Items) => JSON.parse(JSON.stringify(items, (key, value: unknown) => (key === 'at' || key === 'to' ? undefined : value))) as Items;

test('given a page that follows two views, when events are published, then patches follow the snapshots without a gap and lead to what a fresh page sees', async () => {
  const here = await serving('--config', SITE);
  const wall = await page(here);
  const overview = await wall.follow(1, 'overview');
  const frame = await wall.follow(2, 'frame');
  expect(wall.said).toEqual([{ t: 'hello', version: LINK_VERSION }]);
  expect(frame.items).toMatchObject({ frame: { clock: { mode: 'wall' }, broker: 'connected', constructed: false } });
  expect(overview.items).not.toHaveProperty('kpi:beds.occupancy_rate');
  const admit = await sender(here);
  for (let i = 0; i < 5; i++) await admit(i);
  await wall.wait('five patients in beds', () => (overview.items['unit:7E'] as { occupied?: number } | undefined)?.occupied === 5);
  expect(overview.patches.length).toBeGreaterThan(0);
  await wall.wait('the feed in the footer', () => 'feed:ehr' in frame.items);
  const fresh = await (await page(here)).follow(1, 'overview');
  await wall.wait('both pages to agree', () => JSON.stringify(withoutMoment(fresh.items)) === JSON.stringify(withoutMoment(overview.items)));
});

test('given a page that does not acknowledge, when events go on, then it gets no third message until it does, and then one patch to the newest state', async () => {
  const here = await serving('--config', SITE);
  const busy = await page(here);
  const current = await busy.follow(1, 'overview');
  const slow = await page(here);
  const behind = await slow.follow(1, 'overview', false);
  const admit = await sender(here);
  for (let i = 0; i < 6; i++) {
    await admit(i);
    await busy.wait('the patch of one admission', () => (current.items['unit:7E'] as { occupied?: number } | undefined)?.occupied === i + 1);
  }
  expect(behind.revision).toBe(2);
  const before = current.patches.length;
  expect(before).toBeGreaterThan(2);
  slow.acknowledge(1);
  await slow.wait('the merged patch', () => behind.revision === 3);
  expect(behind.items['unit:7E']).toMatchObject({ occupied: 6 });
  expect(Object.keys(behind.items).sort()).toEqual(Object.keys(current.items).sort());
});

test('given bad messages, when a page sends them, then each is answered and the link goes on', async () => {
  const wall = await page(await serving());
  const bad = ['not JSON', '', '{}', '{"t":"dance"}', '{"t":"subscribe","sub":1}', `{"t":"command","id":1,"name":"x","args":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`];
  for (const text of bad) wall.sendRaw(text);
  wall.send({ t: 'subscribe', sub: 9, view: 'nothing' });
  wall.send({ t: 'command', id: 5, name: 'explode', args: {} });
  await wall.wait('all answers', () => wall.said.length === 1 + bad.length + 2);
  expect(wall.said.slice(1).map((message) => ('code' in message ? message.code : message.t))).toEqual([...bad.map(() => 'bad-message'), 'unknown-view', 'result']);
  expect((await wall.follow(1, 'frame')).items).toHaveProperty('frame');
  expect(wall.open).toBe(true);
});

test('given a page of another version, when it greets and subscribes, then it is refused', async () => {
  const wall = await page(await serving(), { greet: false });
  wall.send({ t: 'hello', versions: [LINK_VERSION + 1], role: 'wall' });
  wall.send({ t: 'subscribe', sub: 1, view: 'frame' });
  await wall.wait('two answers', () => wall.said.length === 2);
  expect(wall.said).toMatchObject([{ t: 'refused', code: 'version' }, { t: 'refused', code: 'version', sub: 1 }]);
});

function get(wall: string, path: string, headers: Record<string, string>): Promise<{ status: number; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    request(`${wall}${path}`, { headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode!, headers: response.headers });
    })
      .once('error', reject)
      .end();
  });
}

function upgrade(wall: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`${wall.replace('http', 'ws')}/link`, { headers });
  ends.push(() => socket.terminate());
  return new Promise((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.on('error', () => {});
  });
}

test('given requests that another site could make a browser send, when they come, then they are refused, and every page forbids what is not its own', async () => {
  const { wall, core } = await serving();
  for (const path of ['/', '/api/v1/ops/health', '/api/v1/ops/metrics/ed.census']) {
    const own = await get(wall, path, {});
    expect({ path, status: own.status }).toEqual({ path, status: 200 });
    expect(own.headers).toMatchObject({ 'content-security-policy': expect.stringMatching(/default-src 'none'.*script-src 'self';/) as unknown, 'x-content-type-options': 'nosniff' });
    for (const [name, value] of [['host', 'evil.example'], ['origin', 'http://evil.example'], ['origin', 'null']] as const) {
      expect({ path, value, status: (await get(wall, path, { [name]: value })).status }).toEqual({ path, value, status: 403 });
    }
  }
  expect(await upgrade(wall, {})).toBe(101);
  expect(await upgrade(wall, { origin: wall })).toBe(101);
  expect(await upgrade(wall, { origin: 'http://evil.example' })).toBe(403);
  expect(await upgrade(wall, { host: 'evil.example' })).toBe(403);
  // It must end although a refused page still holds its connection.
  await core.stop();
});

test('given the real day, when it is replayed, then the frame says so, and that parts of it were constructed', async () => {
  const wall = await page(await serving('--replay', 'real-day', '--config', SITE, '--speed', '600'));
  const frame = await wall.follow(1, 'frame');
  await wall.wait('the frame to say what it is', () => {
    const { clock, constructed } = frame.items['frame'] as { clock: { mode: string; speed: number }; constructed: boolean };
    return clock.mode === 'replay' && clock.speed === 600 && constructed;
  });
});

/** The real day up to `hours` after its first event: its clock stops there, so that a wall and a query can speak of one moment. */
async function morning(hours: number): Promise<{ dir: string; ids: string[]; end: number }> {
  const parts = recording(filesBelow(recordingDir(join(ROOT, 'resources'), 'real-day')));
  const day = await readRecording(parts.day);
  const part = day.filter(({ time }) => time <= day[0]!.time + hours * HOUR);
  const dir = join(temporaryDir(), 'morning');
  mkdirSync(dir);
  parts.history.forEach((file, i) => writeFileSync(join(dir, `${i}-history.ndjson.gz`), readFileSync(file)));
  writeFileSync(join(dir, 'day.ndjson.gz'), gzipSync(part.map(({ text }) => `${text}\n`).join('')));
  return { dir, ids: part.map(({ text }) => (JSON.parse(text) as { id: string }).id), end: part.at(-1)!.time };
}

const isMetricItem = (value: unknown): value is MetricItem => typeof value === 'object' && value !== null && 'metric' in value && 'at' in value;

/** Every number with a definition that is on a board, alone or within another item. */
function metricItems(value: unknown): MetricItem[] {
  if (isMetricItem(value)) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(metricItems) : [];
}

const iso = (time: number) => new Date(time).toISOString();

test('given a morning of the real day replayed to its end, when each painted number is asked of the store, then it is the same, and no event was left out', async () => {
  const { dir, ids, end } = await morning(6);
  const here = await serving('--replay', dir, '--config', SITE, '--speed', '3600');
  const wall = await page(here);
  const boards = [await wall.follow(1, 'overview'), await wall.follow(2, 'or'), await wall.follow(3, 'frame')] as const;
  await wall.wait('every tile to speak of the end', () => {
    const tiles = boards.flatMap(({ items }) => metricItems(items));
    return boards[0].eventTime === end && tiles.length > 0 && tiles.every(({ at }) => at === end);
  });
  // Two rounds of the once-a-second pace: what was computed while the last events came is computed again.
  await sleep(2_500);
  const tiles = boards.flatMap(({ items }) => metricItems(structuredClone(items)));
  await here.core.stop();

  const db = openForReading(storeFiles(here.data, DEFAULT_SITE).log);
  const stored = new Set(db.prepare<[], { id: string }>('SELECT id FROM ops_event').all().map(({ id }) => id));
  db.close();
  expect(ids.filter((id) => !stored.has(id))).toEqual([]);
  expect(tiles.length).toBeGreaterThan(10);
  for (const { metric, scope, figure, value, at, from, to } of tiles) {
    const window = from === undefined ? ['--to', iso(at)] : ['--from', iso(from), '--to', iso(to!)];
    const asked = await answer<Record<string, number | null>>(['query', metric, '--data', here.data, ...window, ...Object.entries(scope).flatMap(([key, of]) => ['--scope', `${key}=${of}`])]);
    expect({ metric, scope, value: asked[figure] }).toEqual({ metric, scope, value });
  }
});
