import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { DesktopApp } from '../rig/desktop-app.ts';
import { KeyStore } from '../rig/key-store.ts';
import { until } from '../rig/until.ts';
import { vigil } from '../rig/vigil-run.ts';
import { XServer } from '../rig/x-server.ts';

const NORTH = ['--tenant', 'acme', '--site', 'north'];
/** Which key store Chromium takes; by itself it goes by the name of the desktop. */
const LIBSECRET = '--password-store=gnome-libsecret';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const key = randomBytes(32);
const keyFile = join(dir, 'north.key');
let x: XServer;
let keyStore: KeyStore;
beforeAll(async () => {
  writeFileSync(keyFile, key);
  [x, keyStore] = [await XServer.start(1), await KeyStore.start()];
});
afterAll(async () => {
  await keyStore?.stop();
  await x?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function home(): string {
  const made = mkdtempSync(join(tmpdir(), 'vigil-app-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
const sealedIn = (of: string) => join(of, 'settings', 'site-key.sealed');

test('given a session without a key store, when a key is to be imported, then it is refused in words, and nothing is kept', async () => {
  const here = home();
  const plain = await DesktopApp.once({ display: x.display, home: here, shell: [`--import-key=${keyFile}`], env: KeyStore.NONE });
  expect([plain.code, plain.said]).toEqual([1, expect.stringContaining('vigil: there is no key store in this session')]);
  const locked = await DesktopApp.once({ display: x.display, home: here, shell: [`--import-key=${keyFile}`, LIBSECRET], env: KeyStore.NONE });
  expect([locked.code, locked.said]).toEqual([1, expect.stringContaining('vigil: the key store (gnome_libsecret) cannot be used now')]);
  expect(existsSync(sealedIn(here))).toBe(false);
});

test('given a file that holds no key, when it is to be imported, then it is refused and says why', async () => {
  const short = join(dir, 'short.key');
  writeFileSync(short, 'too short');
  const { code, said } = await DesktopApp.once({ display: x.display, home: home(), shell: [`--import-key=${short}`, LIBSECRET], env: keyStore.env });
  expect([code, said]).toEqual([1, expect.stringContaining('a site key has 32 bytes or more, this has 9')]);
});

test('given a key in the key store, when the station starts without a file, then its core has that key, and no argument or variable of any process tells it', async () => {
  const here = home();
  const imported = await DesktopApp.once({ display: x.display, home: here, shell: [`--import-key=${keyFile}`, LIBSECRET], env: keyStore.env });
  expect([imported.code, imported.said]).toEqual([0, expect.stringContaining(`${keyFile} may be removed`)]);
  expect(statSync(sealedIn(here)).mode & 0o777).toBe(0o600);
  expect(readFileSync(sealedIn(here)).includes(key.toString('base64'))).toBe(false);

  const app = await DesktopApp.start({ display: x.display, home: here, shell: [LIBSECRET], core: NORTH, env: keyStore.env });
  try {
    await until('the core to serve', () => app.serves());
    const core = await app.corePid();
    expect(core).toBeGreaterThan(0);
    for (const pid of [core, app.electron.process().pid!]) {
      const seen = readFileSync(`/proc/${pid}/cmdline`, 'latin1') + readFileSync(`/proc/${pid}/environ`, 'latin1');
      for (const text of [keyFile, key.toString('base64'), key.toString('hex'), key.toString('latin1')]) expect(seen).not.toContain(text);
    }
    const asked = (file: string) => vigil(['user', 'list', '--data', join(here, 'store'), ...NORTH, '--key-file', file]);
    expect((await asked(keyFile)).code).toBe(0);
    const other = join(dir, 'other.key');
    writeFileSync(other, randomBytes(32));
    expect(await asked(other)).toMatchObject({ code: 1, err: expect.stringContaining('belongs to another site key') as string });
    // The core's next process has it as well.
    process.kill(core, 'SIGKILL');
    await until('the core to serve again', () => app.serves(core));
  } finally {
    await app.electron.close();
  }

  const away = await DesktopApp.once({ display: x.display, home: here, shell: [LIBSECRET], core: NORTH, env: KeyStore.NONE });
  expect([away.code, away.said]).toEqual([1, expect.stringContaining('vigil: the key store (gnome_libsecret) cannot be used now')]);
});
