import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StationFacts } from '#shared/api/station.ts';
import type { StatedStation } from '#shared/station.ts';
import { eventTopic } from '#core/ingest/topic.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { loadEvent } from '../fixtures/load-events.ts';
import { Authority } from '../rig/certificates.ts';
import { filesBelow } from '../rig/files-below.ts';
import { LinkPage } from '../rig/link-page.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
import { Station } from '../rig/station.ts';
import { SteadyPublisher } from '../rig/steady-publisher.ts';
import { until } from '../rig/until.ts';

const USER = 'vigil-hub';
const PASSWORD = 'CANARY$ a pass/word@with:signs';
const TYPE = 'unit.staffing-reported';

type Answer = { detail?: string; findings?: { what: string; ok: boolean; found: string; advice?: string }[] };

function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A core that was started with nothing, and everything that it has answered and said. */
async function started(dir: string, flags: readonly string[] = []) {
  const heard: string[] = [];
  const here = await Station.start('unsaid', dir, { flags, onLine: (line) => heard.push(line) });
  onTestFinished(() => here.stop());
  const read = async () => {
    const answer = await here.ask('GET', '/station');
    return { tag: answer.headers.get('etag')!, facts: (await answer.json()) as StationFacts };
  };
  const ask = async (method: string, path: string, body: object, tag?: string) => {
    const answer = await here.ask(method, path, { body, headers: { 'if-match': tag ?? (await read()).tag } });
    const text = await answer.text();
    heard.push(text);
    return { status: answer.status, body: JSON.parse(text) as Answer };
  };
  return {
    here, heard, read,
    put: (document: StatedStation, password?: string | null, tag?: string) => ask('PUT', '/station', { document, ...(password === undefined ? {} : { password }), why: 'a test' }, tag),
    probe: (broker: StatedStation['broker'], password?: string, tag?: string) => ask('POST', '/station/probe', { broker, ...(password === undefined ? {} : { password }) }, tag),
  };
}

