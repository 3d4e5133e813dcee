import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { currentEntities, hashState } from '#core/store/state.ts';
import { HospitalTraffic } from '../fixtures/hospital-traffic.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { until } from '../rig/until.ts';
import { vigil } from '../rig/vigil-run.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const SETTLE_MS = 120_000;

/** A core on a broker; `asked` is what its health says. */
class Core {
  readonly data: string;
  readonly #flags: readonly string[];
  #process: CoreProcess | undefined;
  #wall = '';

  constructor(data: string, flags: readonly string[]) {
    this.data = data;
    this.#flags = ['--data', data, '--port', '0', ...flags];
    ends.push(() => this.stop());
  }

  get wall(): string {
    return this.#wall;
  }

  async start(flags: readonly string[] = [], env: Record<string, string> = {}): Promise<void> {
    this.#process = new CoreProcess([...this.#flags, ...flags], undefined, env);
    this.#wall = (await this.#process.start()).wall;
  }

  async health(): Promise<{ broker: string; join?: { state: string; position: number; newest: number; left: number; problem?: string } }> {
    return (await (await fetch(`${this.#wall}/api/v1/ops/health`)).json()) as never;
  }

  async ready(): Promise<number> {
    return (await fetch(`${this.#wall}/api/v1/ops/ready`)).status;
  }

  kill = async () => this.#process?.kill();
  stop = async () => this.#process?.stop();

  /** What stands on its disk. */
  read<T>(work: (db: ReturnType<typeof openForReading>) => T): T {
    const db = openForReading(storeFiles(this.data, DEFAULT_SITE).log);
    try {
      return work(db);
    } finally {
      db.close();
    }
  }

  get events(): number {
    return this.read((db) => (db.prepare('SELECT COUNT(*) AS n FROM ops_event').get() as { n: number }).n);
  }

  get newest(): number {
    return this.read((db) => (db.prepare('SELECT MAX(position) AS n FROM ops_event').get() as { n: number }).n);
  }

  get hash(): string {
    return this.read((db) => hashState(currentEntities(db)));
  }
}

/** A hub on a broker, and somebody who publishes. */
async function setting() {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  ends.push(() => rmSync(dir, { recursive: true, force: true }));
  const mosquitto = new Mosquitto(dir, await freePort());
  await mosquitto.start();
  ends.push(() => mosquitto.stop());
  const hub = new Core(join(dir, 'hub'), ['--broker', mosquitto.url]);
  await hub.start();
  await until('the hub to be on the broker', async () => (await hub.health()).broker === 'connected');
  const traffic = new HospitalTraffic();
  const publisher = await SteadyPublisher.connect(mosquitto.url);
  ends.push(() => publisher.close());
  return { dir, mosquitto, hub, publisher, next: (_: number, time: number) => traffic.next(time) };
}

const tokenOf = (hub: Core) => readLocalToken(storeFiles(hub.data, DEFAULT_SITE).token)!;

