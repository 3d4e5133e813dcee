import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ServeFlags } from '#core/options.ts';
import { PasswordFile } from '#core/station/password-keeper.ts';
import { StationDesk } from '#core/station/station-desk.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const ROOT = new URL('../../../', import.meta.url);
const NORTH = { address: 'mqtt://north.test:1883', user: 'vigil' };

const flags = (data: string, given: Partial<ServeFlags> = {}): ServeFlags => ({ data, host: '127.0.0.1', port: 0, publicName: [], mqttPort: 0, tenant: 'local', site: 'main', vault: true, hold: false, ...given });
const open = (data: string, given: Partial<ServeFlags> = {}) => StationDesk.open(flags(data, given), new PasswordFile(data));
const secrets = (data: string) => readdirSync(data).filter((name) => name.includes('.password'));

/** Has a core change to a password, killed just before its n-th writing or renaming of a file; returns whether it was. */
function killedAt(n: number, data: string, password: string): boolean {
  const code = `
    const [{ StationDesk }, { PasswordFile }] = [await import('#core/station/station-desk.ts'), await import('#core/station/password-keeper.ts')];
    const desk = await StationDesk.open(${JSON.stringify(flags(data))}, new PasswordFile(${JSON.stringify(data)}));
    await desk.change({ broker: ${JSON.stringify(NORTH)} }, ${JSON.stringify(password)});`;
  const { signal, status, stderr } = spawnSync(process.execPath, ['--import', new URL('tests/rig/dies-at-step.mjs', ROOT).href, '--input-type=module', '-e', code], { cwd: ROOT, env: { ...process.env, DIE_AT: String(n) }, encoding: 'utf8' });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return signal === 'SIGKILL';
}

test('given a change of the password that is killed before any of its steps, when the core starts again, then it has the old one or the new, and no file holds another', async () => {
  const found: string[] = [];
  let left = 0;
  for (let n = 1, killed = true; killed; n++) {
    const data = temporaryDir();
    await (await open(data)).change({ broker: NORTH }, 'first');
    killed = killedAt(n, data, 'second');
    left = Math.max(left, secrets(data).length);
    const next = await open(data);
    next.tidy();
    found.push(next.serving.broker);
    expect(secrets(data).length).toBe(1);
    expect((await open(data)).serving.broker).toBe(next.serving.broker);
  }
  expect(found).toEqual([...Array<string>(4).fill('mqtt://vigil:first@north.test:1883'), 'mqtt://vigil:second@north.test:1883']);
  expect(left).toBe(2);
}, 120_000);

test('given files of passwords that no document names, when another change is written, then they are gone; those that somebody made by hand stay', async () => {
  const data = temporaryDir();
  for (const name of ['broker-0123abcd.password', 'broker-0123abcd.password.new', 'broker.password', 'broker-of-north.password']) writeFileSync(join(data, name), 'one', { mode: 0o600 });
  await (await open(data)).change({ station: 'desk-2' }, undefined);
  expect(secrets(data).sort()).toEqual(['broker-of-north.password', 'broker.password']);
});

test('given a demo on a directory with a broker of its own, when it starts, then the password of that broker stays', async () => {
  const data = temporaryDir();
  await (await open(data)).change({ broker: NORTH }, 'first');
  (await open(data, { demo: true })).tidy();
  expect((await open(data)).serving.broker).toContain('first');
  expect(existsSync(join(data, 'station.yaml'))).toBe(true);
});
