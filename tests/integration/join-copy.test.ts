import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { noteJoined } from '#core/store/joined.ts';
import { openForWriting } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { incoming } from '#core/store/replace.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { trim } from '#core/store/trim.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { HospitalTraffic } from '../fixtures/hospital-traffic.ts';
import { apply } from '../fixtures/stores.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { Meddler } from '../rig/meddler.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';
import { answer, vigil } from '../rig/vigil-run.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const SETTLE_MS = 120_000;
const DAY = 86_400_000;
const DAYS = 3;
const BEFORE = 12_000;
const dies = fileURLToPath(new URL('../rig/dies-at-step.mjs', import.meta.url));

interface JoinHealth {
  state: string;
  position: number;
  left: number;
  problem?: string;
}

/** A directory with a store of days, all but the last of which are trimmed, at two horizons. */
function past(dir: string, traffic: HospitalTraffic): { data: string; horizons: number[] } {
  const data = join(dir, 'hub');
  const store = openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: true });
  const begin = Date.now() - DAYS * DAY;
  for (let i = 0; i < BEFORE; i += 2_000) apply(store, Array.from({ length: 2_000 }, (_, k) => traffic.next(begin + ((i + k) / BEFORE) * DAYS * DAY)));
  const horizons = [begin + DAY, begin + 2 * DAY];
  for (const horizon of horizons) expect(trim(store.db, horizon, Date.now())).toBeGreaterThan(0);
  store.close();
  return { data, horizons };
}