test('given a hub with a log and traffic that goes on, when a second station joins, is killed on the way and joins again, then it misses nothing, goes on live, and has the state of the hub', async () => {
  const { dir, mosquitto, hub, publisher, next } = await setting();
  const BEFORE = 12_000;
  await publisher.send(BEFORE, 6_000, next);
  await until('the hub to have what came before', () => hub.events >= BEFORE, SETTLE_MS);

  let going = true;
  const publishing = (async () => {
    while (going) await publisher.send(50, 500, next);
  })();
  ends.push(() => (going = false));

  const token = tokenOf(hub);
  const page = await (await fetch(`${hub.wall}/api/v1/ops/log?after=0&limit=500`, { headers: { authorization: `Bearer ${token}` } })).text();
  expect(page).toContain('adt.admitted');
  expect(page).not.toContain('MRN');

  const second = new Core(join(dir, 'second'), ['--broker', mosquitto.url, '--station', 'second', '--join', hub.wall]);
  await second.start([], { VIGIL_TOKEN: 'made-up' });
  await until('the hub to refuse a token that it never gave', async () => (await second.health()).join?.state === 'failing', SETTLE_MS);
  expect((await second.health()).join).toMatchObject({ position: 0, problem: expect.stringContaining('token') as string });
  expect(await second.ready()).toBe(503);
  await second.stop();

  await second.start([], { VIGIL_TOKEN: token });
  await until('a part of the log', async () => ((await second.health()).join?.position ?? 0) > 500, SETTLE_MS);
  await second.kill();
  const part = second.read((db) => JSON.parse((db.prepare("SELECT value FROM site WHERE key = 'joined log'").get() as { value: string }).value) as { position: number });
  expect(part.position).toBeGreaterThan(500);
  expect(part.position).toBeLessThan(BEFORE);

  await second.start([], { VIGIL_TOKEN: token });
  await until('the end of the log', async () => (await second.health()).join?.state === 'following', SETTLE_MS);
  going = false;
  await publishing;
  await publisher.send(200, 500, next);
  await until('both to have everything', () => hub.events === publisher.sent.length && second.events === publisher.sent.length, SETTLE_MS);
  expect(await second.ready()).toBe(200);
  expect((await second.health()).join).toMatchObject({ left: 0 });
  await Promise.all([hub.stop(), second.stop()]);
  expect(second.hash).toBe(hub.hash);
}, 300_000);

test('given a station that has joined and was away for longer than its session at the broker, when other bodies of what it has came to the hub meanwhile, then it has the hub\'s state', async () => {
  const { mosquitto, dir, hub, publisher, next } = await setting();
  const KNOWN = 1_500;
  const CONTRADICTED = 200;
  await publisher.send(KNOWN, 1_000, next);
  await until('the hub to have what came before', () => hub.events === KNOWN, SETTLE_MS);
  const env = { VIGIL_TOKEN: tokenOf(hub) };
  // A name of its own each time: the broker keeps nothing for the second.
  const station = (name: string) => new Core(join(dir, 'station'), ['--broker', mosquitto.url, '--station', name, '--join', hub.wall]);
  const first = station('first');
  await first.start([], env);
  await until('the station to have the log', async () => (await first.health()).join?.position === KNOWN, SETTLE_MS);
  await first.stop();
  expect(first.hash).toBe(hub.hash);

  const known = publisher.sent.slice(0, KNOWN);
  await publisher.send(CONTRADICTED, 500, (n) => {
    const at = KNOWN - 1 - (n - KNOWN);
    const { id, source } = known[at]!;
    return { ...known.findLast((other, i) => i < at && other.source === source)!, id };
  });
  await publisher.send(1, 500, next);
  await until('the hub to have what contradicts', () => hub.events === KNOWN + 1, SETTLE_MS);
  expect(hub.read((db) => db.prepare<[], number>("SELECT COUNT(*) FROM dead_letter WHERE reason = 'two-bodies'").pluck().get())).toBe(CONTRADICTED);
  expect(hub.newest).toBeGreaterThan(KNOWN + CONTRADICTED / 4);
  expect(hub.hash).not.toBe(first.hash);
  const second = station('second');
  await second.start([], env);
  await until('the station to have read on', async () => (await second.health()).join?.position === hub.newest, SETTLE_MS);
  await Promise.all([hub.stop(), second.stop()]);
  expect(second.hash).toBe(hub.hash);
}, 300_000);

test('given flags that cannot join, when a station is started with them, then it says what to give instead', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  ends.push(() => rmSync(dir, { recursive: true, force: true }));
  const flags = ['serve', '--data', join(dir, 'data'), '--port', '0', '--mqtt-port', '0'];
  const joined = [...flags, '--join', 'http://127.0.0.1:8073'];
  expect(await vigil(joined)).toMatchObject({ code: 1, err: expect.stringContaining('--broker URL') as string });
  expect(await vigil([...joined, '--broker', 'mqtt://127.0.0.1:1'])).toMatchObject({ code: 1, err: expect.stringContaining('--station NAME') as string });
  expect(await vigil([...flags, '--join', 'hub'])).toMatchObject({ err: expect.stringContaining('write an address') as string });
});
