import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { permissionsOf, type Role } from '#shared/access/roles.ts';
import { exportSeries, fileAddress, fileOf } from '#shared/api/exports.ts';
import type { Json } from '#shared/json.ts';
import type { CommandResult } from '#shared/link/messages.ts';
import { useExporting } from '../../../renderer/exports/exporting.ts';
import { asked } from '../../../renderer/exports/lists.ts';
import { fieldOf, momentOf } from '../../../renderer/exports/moments.ts';
import { sizeText } from '../../../renderer/format/size.ts';
import { useCommands } from '../../../renderer/stores/commands.ts';
import { useSession } from '../../../renderer/stores/session.ts';

const MINUTE = 60_000;
const FILE = 'f'.repeat(43);
const WANTED = { list: 'users', format: 'csv' } as const;

let progress: CommandResult;
let heard: { name: string; args: Record<string, Json> }[];
let saved: { href: string; download: string }[];
const told = (value: Json): CommandResult => ({ ok: true, value });

/** A page of a role, at which somebody signs in. */
async function desk(role: Role, screen = 'desk', session: Record<string, Json> = {}) {
  vi.stubGlobal('location', { search: `?role=${screen}`, hash: '#/overview' });
  setActivePinia(createPinia());
  const answers: Record<string, () => CommandResult> = {
    createSession: () => told({ kind: 'user', name: 'lee', roles: [role], permissions: [...permissionsOf([role])], session: { method: 'password', ends: Date.now() + 720 * MINUTE, idleMs: 30 * MINUTE, glassUntil: null, ...session } }),
    exportUsers: () => told({ file: FILE, name: 'vigil-users.csv' }),
    exportAudit: () => ({ ok: false, error: { code: '503', message: 'Nothing was done: the audit trail cannot be written now.' } }),
    getFileProgress: () => progress,
  };
  useCommands().connect({ command: async (name, args = {}) => (heard.push({ name, args }), (answers[name] ?? (() => told(null)))()) });
  await useSession().signIn({ name: 'lee', password: 'x' });
  return useExporting();
}

beforeEach(() => {
  vi.useFakeTimers();
  [heard, saved, progress] = [[], [], told({ state: 'sending', bytes: 1_000 })];
  vi.stubGlobal('document', { createElement: () => ({ href: '', download: '', click() { saved.push({ href: this.href, download: this.download }); } }) });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('given a role, then the lists that it may see and take are offered, and none at walls and kiosks', async () => {
  expect((await desk('admin')).offered).toEqual(['beds', 'latest', 'snapshots', 'series', 'metrics', 'sources', 'events', 'letters', 'audit', 'config-history', 'users', 'tokens']);
  expect((await desk('manager')).offered).toEqual(['beds', 'latest', 'snapshots', 'series', 'metrics', 'sources', 'events', 'letters']);
  expect((await desk('auditor')).offered).toEqual(['beds', 'latest', 'snapshots', 'series', 'metrics', 'audit']);
  expect((await desk('operator')).offered).toEqual([]);
  for (const screen of ['wall', 'kiosk']) expect((await desk('admin', screen)).offered).toEqual([]);
});

test('given a list, when it is exported, then it is saved by its address, and followed until it is whole', async () => {
  const exporting = await desk('admin');
  await exporting.make(WANTED);
  expect(heard.at(-1)).toEqual({ name: 'exportUsers', args: { params: {}, query: { format: 'csv', bom: 'true' } } });
  expect(saved).toEqual([{ href: fileAddress(FILE), download: 'vigil-users.csv' }]);
  expect(exporting.file).toMatchObject({ state: 'waiting', bytes: 0 });
  await vi.advanceTimersByTimeAsync(600);
  expect([exporting.file, exporting.underWay]).toMatchObject([{ state: 'sending', bytes: 1_000 }, true]);
  progress = told({ state: 'sent', bytes: 4_000 });
  await vi.advanceTimersByTimeAsync(600);
  expect([exporting.file, exporting.underWay]).toMatchObject([{ state: 'sent', bytes: 4_000 }, false]);
  const then = heard.length;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(heard.length).toBe(then);
});

test('given an export that is refused, or one of which the core knows no more, then it says so and nothing is under way', async () => {
  const exporting = await desk('admin');
  await exporting.make({ list: 'audit', format: 'xlsx' });
  expect([exporting.refusal, exporting.file, saved]).toEqual([expect.stringContaining('audit trail cannot be written'), undefined, []]);
  await exporting.make(WANTED);
  expect(exporting.refusal).toBe('');
  progress = { ok: false, error: { code: 'no-link', message: 'There is no link to the core.' } };
  await vi.advanceTimersByTimeAsync(600);
  expect([exporting.refusal, exporting.underWay]).toEqual([expect.stringContaining('Look whether it was saved whole'), false]);
});

test('given an export under way, when it is cancelled, closed or its session ends, then the core is told, it goes on, or nothing of it stays', async () => {
  const exporting = await desk('admin');
  exporting.open({ list: 'users' });
  await exporting.make(WANTED);
  await exporting.cancel();
  expect(heard.at(-1)).toEqual({ name: 'cancelFile', args: { params: { file: FILE } } });
  exporting.close();
  expect([exporting.opened, exporting.underWay]).toEqual([undefined, true]);
  await useSession().signOut();
  expect([exporting.file, exporting.offered]).toEqual([undefined, []]);
});

test('given somebody who broke the glass, when its time goes by, then their export stays where it is', async () => {
  const exporting = await desk('admin', 'desk', { glassUntil: Date.now() + 15 * MINUTE });
  exporting.open({ list: 'users' });
  await exporting.make(WANTED);
  await vi.advanceTimersByTimeAsync(3_000);
  expect([exporting.opened, exporting.underWay]).toEqual([{ list: 'users' }, true]);
});

test('given what was chosen, then its operation is asked for what belongs to it alone', () => {
  const chosen = { format: 'xlsx', of: 'beds.occupied', step: '1h', from: '2026-03-01T00:00:00.000-05:00' } as const;
  expect(asked({ ...chosen, list: 'series' })).toEqual({ params: { metric: 'beds.occupied' }, query: { format: 'xlsx', step: '1h', from: chosen.from } });
  expect(asked({ ...chosen, list: 'beds' })).toEqual({ params: {}, query: { format: 'xlsx' } });
  expect(exportSeries.query.safeParse(asked({ ...chosen, list: 'series' }).query).success).toBe(true);
  expect(fileOf(fileAddress(FILE))).toBe(FILE);
  for (const path of ['/index.html', `${fileAddress(FILE)}/progress`, fileAddress('x'), `/x${fileAddress(FILE)}`]) expect(fileOf(path), path).toBeUndefined();
});

test('given moments and sizes, then they are on the site\'s clock, and short', () => {
  expect(momentOf('2026-03-08T01:30', 'America/New_York')).toBe('2026-03-08T01:30:00.000-05:00');
  expect(momentOf('2026-03-08T03:30', 'America/New_York')).toBe('2026-03-08T03:30:00.000-04:00');
  expect(momentOf('', 'UTC')).toBeUndefined();
  expect(fieldOf(Date.parse('2026-03-08T06:30:00Z'), 'America/New_York')).toBe('2026-03-08T01:30');
  expect([0, 999, 1_000, 12_449, 3_100_000, 5e12].map(sizeText)).toEqual(['0 B', '999 B', '1.0 kB', '12.4 kB', '3.1 MB', '5000.0 GB'].map((text) => text.replace(' ', '\u00a0')));
});
