import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ServeFlags } from '#core/options.ts';
import { KeyStorePassword, PasswordFile, type PasswordKeeper, type Sealed } from '#core/station/password-keeper.ts';
import { StationDesk, StationRefusal } from '#core/station/station-desk.ts';
import { temporaryDir } from '../../fixtures/stores.ts';

const NORTH = { address: 'mqtt://north.test:1883', user: 'vigil' };
const SOUTH = { address: 'mqtt://south.test:1883', user: 'vigil' };

const flags = (data: string, given: Partial<ServeFlags> = {}): ServeFlags => ({ data, host: '127.0.0.1', port: 0, publicName: [], mqttPort: 0, tenant: 'local', site: 'main', vault: true, hold: false, ...given });
const passwordFiles = (data: string) => readdirSync(data).filter((name) => name.endsWith('.password'));

/** A key store of the desktop's kind: what is sealed outlives the core. */
function keyStore() {
  let held: Sealed | undefined;
  return { get held() { return held; }, of: (data: string) => new KeyStorePassword(data, held, (sealed) => { held = sealed; return Promise.resolve(); }) };
}

/** Both ways to keep a password: what is found again by the next core. */
const KEEPERS: [string, () => (data: string) => PasswordKeeper][] = [['a file', () => (data) => new PasswordFile(data)], ['the key store', () => keyStore().of]];

test.each(KEEPERS)('given a broker with a password kept by %s, when the core starts again, then it has it; and no answer tells it', async (_name, make) => {
  const [data, keeper] = [temporaryDir(), make()];
  const desk = await StationDesk.open(flags(data), keeper(data));
  expect(await desk.change({ broker: NORTH }, 'first')).toBe(true);
  const next = await StationDesk.open(flags(data), keeper(data));
  expect(next.serving.broker).toBe('mqtt://vigil:first@north.test:1883');
  expect(next.shown).toMatchObject({ document: { broker: NORTH }, fixed: [] });
  expect(next.shown.password).not.toBe('none');
  expect(JSON.stringify(next.shown)).not.toContain('first');
  expect(readFileSync(join(data, 'station.yaml'), 'utf8')).not.toContain('first');
});

test.each(KEEPERS)('given a password kept by %s, when another broker or user is named without one, then it goes to neither, and is gone', async (_name, make) => {
  for (const other of [SOUTH, { ...NORTH, user: 'other' }]) {
    const [data, keeper] = [temporaryDir(), make()];
    const desk = await StationDesk.open(flags(data), keeper(data));
    await desk.change({ broker: NORTH }, 'first');
    expect(desk.trial(NORTH, undefined).url).toContain('first');
    expect(desk.trial(other, undefined).url).not.toContain('first');
    await desk.change({ broker: other }, undefined);
    expect(desk.serving.broker).not.toContain('first');
    await desk.change({ broker: NORTH }, undefined);
    const next = await StationDesk.open(flags(data), keeper(data));
    expect([next.shown.password, next.serving.broker]).toEqual(['none', 'mqtt://vigil@north.test:1883']);
    expect(passwordFiles(data)).toEqual([]);
  }
});

test.each(KEEPERS)('given a password kept by %s, when something else changes it stays, when another is given it is replaced, and null forgets it', async (_name, make) => {
  const [data, keeper] = [temporaryDir(), make()];
  const desk = await StationDesk.open(flags(data), keeper(data));
  const stored = async () => (await StationDesk.open(flags(data), keeper(data))).serving.broker;
  await desk.change({ broker: NORTH }, 'first');
  expect(await desk.change({ broker: NORTH }, undefined)).toBe(false);
  expect(await desk.change({ broker: NORTH, station: 'desk-2' }, undefined)).toBe(true);
  expect(await stored()).toContain('first');
  await desk.change({ broker: NORTH, station: 'desk-2' }, 'second');
  expect(await stored()).toContain('second');
  expect(passwordFiles(data).length).toBeLessThan(2);
  await desk.change({ broker: NORTH }, null);
  expect(await stored()).toBe('mqtt://vigil@north.test:1883');
});

test('given a key store with the password of a broker, when somebody writes another address into the file, then it does not go there', async () => {
  const [data, keeper] = [temporaryDir(), keyStore()];
  await (await StationDesk.open(flags(data), keeper.of(data))).change({ broker: NORTH }, 'first');
  writeFileSync(join(data, 'station.yaml'), JSON.stringify({ broker: SOUTH }));
  expect((await StationDesk.open(flags(data), keeper.of(data))).serving.broker).toBe('mqtt://vigil@south.test:1883');
});

test('given a password file, when others can read it, or it is empty or gone, then the core starts without and says why', async () => {
  const data = temporaryDir();
  writeFileSync(join(data, 'station.yaml'), JSON.stringify({ broker: { ...NORTH, passwordFile: 'broker.secret' } }));
  const file = join(data, 'broker.secret');
  const open = () => StationDesk.open(flags(data), new PasswordFile(data));
  expect((await open()).trouble).toContain(`cannot be read from ${file}`);
  writeFileSync(file, 'first\n', { mode: 0o600 });
  expect((await open()).serving.broker).toContain(':first@');
  chmodSync(file, 0o640);
  expect((await open()).trouble).toContain(`chmod 600`);
  chmodSync(file, 0o600);
  writeFileSync(file, '\n');
  expect((await open()).trouble).toContain('holds no password');
});

test('given flags, when what they say is to be changed, then it is refused by the flag; what they leave is changed', async () => {
  const data = temporaryDir();
  const desk = await StationDesk.open(flags(data, { broker: 'embedded' }), new PasswordFile(data));
  await expect(desk.change({ broker: NORTH }, undefined)).rejects.toThrow(/^broker: --broker says it/);
  await expect(desk.change({}, 'first')).rejects.toThrow(StationRefusal);
  await desk.change({ station: 'desk-2' }, undefined);
  expect(desk.serving).toMatchObject({ broker: 'embedded', station: 'desk-2' });
  const demo = await StationDesk.open(flags(data, { demo: true }), new PasswordFile(data));
  expect(demo.serving.station).toBe('hub');
  await expect(demo.change({ station: 'desk-3' }, undefined)).rejects.toThrow('the demo or replay says it');
});

test.each([
  ['a file that is not there', { broker: { address: 'mqtts://north.test', ca: 'none.pem' } }, undefined, /^station\.yaml broker\.ca .*none\.pem cannot be read/],
  ['a file without an end', { broker: { address: 'mqtts://north.test', ca: '/dev/zero' } }, undefined, /is no file/],
  ['a password without a user', { broker: { address: 'mqtt://north.test' } }, 'first', /^broker\.user/],
  ['a hub without a broker', { join: 'http://hub.test:8073' }, undefined, /broker/],
])('given %s, when it is wanted, then it is refused in words and nothing is written', async (_what, wanted, password, fault) => {
  const data = temporaryDir();
  const desk = await StationDesk.open(flags(data), new PasswordFile(data));
  await expect(desk.change(wanted, password)).rejects.toThrow(fault);
  expect(readdirSync(data)).toEqual([]);
});

test('given a password, when it is kept in a file, then its owner alone reads it', async () => {
  const data = temporaryDir();
  await (await StationDesk.open(flags(data), new PasswordFile(data))).change({ broker: NORTH }, 'first');
  expect(passwordFiles(data).map((name) => statSync(join(data, name)).mode & 0o777)).toEqual([0o600]);
});
