import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { openForReading } from '#core/store/open.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openSiteStore } from '#core/store/site-store.ts';
import { envelope, type TestEnvelope } from '../fixtures/envelopes.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { temporaryDir } from '../fixtures/stores.ts';
import { CoreProcess } from '../rig/core-process.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { answers, freePort } from '../rig/ports.ts';
import { until } from '../rig/until.ts';
import { answer, vigil } from '../rig/vigil-run.ts';

const START = Date.parse('2026-01-14T00:00:00Z');
const MINUTE = 60_000;
const COUNT = 400;
const HASH = /^[0-9a-f]{64}$/;
const events = Array.from({ length: COUNT }, (_, i) => loadEvent(i, START + i * MINUTE));
const ndjson = (of: readonly unknown[]) => of.map((event) => `${JSON.stringify(event)}\n`).join('');

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function written(name: string, content: string | Buffer): string {
  const file = join(temporaryDir(), name);
  writeFileSync(file, content);
  return file;
}

const hashOf = async (data: string) => (await vigil(['state', '--data', data, '--hash'])).out.trim();

async function loaded(of: readonly TestEnvelope[] = events): Promise<string> {
  const data = temporaryDir();
  await answer(['load', written('events.ndjson', ndjson(of)), '--data', data]);
  return data;
}

const COMMANDS = ['serve', 'publish', 'import', 'load', 'rebuild', 'trim', 'backup', 'restore', 'state', 'query', 'metric', 'doctor'];

test('given the command, when help is asked for, then it names every command, and each tells its use', async () => {
  const { code, out } = await vigil(['--help']);
  expect(code).toBe(0);
  for (const command of COMMANDS) {
    expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    const help = await vigil([command, '--help']);
    expect({ command, code: help.code, usage: help.out.startsWith(`Usage: vigil ${command}`), err: help.err }).toEqual({ command, code: 0, usage: true, err: '' });
  }
});

test('given a file of events, when it is loaded, queried, rebuilt and trimmed, then the state is one', async () => {
  const data = temporaryDir();
  const file = written('events.ndjson', ndjson(events));
  expect(await answer(['load', file, '--data', data])).toEqual({ read: COUNT, accepted: COUNT, duplicates: 0, refused: 0 });
  const hash = await hashOf(data);
  expect(hash).toMatch(HASH);
  expect(await answer(['load', file, '--data', data])).toEqual({ read: COUNT, accepted: 0, duplicates: COUNT, refused: 0 });
  expect(await answer(['rebuild', '--data', data])).toEqual({ events: COUNT, hash, before: hash, same: true });
  const half = START + (COUNT / 2) * MINUTE;
  const middle = await vigil(['state', '--data', data, '--at', new Date(half).toISOString(), '--hash']);
  expect(middle.out.trim()).toBe(await hashOf(await loaded(events.slice(0, COUNT / 2 + 1))));
  expect(await answer(['trim', '--before', new Date(half).toISOString(), '--data', data])).toEqual({ trimmed: COUNT / 2 + 1 });
  expect(await hashOf(data)).toBe(hash);
  expect(await answer(['rebuild', '--data', data])).toEqual({ events: COUNT / 2 - 1, hash, before: hash, same: true });
  expect(await vigil(['state', '--data', data, '--at', '2026-01-14T00:10:00Z', '--hash'])).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^vigil: The log reaches back to .+\n$/) as unknown });
});

test('given a state that has drifted, when it is rebuilt, then it is put right and the exit code says so', async () => {
  const data = await loaded();
  const hash = await hashOf(data);
  const store = openSiteStore({ dataDir: data, id: DEFAULT_SITE, withVault: false });
  store.db.exec(`UPDATE entity SET state = '{}' WHERE entity_id = 1`);
  store.close();
  expect(await hashOf(data)).not.toBe(hash);
  const { code, out, err } = await vigil(['rebuild', '--data', data]);
  expect({ code, hash: out.trim(), told: err.includes('drifted') }).toEqual({ code: 1, hash, told: true });
  expect(await hashOf(data)).toBe(hash);
});

test('given a store, when its state is dumped, then it is JSON that names the hash and every entity', async () => {
  const data = await loaded(events.slice(0, 40));
  const dump = await answer<{ hash: string; entities: { kind: string; id: string; state: unknown }[] }>(['state', '--data', data]);
  expect(dump.hash).toBe(await hashOf(data));
  expect(new Set(dump.entities.map(({ kind }) => kind))).toEqual(new Set(['bed', 'encounter', 'lab-order']));
});