/** A broker by TLS that takes only who shows a certificate and signs in. */
async function hospitalBroker(dir: string) {
  const authority = new Authority(join(dir, 'authority'));
  const [station, port] = [authority.issue('station'), await freePort()];
  const broker = new Mosquitto(dir, port, { ca: authority.ca, ...authority.issue('broker') }, { user: USER, password: PASSWORD });
  await broker.start();
  onTestFinished(() => broker.stop());
  const files = { ca: authority.ca, cert: station.cert, key: station.key };
  const keys = { ca: readFileSync(files.ca, 'utf8'), cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  const publisher = await Publisher.connect(broker.url.replace('://', `://${USER}:${encodeURIComponent(PASSWORD)}@`), keys);
  onTestFinished(() => publisher.close());
  return { named: { address: broker.url, user: USER, ...files }, publisher };
}

const stored = (here: Station, id: string) => here.read(`SELECT id FROM ops_event WHERE id = '${id}'`).length === 1;

test('given a core started with nothing, when it is given the hospital\'s broker by the API, then it comes onto it without a restart and takes its events, also after kill -9; and the password lies in its own file alone', async () => {
  const dir = temporary();
  const [{ here, heard, read, put, probe }, { named, publisher }] = [await started(dir), await hospitalBroker(dir)];
  const send = (id: string) => new Promise<void>((resolve) => void publisher.publish(eventTopic(DEFAULT_SITE, 'staff', TYPE), JSON.stringify(envelope(TYPE, Date.now(), { unit: id, staffedBeds: 1 }, { id })), resolve));
  const page = await LinkPage.connect(here.wall);
  const frame = await page.follow(1, 'frame');
  const pid = here.pid;

  const wrong = await probe(named, 'not the password');
  expect(wrong).toMatchObject({ status: 200, body: { well: false, findings: [{ what: 'broker', found: expect.stringMatching(/not authori/i) as string, advice: expect.stringContaining('user name and password') as string }] } });
  expect((await probe({ ...named, ca: undefined }, PASSWORD)).body.findings![0]!.advice).toContain('Name the authority');
  expect((await probe(named, PASSWORD)).body).toMatchObject({ well: true, findings: [{ what: 'broker', ok: true }, { what: 'broker session', ok: true }] });
  expect((await read()).facts).toMatchObject({ broker: 'embedded', document: {}, password: 'none' });

  expect((await put({ broker: named }, PASSWORD)).status).toBe(200);
  await until('the core to be on the broker', async () => (await (await here.ask('GET', '/station/link')).json() as { state: string }).state === 'connected');
  await send('one');
  await until('the first event', () => stored(here, 'one'));
  await until('the page to see it', () => JSON.stringify(frame.items).includes('staff'));
  expect([here.pid, page.open]).toEqual([pid, true]);
  expect((await probe(named)).body).toMatchObject({ well: true });

  await here.killCore();
  // As a core leaves it that is killed before its document names the new password.
  const left = join(here.data, 'broker-0123abcd.password');
  writeFileSync(left, PASSWORD, { mode: 0o600 });
  await send('while it was away');
  await here.startCore();
  await until('what was sent meanwhile', () => stored(here, 'while it was away'));
  expect(existsSync(left)).toBe(false);
  const { facts, tag } = await read();
  expect(facts).toMatchObject({ broker: named.address.replace('://', `://${USER}:***@`), document: { broker: named }, password: 'file' });
  expect((await put({ broker: named, station: 'desk-2' }, undefined, tag)).status).toBe(200);
  expect((await put({ broker: named }, undefined, tag)).status).toBe(412);
  expect((await read()).facts.password).toBe('file');

  const trail = await (await here.ask('GET', '/audit?limit=200')).text();
  expect(trail).toContain('putStation');
  expect(trail).toContain('probeBroker');
  const answers = await Promise.all(['/station', '/station/link', '/health', '/config/export', '/audit?limit=200', '/views/frame'].map(async (path) => (await here.ask('GET', path)).text()));
  for (const text of [...heard, ...answers]) for (const form of [PASSWORD, encodeURIComponent(PASSWORD), JSON.stringify(PASSWORD).slice(1, -1)]) expect(text).not.toContain(form);
  const holding = filesBelow(here.data).filter((file) => readFileSync(file).includes('CANARY'));
  expect(holding.map((file) => file.slice(here.data.length + 1))).toEqual([expect.stringMatching(/^broker-[0-9a-f]{8}\.password$/)]);
});

test('given events at the broker of its own, when the core goes to another and back, then nothing that was acknowledged is lost, and what was not comes again', async () => {
  const dir = temporary();
  const { here, put } = await started(dir);
  const broker = new Mosquitto(dir, await freePort());
  await broker.start();
  onTestFinished(() => broker.stop());
  const publisher = await SteadyPublisher.connect(here.broker);
  onTestFinished(() => publisher.close());
  const sending = publisher.send(6_000, 1_000, loadEvent);
  await until('events to be in', () => publisher.acknowledged.size > 300);
  expect((await put({ broker: { address: broker.url } })).status).toBe(200);
  const early = new Set(publisher.acknowledged);
  expect(early.size).toBeLessThan(6_000);
  expect((await put({})).status).toBe(200);
  await sending;
  await until('every event to be acknowledged', () => publisher.acknowledged.size === publisher.sent.length);
  const held = here.read<{ id: string }>('SELECT id FROM ops_event').map(({ id }) => id);
  expect([...publisher.acknowledged].filter((id) => !held.includes(id))).toEqual([]);
  expect(held.length).toBe(new Set(held).size);
});

test('given callers who have not read where events come from, when they name a broker, then nothing is tried and nothing is changed', async () => {
  const { here, read, put, probe } = await started(temporary());
  const target = { address: `mqtt://127.0.0.1:${await freePort()}` };
  for (const tag of ['*', ' * ', '"x"']) expect([(await probe(target, undefined, tag)).status, (await put({ broker: target }, undefined, tag)).status]).toEqual([412, 412]);
  expect((await here.ask('POST', '/station/probe', { body: { broker: target } })).status).toBe(428);
  expect((await read()).facts.document).toEqual({});
});

test('given a broker that is not there, when it is tried again and again, then it is said what, where and what to do, and soon that it is enough', async () => {
  const { read, probe } = await started(temporary());
  const address = `mqtt://127.0.0.1:${await freePort()}`;
  const { tag } = await read();
  const found = await probe({ address }, undefined, tag);
  expect(found.body.findings).toEqual([{ what: 'broker', ok: false, found: expect.stringMatching(new RegExp(`^${address} does not answer: .*ECONNREFUSED`)) as string, advice: expect.stringContaining('Nothing listens there') as string }]);
  const statuses: number[] = [];
  for (let n = 0; n < 8; n++) statuses.push((await probe({ address }, undefined, tag)).status);
  expect(statuses).toContain(429);
  expect((await probe({ address: 'embedded' }, undefined, tag)).status).toBe(422);
});

test('given a broker by flag, when another is wanted, then the flag is named; given one in the file that cannot be used, then the core serves and says why', async () => {
  const dir = temporary();
  const { here, put } = await started(dir, ['--broker', 'embedded']);
  expect(await put({ broker: { address: 'mqtt://127.0.0.1:1' } })).toMatchObject({ status: 422, body: { detail: expect.stringContaining('--broker') as string } });
  expect(await put({ broker: { address: 'mqtts://127.0.0.1:1', ca: 'none.pem' } })).toMatchObject({ status: 422 });
  expect(readdirSync(here.data)).not.toContain('station.yaml');
});

test('given the address of a broker that nobody runs, when it is put in force, then the wall says that the link is lost, and the way back is open', async () => {
  const { here, read, put } = await started(temporary());
  const address = `mqtt://127.0.0.1:${await freePort()}`;
  expect((await put({ broker: { address } })).status).toBe(200);
  await until('the loss to be told', async () => ((await (await here.ask('GET', '/station/link')).json()) as { why: string | null }).why?.includes('ECONNREFUSED') === true);
  expect((await here.health())['broker']).toBe('lost');
  expect((await put({})).status).toBe(200);
  expect([(await here.health())['broker'], (await read()).facts.broker]).toEqual(['connected', 'embedded']);
  const event = envelope(TYPE, Date.now(), { unit: '4E', staffedBeds: 1 });
  await (await here.client()).publishAsync(topicOf(event)!, JSON.stringify(event), { qos: 1 });
  expect(stored(here, event.id)).toBe(true);
});