/** What stands in a log's file. */
function onDisk<T>(file: string, work: (db: ReturnType<typeof openForWriting>) => T): T {
  const db = openForWriting(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** State hash of a store on disk, now or as of `at` (epoch ms). */
const hashOf = async ({ data }: { data: string }, at?: number) => (await answer<{ hash: string }>(['state', '--hash', '--data', data, ...(at === undefined ? [] : ['--at', new Date(at).toISOString()])])).hash;

/** A hub with a past on Mosquitto, with somebody in between who may meddle with its copies. */
async function setting() {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  ends.push(() => rmSync(dir, { recursive: true, force: true }));
  const traffic = new HospitalTraffic();
  const { data, horizons } = past(dir, traffic);
  const hub = await Station.start('mosquitto', dir, { data });
  ends.push(() => hub.stop());
  const meddler = await Meddler.start(hub.wall, '/api/v1/ops/log/copy');
  ends.push(() => meddler.close());
  const token = readLocalToken(storeFiles(hub.data, DEFAULT_SITE).token)!;
  const second = join(dir, 'second');
  const lines: string[] = [];
  const core = (env: Record<string, string> = {}) => {
    const process = new CoreProcess(['--broker', hub.broker, '--data', second, '--port', '0', '--station', 'second', '--join', meddler.url], (line) => lines.push(line), { VIGIL_TOKEN: token, ...env });
    ends.push(() => process.stop());
    return process;
  };
  const joinOf = async (wall: string) => ((await (await fetch(`${wall}/api/v1/ops/health`)).json()) as { join: JoinHealth }).join;
  return { hub, meddler, traffic, horizons, second: { data: second, files: storeFiles(second, DEFAULT_SITE) }, core, lines, joinOf, token };
}

test('given a hub that has trimmed days, when an empty station joins during traffic, with downloads that break off, are garbled, stall and are killed, and is killed in each step of putting the copy in place, then it has the hub\'s state, past and present', async () => {
  const { hub, meddler, traffic, horizons, second, core, lines, joinOf } = await setting();
  const publisher = await SteadyPublisher.connect(hub.broker);
  ends.push(() => publisher.close());
  const next = (_: number, time: number) => traffic.next(time);
  let going = true;
  const publishing = (async () => {
    while (going) await publisher.send(50, 250, next);
  })();
  ends.push(() => (going = false));

  meddler.meddling = 'break-off';
  let station = core();
  const first = station.start().catch(() => undefined);
  await until('a transfer that breaks off', () => lines.some((line) => line.includes('waits for the hub')), SETTLE_MS);
  meddler.meddling = 'garble';
  await until('a copy that was changed on the way to be refused', () => lines.some((line) => line.includes('SHA-256')), SETTLE_MS);
  expect(existsSync(second.files.log)).toBe(false);
  meddler.meddling = 'stall';
  const begun = meddler.seen.begun;
  await until('a transfer to stand still', () => meddler.seen.begun > begun && existsSync(incoming(second.files.log)), SETTLE_MS);
  await sleep(300);
  await station.kill();
  await first;
  expect(existsSync(incoming(second.files.log))).toBe(true);
  expect(existsSync(second.files.log)).toBe(false);

  meddler.meddling = 'pass';
  let steps = 0;
  let wall = '';
  for (let step = 1; wall === ''; step++) {
    const dying = core({ NODE_OPTIONS: `--import ${dies}`, DIE_AT: String(step) });
    const started = await dying.start().catch(() => undefined);
    if (existsSync(second.files.log)) {
      // From here on it is in place: what dies later has nothing to do with the copy.
      expect(meddler.seen.whole).toBeGreaterThan(1);
      await dying.kill();
      station = core();
      wall = (await station.start()).wall;
    } else expect(started).toBeUndefined();
    steps++;
  }
  expect(steps).toBeGreaterThan(2);

  await until('the end of the log', async () => (await joinOf(wall)).state === 'following', SETTLE_MS);
  going = false;
  await publishing;
  await publisher.send(200, 500, next);
  await until('the hub to have everything', () => hub.read(`SELECT 1 FROM ops_event WHERE id = '${publisher.sent.at(-1)!.id}'`).length === 1, SETTLE_MS);
  const newest = hub.read<{ n: number }>('SELECT MAX(position) AS n FROM ops_event')[0]!.n;
  await until('the station to have read to its end', async () => (await joinOf(wall)).position === newest, SETTLE_MS);
  expect(await joinOf(wall)).toMatchObject({ left: 0 });
  expect(await hashOf(second)).toBe(await hashOf(hub));
  for (const at of [...horizons, Date.now() - DAY / 2]) expect(await hashOf(second, at), new Date(at).toISOString()).toBe(await hashOf(hub, at));

  const hash = await hashOf(hub);
  const countOf = () => onDisk(second.files.log, (db) => db.prepare('SELECT COUNT(*) FROM ops_event').pluck().get());
  const once = countOf();
  await station.stop();
  onDisk(second.files.log, (db) => noteJoined(db, { position: BEFORE, check: null }));
  const again = await core().start();
  await until('the log to be read a second time', async () => (await joinOf(again.wall)).position === newest, SETTLE_MS);
  expect([await hashOf(second), countOf()]).toEqual([hash, once]);
  expect([...readdirSync(second.data), ...readdirSync(hub.data)].filter((name) => /incoming|replacing|\.copy/.test(name))).toEqual([]);
}, 400_000);

test('given a station with events of its own, when the hub has trimmed what it lacks, then it says what to do and keeps what it has', async () => {
  const { meddler, second, core, joinOf } = await setting();
  const own = openSiteStore({ dataDir: second.data, id: DEFAULT_SITE, withVault: true });
  apply(own, [envelope('unit.staffing-reported', Date.now() - DAY, { unit: 'OWN', staffedBeds: 3 }, { id: 'own' })]);
  own.close();
  const { wall } = await core().start();
  await until('the hub to refuse', async () => (await joinOf(wall)).state === 'failing', SETTLE_MS);
  const { problem } = await joinOf(wall);
  expect(problem).toContain('not empty');
  expect(problem).toContain(second.files.log);
  expect(meddler.seen.begun).toBe(0);
  expect(await vigil(['state', '--data', second.data])).toMatchObject({ out: expect.stringContaining('"OWN"') as string });
  expect(existsSync(join(second.data, 'set-aside'))).toBe(false);
  expect((await fetch(`${wall}/api/v1/ops/ready`)).status).toBe(503);
}, 200_000);

test('given a hub, when copies are asked for, then one at a time is sent to whom may have it, leaves its entry, and is gone from the disk afterwards', async () => {
  const { hub, token } = await setting();
  const copy = (query = '', bearer: string | null = token) => hub.ask('GET', `/log/copy${query}`, { token: bearer });
  expect((await copy('', null)).status).toBe(401);
  expect((await copy('?site=elsewhere')).status).toBe(409);
  expect(await (await copy(`?key=${'0'.repeat(64)}`)).text()).toContain('--key-file');
  const [first, busy] = (await Promise.all([copy(), copy()])).sort((a, b) => a.status - b.status) as [Response, Response];
  expect(first.status).toBe(200);
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([503, '5']);
  const bytes = Buffer.from(await first.arrayBuffer());
  expect(bytes.length).toBe(Number(first.headers.get('content-length')));
  expect(first.headers.get('repr-digest')).toBe(`sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`);
  expect(bytes.includes('MRN')).toBe(false);
  const left = () => readdirSync(hub.data).filter((name) => name.includes('.copy'));
  await until('the copy to be gone', () => left().length === 0);
  const away = new AbortController();
  const given = fetch(`${hub.wall}/api/v1/ops/log/copy`, { headers: { authorization: `Bearer ${token}` }, signal: away.signal }).then((response) => response.body!.cancel(), () => undefined);
  away.abort();
  await given;
  await until('another to be given after somebody went away', async () => {
    const again = await copy();
    await again.arrayBuffer();
    return again.status === 200;
  });
  await hub.stopCore();
  writeFileSync(`${storeFiles(hub.data, DEFAULT_SITE).log}.copy`, 'left behind by a core that was killed');
  await hub.startCore();
  expect(left()).toEqual([]);
  const { items } = (await (await hub.ask('GET', '/audit?limit=50')).json()) as { items: { action: string; outcome: string; subject: Record<string, unknown> }[] };
  expect(items.find(({ action, outcome }) => action === 'copyLog' && outcome === 'done')?.subject).toMatchObject({ bytes: expect.any(Number) as number, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
}, 200_000);