test('given a store, when metrics are asked, then the answer is one object with the promised keys', async () => {
  const order = (id: string, minutes: number) => [
    envelope('lab.order-created', START, { order: id, test: 'K', priority: 'STAT' }, { id: `${id}-a` }),
    envelope('lab.specimen-collected', START, { order: id, test: 'K', priority: 'STAT' }, { id: `${id}-b` }),
    envelope('lab.result-reported', START + minutes * MINUTE, { order: id, test: 'K', priority: 'STAT' }, { id: `${id}-c` }),
  ];
  const data = await loaded([...order('L1', 10), ...order('L2', 20), ...order('L3', 60)]);
  const query = (...args: string[]) => answer(['query', ...args, '--data', data]);
  const turnaround = await query('lab.turnaround', '--scope', 'priority=STAT');
  expect(Object.keys(turnaround).sort()).toEqual(['count', 'excluded', 'max', 'mean', 'metric', 'p50', 'p90', 'scope', 'within']);
  expect(turnaround).toMatchObject({ metric: 'lab.turnaround', scope: { priority: 'STAT' }, count: 3, excluded: 0, mean: 30, p50: 20, max: 60 });
  expect(await query('lab.turnaround', '--to', '2026-01-14T00:30:00Z')).toMatchObject({ count: 2, mean: 15 });
  expect(await query('lab.turnaround', '--from', '2026-01-14T00:30:00Z', '--to', '2026-01-15T00:00:00+00:00')).toMatchObject({ count: 1, mean: 60 });
  expect(await query('lab.pending')).toEqual({ metric: 'lab.pending', scope: {}, value: 0 });
  expect(await query('lab.pending', '--to', '2026-01-14T00:15:00Z')).toMatchObject({ value: 2 });
  const unknown = await query('ed.nedocs');
  expect(unknown).toMatchObject({ metric: 'ed.nedocs', value: null, reason: expect.stringMatching(/./) as unknown });
});

test('given the input of a published worked example, when ed.nedocs is asked, then its score comes out', async () => {
  // Case "Extremely busy but not overcrowded" of tests/fixtures/nedocs.
  const input = { edPatients: 35, edBeds: 60, boarders: 19, hospitalBeds: 400, ventilated: 2, longestBoarderWaitHours: 3, lastRoomedWaitHours: 2 };
  const { value } = await answer<{ value: number }>(['metric', 'ed.nedocs', '--input', JSON.stringify(input)]);
  expect(value).toBeCloseTo(99.42, 2);
});

test.each([
  ['an unknown command', ['dance'], 2],
  ['a word that every object knows', ['constructor'], 2],
  ['a missing flag', ['load', 'x.ndjson'], 2],
  ['a port out of range', ['serve', '--data', 'x', '--port', '99999'], 2],
  ['a speed that is none', ['publish', 'x', '--broker', 'mqtt://127.0.0.1:1', '--speed', 'fast'], 2],
  ['input that is not JSON', ['metric', 'ed.nedocs', '--input', '{'], 2],
  ['a formula that does not exist', ['metric', 'nope', '--input', '{}'], 2],
  ['a store that is not there', ['query', 'ed.census', '--data', '/nonexistent'], 1],
  ['a file that is not there', ['load', '/nonexistent.ndjson', '--data', 'x'], 1],
  ['a broker that is not there', ['publish', 'package.json', '--broker', 'mqtt://127.0.0.1:1'], 1],
  ['a mapping that is not there', ['import', 'package.json', '--map', 'nope', '-o', '-'], 1],
  ['a table that is not there', ['import', '/nonexistent.csv', '--map', 'or-cases', '-o', '-'], 1],
])('given %s, when the command runs, then one clear line on stderr and exit code says so', async (_what, args, code) => {
  const ran = await vigil(args);
  expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' });
  expect(ran.err.trim()).not.toBe('');
  expect(ran.err).not.toMatch(/^\s+at |node:internal|\[object/m);
  expect(ran.err.trim().split('\n')).toHaveLength(1);
});

test.each([
  ['an unknown metric', ['ed.dance'], 2],
  ['a metric family that every object knows', ['constructor.name'], 2],
  ['an unknown scope', ['ed.census', '--scope', 'moon=full'], 2],
  ['a scope that is none', ['ed.census', '--scope', 'unit'], 2],
  ['a time that is none', ['ed.census', '--to', 'yesterday'], 2],
  ['a window that ends before it starts', ['lab.turnaround', '--from', '2026-01-15', '--to', '2026-01-14'], 2],
])('given a store and %s, when it is queried, then it is refused as wrong usage', async (_what, args, code) => {
  const ran = await vigil(['query', ...args, '--data', await loaded(events.slice(0, 8))]);
  expect({ code: ran.code, out: ran.out, lines: ran.err.trim().split('\n').length }).toEqual({ code, out: '', lines: 1 });
});

test('given lines that cannot be taken amid good ones, when they are loaded, then the good ones count, and exit code 3 tells who asked by --strict', async () => {
  const lines = `${ndjson(events.slice(0, 3))}not JSON\n\n${ndjson(events.slice(3, 5))}`;
  for (const [flags, code] of [[[], 0], [['--strict'], 3]] as const) {
    const data = temporaryDir();
    const ran = await vigil(['load', '-', '--data', data, '--json', ...flags], lines);
    expect({ code: ran.code, ...(JSON.parse(ran.out) as object) }).toEqual({ code, read: 6, accepted: 5, duplicates: 0, refused: 1 });
    expect(await answer(['query', 'data.dead_letters', '--data', data])).toMatchObject({ value: 1 });
  }
});

test('given a packed file and standard input, when they are loaded, then both are read as they are', async () => {
  const packed = temporaryDir();
  await answer(['load', written('events.ndjson.gz', gzipSync(ndjson(events))), '--data', packed]);
  const piped = temporaryDir();
  await answer(['load', '-', '--data', piped], ndjson(events));
  expect(await hashOf(packed)).toBe(await hashOf(piped));
});

test('given a packed file that is cut off, when it is loaded, then it fails and says so', async () => {
  const whole = gzipSync(ndjson(events));
  const ran = await vigil(['load', written('events.ndjson.gz', whole.subarray(0, whole.length / 2)), '--data', temporaryDir()]);
  expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^vigil: .*unexpected end of file\)\n$/) as unknown });
});

