import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { API_BASE } from '#shared/api/operation.ts';
import { DesktopApp } from '../rig/desktop-app.ts';
import { filesBelow } from '../rig/files-below.ts';
import { KeyStore } from '../rig/key-store.ts';
import { Mosquitto } from '../rig/mosquitto.ts';
import { freePort } from '../rig/ports.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

const LOGIN = { user: 'vigil-desk', password: 'CANARY of a broker' };
const LIBSECRET = '--password-store=gnome-libsecret';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let x: XServer;
let keyStore: KeyStore;
let broker: Mosquitto;
beforeAll(async () => {
  broker = new Mosquitto(dir, await freePort(), undefined, LOGIN);
  await broker.start();
  [x, keyStore] = [await XServer.start(1), await KeyStore.start()];
});
afterAll(async () => {
  await keyStore?.stop();
  await x?.stop();
  await broker?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** An app without a flag that names a broker, as one that is started by its icon, and its API as who may everything. */
async function started(home: string, env: Readonly<Record<string, string>>) {
  const app = await DesktopApp.start({ display: x.display, home, shell: [LIBSECRET], env });
  await until('the core to serve', () => app.serves());
  const api = async (method: string, path: string, body?: object, tag = '') =>
    fetch(`http://127.0.0.1:${app.port}${API_BASE}${path}`, {
      method,
      headers: { authorization: `Bearer ${readLocalToken(storeFiles(join(home, 'store'), DEFAULT_SITE).token)!}`, ...(body ? { 'content-type': 'application/json', 'if-match': tag } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const linked = () => until('the link to the broker', async () => {
    const { broker: state, link } = { ...((await (await api('GET', '/station')).json()) as { broker: string }), link: (await (await api('GET', '/station/link')).json()) as { state: string } };
    return state.includes(LOGIN.user) && link.state === 'connected';
  });
  const give = async () => {
    const tag = (await api('GET', '/station')).headers.get('etag')!;
    return api('PUT', '/station', { document: { broker: { address: broker.url, user: LOGIN.user } }, password: LOGIN.password, why: 'a test' }, tag);
  };
  return { app, api, linked, give };
}

function home(): string {
  const made = mkdtempSync(join(tmpdir(), 'vigil-app-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
const sealedIn = (of: string) => join(of, 'settings', 'broker-password.sealed');

test('given an app started by its icon, when a page gives it a broker with its password, then the key store keeps that, every later core and start is on the broker, and no file holds it', async () => {
  const here = home();
  const first = await started(here, keyStore.env);
  try {
    expect((await first.give()).status).toBe(200);
    await first.linked();
    expect(await (await first.api('GET', '/station')).json()).toMatchObject({ password: 'key-store' });
    expect(statSync(sealedIn(here)).mode & 0o777).toBe(0o600);
    const core = await first.app.corePid();
    process.kill(core, 'SIGKILL');
    await until('the core to serve again', () => first.app.serves(core));
    await first.linked();
    expect(first.app.said).not.toContain(LOGIN.password);
  } finally {
    await first.app.electron.close();
  }
  for (const file of filesBelow(here)) expect(readFileSync(file).includes('CANARY'), file).toBe(false);
  expect(readdirSync(join(here, 'store')).filter((name) => name.endsWith('.password'))).toEqual([]);
  const second = await started(here, keyStore.env);
  try {
    await second.linked();
  } finally {
    await second.app.electron.close();
  }
  // Without the key store the wall comes up all the same, on no broker.
  const away = await started(here, KeyStore.NONE);
  try {
    await until('the loss to be told', async () => ((await (await away.api('GET', '/station/link')).json()) as { state: string }).state === 'lost');
    expect(await (await away.api('GET', '/station')).json()).toMatchObject({ document: { broker: { address: broker.url } }, password: 'none' });
  } finally {
    await away.app.electron.close();
  }
});

test('given a session without a key store, when a page gives a password, then it is refused and says what else there is; nothing is kept', async () => {
  const here = home();
  const { app, api, give } = await started(here, KeyStore.NONE);
  try {
    const answer = await give();
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('broker.passwordFile')]);
    expect(existsSync(sealedIn(here))).toBe(false);
    expect(await (await api('GET', '/station')).json()).toMatchObject({ broker: 'embedded', password: 'none' });
  } finally {
    await app.electron.close();
  }
});
