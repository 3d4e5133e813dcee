import { spawnSync } from 'node:child_process';
import { closeSync, cpSync, existsSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { backup } from '#core/store/backup.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { openRecovering } from '#core/store/recover.ts';
import { restore } from '#core/store/restore.ts';
import { openSiteStore, type SiteStore } from '#core/store/site-store.ts';
import { envelope } from '../../fixtures/envelopes.ts';
import { apply, stateHash, temporaryDir, temporaryStore } from '../../fixtures/stores.ts';

const NOW = Date.UTC(2026, 0, 14);
const ROOT = new URL('../../../', import.meta.url);
const admitted = (i: number) => envelope('adt.admitted', NOW + i, { encounter: `E${i}`, patient: { id: `MRN${i}`, name: `Name ${i}` }, location: { unit: 'A' } }, { id: `a${i}` });
const fill = (store: SiteStore, from: number, to: number) => void apply(store, Array.from({ length: to - from }, (_, i) => admitted(from + i)), { now: NOW });
const persons = (store: SiteStore) => (store.vault!.db.prepare('SELECT COUNT(*) AS n FROM person').get() as { n: number }).n;

/** Runs code in a process that is killed just before its n-th rename or writing of a file; returns whether it was. */
function killedAt(n: number, code: string): boolean {
  const { signal, status, stderr } = spawnSync(process.execPath, ['--import', new URL('tests/rig/dies-at-step.mjs', ROOT).href, '--input-type=module', '-e', code], { cwd: ROOT, env: { ...process.env, DIE_AT: String(n) }, encoding: 'utf8' });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return signal === 'SIGKILL';
}

/** Does `code` on a copy of a data directory, killed before each of its steps in turn; `look` judges what the next start opens. */
function atEachStep(dataDir: string, code: (dir: string) => string, look: (store: SiteStore, dir: string) => void): number {
  for (let n = 1; ; n++) {
    const dir = join(temporaryDir(), 'data');
    cpSync(dataDir, dir, { recursive: true });
    const killed = killedAt(n, code(dir));
    const { store } = openRecovering({ dataDir: dir, id: DEFAULT_SITE, withVault: true }, NOW);
    onTestFinished(() => store.close());
    look(store, dir);
    store.close();
    if (!killed) return n - 1;
  }
}

test('given a restore that is killed before any of its steps, when the store is opened, then it is the old one or the backup, whole, with its vault', async () => {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  fill(store, 0, 20);
  const target = join(temporaryDir(), 'backup');
  await backup(dataDir, DEFAULT_SITE, target, NOW);
  const backed = stateHash(store);
  fill(store, 20, 50);
  const old = stateHash(store);
  store.close();
  const found: string[] = [];
  const steps = atEachStep(
    dataDir,
    (dir) => `const { restore } = await import('#core/store/restore.ts'); restore(${JSON.stringify(target)}, ${JSON.stringify(dir)}, ${NOW}, { force: true });`,
    (opened, dir) => {
      const is = stateHash(opened) === old ? 'old' : stateHash(opened) === backed ? 'backup' : 'neither';
      expect(persons(opened)).toBe({ old: 50, backup: 20, neither: -1 }[is]);
      expect(existsSync(join(dir, 'set-aside'))).toBe(is === 'backup');
      if (is === 'backup') expect(readdirSync(join(dir, 'set-aside', readdirSync(join(dir, 'set-aside'))[0]!))).toEqual(expect.arrayContaining(['local.main.db', 'local.main.vault.db']));
      found.push(is);
    },
  );
  expect(steps).toBeGreaterThan(3);
  expect(new Set(found)).toEqual(new Set(['old', 'backup']));
}, 120_000);

test('given a rebuild of a damaged store that is killed before any of its steps, when the store is opened, then every event and person is there, and the damaged files are kept', () => {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  fill(store, 0, 50);
  const hash = stateHash(store);
  store.close();
  const { log } = storeFiles(dataDir, DEFAULT_SITE);
  const fd = openSync(log, 'r+');
  writeSync(fd, Buffer.alloc(100, 7), 0, 100, 0);
  closeSync(fd);
  const steps = atEachStep(
    dataDir,
    (dir) => `const { openRecovering } = await import('#core/store/recover.ts'); openRecovering({ dataDir: ${JSON.stringify(dir)}, id: { tenant: 'local', site: 'main' }, withVault: true }, ${NOW - 1}).store.close();`,
    (opened, dir) => {
      expect({ hash: stateHash(opened), persons: persons(opened) }).toEqual({ hash, persons: 50 });
      const aside = readdirSync(join(dir, 'set-aside')).flatMap((name) => readdirSync(join(dir, 'set-aside', name)));
      expect(aside).toEqual(expect.arrayContaining(['local.main.db', 'report.json']));
    },
  );
  expect(steps).toBeGreaterThan(2);
}, 120_000);

test('given a restore that was killed, when another is begun or the store is made afresh, then nothing of the first comes back', async () => {
  const dataDir = temporaryDir();
  const store = temporaryStore(dataDir);
  fill(store, 0, 20);
  const target = join(temporaryDir(), 'backup');
  await backup(dataDir, DEFAULT_SITE, target, NOW);
  store.close();
  const code = `const { restore } = await import('#core/store/restore.ts'); restore(${JSON.stringify(target)}, ${JSON.stringify(dataDir)}, ${NOW}, { force: true });`;
  expect(killedAt(3, code)).toBe(true);
  expect(restore(target, dataDir, NOW + 1, { force: true }).manifest.events).toBe(20);
  expect(killedAt(3, code.replace(String(NOW), String(NOW + 2)))).toBe(true);
  for (const fresh of [true, false]) {
    const made = openSiteStore({ dataDir, id: DEFAULT_SITE, withVault: true, fresh });
    onTestFinished(() => made.close());
    expect({ persons: persons(made), fresh }).toEqual({ persons: 0, fresh });
    made.close();
  }
  expect(readdirSync(dataDir).filter((name) => /incoming|replacing/.test(name))).toEqual([]);
});