test('given a store that one process writes, when a second wants to, then it says so and nothing is lost', async () => {
  const data = await loaded(events.slice(0, 8));
  const core = new CoreProcess(['--data', data, '--port', '0', '--mqtt-port', '0']);
  ends.push(() => core.stop());
  await core.start();
  const hash = await hashOf(data);
  for (const args of [['load', written('events.ndjson', ndjson(events)), '--data', data], ['rebuild', '--data', data], ['serve', '--data', data, '--port', '0', '--mqtt-port', '0']]) {
    expect(await vigil(args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/another Vigil is writing to this store/) as unknown });
  }
  expect(await hashOf(data)).toBe(hash);
});

test.each(['mosquitto', 'embedded'] as const)('given a core by %s, when a file is published at full speed and a packed one at 3600x, then all arrive, in the order sent', async (kind) => {
  const dir = temporaryDir();
  const port = await freePort();
  const mosquitto = kind === 'mosquitto' ? new Mosquitto(dir, port) : undefined;
  await mosquitto?.start();
  ends.push(() => mosquitto?.stop());
  const data = join(dir, 'data');
  const core = new CoreProcess(['--broker', mosquitto?.url ?? 'embedded', '--data', data, '--port', '0', '--mqtt-port', String(port)]);
  ends.push(() => core.stop());
  const { wall, mqtt } = await core.start();
  await until('the core to be on the broker', async () => ((await (await fetch(`${wall}/api/v1/ops/health`)).json()) as { broker: string }).broker === 'connected');
  const paced = events.slice(100, 160).map((event, i) => (i === 30 ? { ...event, time: 'no time' } : event));
  const unsendable = '{"source":"somewhere"}\nnot JSON\n';
  const first = await vigil(['publish', '-', '--broker', mqtt, '--speed', 'max', '--json'], ndjson(events.slice(0, 100)) + unsendable);
  expect({ code: first.code, ...(JSON.parse(first.out) as object) }).toEqual({ code: 3, sent: 100, acknowledged: 100, skipped: 2 });
  expect(first.err).toContain('-:101: not sent');
  expect(await answer(['publish', written('day.ndjson.gz', gzipSync(ndjson(paced))), '--broker', mqtt, '--speed', '3600x'])).toEqual({ sent: 60, acknowledged: 60, skipped: 0 });
  const stored = () => {
    const db = openForReading(storeFiles(data, DEFAULT_SITE).log);
    const rows = db.prepare<[], { id: string }>('SELECT id FROM ops_event ORDER BY position').all();
    db.close();
    return rows.map(({ id }) => id);
  };
  await until('all to be stored', () => stored().length === 159);
  expect(stored()).toEqual([...events.slice(0, 100), ...events.slice(100, 130), ...events.slice(131, 160)].map(({ id }) => id));
});

test('given Mosquitto as we ship its configuration, when the doctor looks, then all is well', async () => {
  const mosquitto = new Mosquitto(temporaryDir(), await freePort());
  ends.push(() => mosquitto.stop());
  await mosquitto.start();
  const { findings } = await answer<{ findings: { what: string; ok: boolean }[] }>(['doctor', '--broker', mosquitto.url, '--data', await loaded(events.slice(0, 8))]);
  expect(findings.filter(({ ok }) => !ok)).toEqual([]);
  expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['broker session', 'integrity', 'log', 'dead letters']));
});

test('given Mosquitto with its own defaults, when the doctor looks, then it says that messages are dropped, and what to set', async () => {
  const port = await freePort();
  const child = spawn('mosquitto', ['-p', String(port)], { stdio: 'ignore', env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } });
  ends.push(() => child.kill());
  await until('Mosquitto to listen', () => answers(port));
  const { code, out } = await vigil(['doctor', '--broker', `mqtt://127.0.0.1:${port}`]);
  expect(code).toBe(1);
  expect(out).toMatch(/^BAD  broker session: kept 1\d{3} of 1500 messages/m);
  expect(out).toContain('max_queued_messages 0');
});
