import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { Publisher, topicOf } from '#core/mqtt/publisher.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { eventTypes } from '#shared/events/registry.ts';
import { withCanaries } from '../fixtures/canaries.ts';
import { envelope } from '../fixtures/envelopes.ts';
import { DesktopApp } from '../rig/desktop-app.ts';
import { filesBelow } from '../rig/files-below.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

const CANARY = 'CANARY';
const PATIENT = { id: `${CANARY}-MRN-1`, name: `${CANARY}, Eva` };
const LEAD = { name: 'shea', password: 'a password of no worth' };

const home = mkdtempSync(join(tmpdir(), 'vigil-app-'));
/** Of this process and what it starts: a crash may leave a core dump, by most systems where the process ran, here `home`. */
const allowCoreDumps = () => execFileSync('sh', ['-c', `prlimit --pid ${process.pid} --core=$(ulimit -H -c):`]);
let x: XServer;
let app: DesktopApp;

interface Part {
  readonly pid: number;
  readonly type: string;
}
const parts = (): Promise<Part[]> => app.electron.evaluate(({ app: electron }) => electron.getAppMetrics().map(({ pid, type }) => ({ pid, type })));
const pidOf = async (type: string) => (await parts()).find((part) => part.type === type)?.pid ?? 0;
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

async function plant(): Promise<void> {
  const publisher = await Publisher.connect(`mqtt://127.0.0.1:${app.mqttPort}`);
  const now = Date.now();
  const events = [...[...eventTypes.keys()].map((type) => envelope(type, now - 60_000, withCanaries(type, CANARY))), envelope('adt.admitted', now - 30_000, { encounter: 'E-1', patient: PATIENT, location: { unit: 'MICU', unitKind: 'icu', bed: '1' } })];
  for (const event of events) await new Promise<void>((resolve) => void publisher.publish(topicOf(event)!, JSON.stringify(event), resolve));
  await publisher.close();
}

/** Somebody who may, looks at who lies in a bed: now the page's process holds it too. */
async function look(): Promise<void> {
  const made = await fetch(`http://127.0.0.1:${app.port}${API_BASE}/users`, { method: 'POST', headers: { authorization: `Bearer ${readLocalToken(storeFiles(join(home, 'store'), DEFAULT_SITE).token)}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...LEAD, roles: ['shift-lead'] }) });
  expect(made.status).toBe(201);
  const page = await app.page('overview');
  await page.evaluate(() => (location.hash = '#/floorplan/critical-care?role=desk&rotate='));
  await page.locator('[data-session]').click();
  await page.getByLabel('Name').fill(LEAD.name);
  await page.getByLabel('Password').fill(LEAD.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Bed 1 of MICU', exact: true }).click();
  await page.getByRole('button', { name: 'Show patient' }).click();
  await page.getByText(PATIENT.name).waitFor();
}

beforeAll(async () => {
  allowCoreDumps();
  x = await XServer.start(1);
  app = await DesktopApp.start({ display: x.display, home });
  await until('the core to serve', () => app.said.includes('core ready'));
  await plant();
  await look();
});
afterAll(async () => {
  await x?.stop();
  rmSync(home, { recursive: true, force: true });
});

test('given a running app, then a core dump of none of its processes would hold memory', async () => {
  const types = await parts();
  expect(types.map(({ type }) => type)).toEqual(expect.arrayContaining(['Browser', 'Tab', 'Utility', 'GPU']));
  for (const { pid, type } of types) expect([type, readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()]).toEqual([type, '00000000']);
});

/** Memory that a core dump holds, without the registers of its threads: those may have a few letters of anything. */
function memoryIn(dump: Buffer): Buffer {
  const at = (offset: number) => Number(dump.readBigUInt64LE(offset));
  const [table, size, count] = [at(0x20), dump.readUInt16LE(0x36), dump.readUInt16LE(0x38)];
  const segments = Array.from({ length: count }, (_, i) => table + i * size).filter((segment) => dump.readUInt32LE(segment) === LOADED);
  return Buffer.concat(segments.map((segment) => dump.subarray(at(segment + 8), at(segment + 8) + at(segment + 32))));
}
/** Type of a segment that was memory (ELF-64, PT_LOAD). */
const LOADED = 1;
const isDump = (body: Buffer) => body.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'));

/** Files that hold a patient as they are; a later dump may take the place of the one before. */
const leaks = () =>
  filesBelow(home).filter((file) => {
    if (/\.dmp$/.test(file)) return true;
    const body = readFileSync(file);
    return (isDump(body) ? memoryIn(body) : body).includes(CANARY);
  });

test('given patients in the memory of core and page, when each process crashes, then the app goes on as long as its shell does, and no file and no line of the log holds a canary', async () => {
  const core = await app.corePid();
  process.kill(core, 'SIGSEGV');
  await until('another core', async () => ![0, core].includes(await app.corePid()));
  expect(leaks()).toEqual([]);
  for (const type of ['Tab', 'GPU']) {
    const before = await pidOf(type);
    process.kill(before, 'SIGSEGV');
    await until(`another ${type}`, async () => ![0, before].includes(await pidOf(type)));
    expect(leaks()).toEqual([]);
  }
  const all = (await parts()).map(({ pid }) => pid);
  process.kill(await pidOf('Browser'), 'SIGSEGV');
  await until('the rest to end', () => !all.some(alive));
  expect(leaks()).toEqual([]);
  expect(filesBelow(home)).toContain(join(home, 'store/local.main.vault.db'));
  expect(app.said).toContain('it starts again');
  expect(app.said).not.toContain(CANARY);
});
