import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { ROLE_NAMES, ROLES, type Role } from '#shared/access/roles.ts';
import { notePaths } from '#shared/events/notes.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { LINK_VERSION } from '#shared/link/messages.ts';
import { withCanaries, withGossip } from '../fixtures/canaries.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { operationsOf, type DescribedOperation } from '../rig/api-document.ts';
import { LinkSocket } from '../rig/link-socket.ts';
import { Station } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const CANARY = 'CANARY';
/** A name that somebody wrote into every free text. */
const GOSSIP = 'GOSSIP';
const PATIENT = { id: `${CANARY}-MRN-1`, name: `${CANARY}, Eva`, birthDate: '1950-01-01' };
const BED = { unit: '4E', bed: '1' };
const PASSWORD = 'a password of no worth';
/** How much of an endless answer is looked at, ms. */
const LISTEN_MS = 500;

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const lines: string[] = [];
let here: Station;
let operations: DescribedOperation[];
/** By role, the secret of somebody who has it. */
const secrets = new Map<Role, string>();

beforeAll(async () => {
  here = await Station.start('embedded', dir, { onLine: (line) => lines.push(line) });
  operations = operationsOf(await (await here.ask('GET', '/openapi.json')).json());
  const now = Date.now();
  const publisher = await Publisher.connect(here.broker);
  const send = async (topic: string, body: string) => new Promise<void>((resolve) => void publisher.publish(topic, body, resolve));
  for (const type of eventTypes.keys()) {
    const event = envelope(type, now - 60_000, withGossip(type, withCanaries(type, CANARY), GOSSIP));
    await send(topicOf(event)!, JSON.stringify(event));
  }
  const admitted = envelope('adt.admitted', now - 30_000, { encounter: `${CANARY}-V1`, patient: PATIENT, location: { ...BED, unitKind: 'ward' } });
  await send(topicOf(admitted)!, JSON.stringify(admitted));
  const refused = envelope('adt.admitted', now, { encounter: 7, patient: PATIENT, location: BED });
  await send(topicOf(refused)!, JSON.stringify(refused));
  await publisher.close();
  await until('the patient to be in bed', async () => (await (await here.ask('GET', '/overview')).text()).length > 2 && Number((await here.health())['deadLetters']) > 0);
  for (const role of ROLE_NAMES) {
    expect((await here.ask('POST', '/users', { body: { name: role, roles: [role], password: PASSWORD } })).status).toBe(201);
    const session = await here.ask('POST', '/session', { token: null, body: { by: { name: role, password: PASSWORD }, bearer: true } });
    secrets.set(role, ((await session.json()) as { secret: string }).secret);
  }
}, 120_000);
afterAll(async () => {
  await here.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Positions of events with free text: types are published one after the other. */
const GOSSIPING = [...eventTypes.keys()].flatMap((type, i) => (notePaths(type).length > 0 ? [String(i + 1)] : []));

/** A value of each parameter by which something is found. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  unit: [BED.unit], bed: [BED.bed], kind: ['ehr'], instance: ['test'], id: ['beds.occupied', '1'], metric: ['beds.occupied'], family: ['bed', 'unit'], view: ['overview', 'floorplan', 'or', 'frame'],
  position: GOSSIPING, version: ['1'], name: ['wall'], list: ['events', 'sources', 'beds'], pseudonym: ['AAAAAAAAAAAAAAAA'], department: ['ed', 'lab'], format: ['csv', 'json', 'xlsx'], file: ['none'],
};

/** Addresses of a read, with every combination of what finds something. */
function addresses({ path, parameters }: DescribedOperation): string[] {
  let found = [path];
  for (const parameter of parameters.filter(({ in: where }) => where === 'path')) {
    const options = (parameter.schema as { enum?: string[] }).enum ?? VALUES[parameter.name];
    if (!options) throw new Error(`${path}: no value is known for {${parameter.name}}; add one to VALUES`);
    found = found.flatMap((one) => options.map((value) => one.replace(`{${parameter.name}}`, encodeURIComponent(value))));
  }
  return found;
}

/** Everything that an address answers, or what comes of it within a while. */
async function taken(path: string, token: string | null): Promise<string> {
  const answer = await here.ask('GET', path, { token });
  const reader = answer.body!.getReader();
  const parts: Uint8Array[] = [];
  const end = sleep(LISTEN_MS).then(() => undefined);
  for (;;) {
    const part = await Promise.race([reader.read(), end]);
    if (!part || part.done) break;
    parts.push(part.value);
  }
  await reader.cancel();
  return `${JSON.stringify([...answer.headers])} ${Buffer.concat(parts).toString('latin1')}`;
}

const base = (path: string) => path.replace('/api/v1/ops', '');
const joins = (role: Role) => (ROLES[role] as readonly string[]).includes('log.read');
const may = (role: Role) => (ROLES[role] as readonly string[]).includes('patients.read');

test('given canaries in every personal field and free text, when each role without the right asks everything, then no answer holds one', { timeout: 300_000 }, async () => {
  // Signing out is a read for browsers, and would end the sessions that ask for the rest.
  const reads = operations.filter(({ method, path }) => method === 'GET' && !path.endsWith('/oidc/logout')).flatMap(addresses).map(base);
  expect(reads.length).toBeGreaterThan(20);
  const leaks: string[] = [];
  for (const role of [undefined, ...ROLE_NAMES.filter((one) => !may(one))]) {
    for (const path of reads) {
      const answer = await taken(path, role ? secrets.get(role)! : null);
      // Who joins takes the log as it is, word by word: its hash is made of that.
      if (answer.includes(CANARY) || (answer.includes(GOSSIP) && !(path.startsWith('/log') && role && joins(role)))) leaks.push(`${role ?? 'nobody'} ${path}`);
    }
  }
  expect(leaks).toEqual([]);
  // Who may, finds some by the same addresses.
  const shown = await Promise.all(reads.map((path) => taken(path, secrets.get('shift-lead')!)));
  expect(shown.some((text) => text.includes(CANARY))).toBe(true);
  const gossiping = reads.filter((_, i) => shown[i]!.includes(GOSSIP));
  expect(gossiping.length).toBe(GOSSIPING.length);
  expect(gossiping.filter((path) => !/^\/events\/\d+\/notes$/.test(path))).toEqual([]);
});

test('given canaries, when who may asks for the patient in a bed, then that one is shown and the trail tells; and not to others', async () => {
  const path = `/bed-management/${BED.unit}/${BED.bed}/patient`;
  for (const role of ROLE_NAMES) {
    const answer = await here.ask('GET', path, { token: secrets.get(role)! });
    expect([role, answer.status]).toEqual([role, may(role) ? 200 : 403]);
    if (may(role)) expect(await answer.json()).toMatchObject({ facts: { 'patient.id': PATIENT.id, 'patient.name': PATIENT.name } });
  }
  const found = await here.ask('POST', '/patients/find', { token: secrets.get('shift-lead')!, body: { identifier: PATIENT.id } });
  expect(found.status).toBe(200);
  const trail = await (await here.ask('GET', '/audit?limit=200', { token: secrets.get('auditor')! })).text();
  expect(trail).toContain('getPatientInBed');
  expect(trail).toContain('findPatient');
  expect(trail).not.toContain(CANARY);
});

test('given free text that names somebody, when who may see patients asks for that of an event, then it is shown, and the trail tells who looked and not at what it says', async () => {
  const token = secrets.get('shift-lead')!;
  const { items } = (await (await here.ask('GET', '/events?type=or.room-status-changed', { token })).json()) as { items: { position: number; data: object }[] };
  const { position, data } = items[0]!;
  expect(data).not.toHaveProperty('reason');
  expect(await (await here.ask('GET', `/events/${position}/notes`, { token })).json()).toEqual({ notes: { reason: expect.stringContaining(GOSSIP) as string } });
  expect((await here.ask('GET', `/events/${position}/notes`, { token: secrets.get('manager')! })).status).toBe(403);
  const trail = await (await here.ask('GET', '/audit?limit=200', { token: secrets.get('auditor')! })).text();
  expect(trail).toContain('getEventNotes');
  expect(trail).not.toContain(GOSSIP);
});

test('given canaries, when somebody breaks the glass, then they see a patient until they leave, and the reason is in the trail', async () => {
  const token = secrets.get('operator')!;
  const path = `/bed-management/${BED.unit}/${BED.bed}/patient`;
  expect((await here.ask('GET', path, { token })).status).toBe(403);
  expect((await here.ask('POST', '/session/break-glass', { token, body: { reason: 'cardiac arrest on 4E' } })).status).toBe(200);
  expect(await (await here.ask('GET', path, { token })).text()).toContain(PATIENT.name);
  expect((await here.ask('DELETE', '/session', { token })).status).toBe(204);
  expect((await here.ask('GET', path, { token })).status).toBe(401);
  expect(await (await here.ask('GET', '/audit?limit=200', { token: secrets.get('auditor')! })).text()).toContain('cardiac arrest on 4E');
});

test('given canaries, when a wall looks at every board, then no message holds one', async () => {
  const heard: string[] = [];
  const socket = await LinkSocket.open(here.wall);
  socket.listen((message) => heard.push(JSON.stringify(message)));
  socket.send({ t: 'hello', versions: [LINK_VERSION], role: 'wall' });
  ['frame', 'overview', 'floorplan', 'or'].forEach((view, sub) => socket.send({ t: 'subscribe', sub, view }));
  await until('four boards', () => heard.filter((text) => text.includes('"snapshot"')).length === 4);
  socket.close();
  expect(heard.join()).toContain(BED.unit);
  expect(heard.join()).toContain('room:');
  for (const word of [CANARY, GOSSIP]) expect(heard.join()).not.toContain(word);
});

test('given a person who is erased, when they are asked for, then nobody is known, and the log is as it was', async () => {
  const before = here.read<{ n: number }>('SELECT COUNT(*) AS n FROM ops_event')[0]!.n;
  const answer = await here.ask('POST', '/patients/erase', { body: { identifier: PATIENT.id } });
  expect(await answer.json()).toMatchObject({ record: true, letters: 1 });
  expect((await here.ask('POST', '/patients/find', { token: secrets.get('shift-lead')!, body: { identifier: PATIENT.id } })).status).toBe(404);
  expect(here.read<{ n: number }>('SELECT COUNT(*) AS n FROM ops_event')[0]!.n).toBe(before);
});

test('given all that, when files and logs are read, then none but the vault holds a canary, and that one encrypted', () => {
  expect(lines.length).toBeGreaterThan(0);
  for (const word of [CANARY, GOSSIP]) expect(lines.join('\n')).not.toContain(word);
  const files = readdirSync(here.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toContain('local.main.vault.db');
  for (const { parentPath, name } of files) expect(readFileSync(join(parentPath, name)).includes(CANARY), name).toBe(false);
  const gossiping = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(GOSSIP)).map(({ name }) => name.replace(/-wal$/, ''));
  expect([...new Set(gossiping)]).toEqual(['local.main.db']);
});

test('given a core that held patients, then a core dump of it would hold no memory', () => {
  expect(readFileSync(`/proc/${here.pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
});
