import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, afterEach, expect, test } from 'vitest';
import { AccessStore } from '#core/access/access-store.ts';
import { loadSiteKey } from '#core/ingest/site-key.ts';
import { DEFAULT_SITE } from '#core/store/paths.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PASSWORD = 'correct horse battery';
/** Sixteen times less than what is usual: the tests ask for many. */
const CHEAP = { N: 2 ** 11, r: 8, p: 3 };
const MINUTE = 60_000;
let files = 0;
let file: string;
let now: number;
let store: AccessStore;
beforeEach(() => {
  now = 1_700_000_000_000;
  file = join(dir, `${++files}.access.db`);
  store = new AccessStore(file, loadSiteKey(DEFAULT_SITE), () => now, CHEAP);
});
afterEach(() => store.close());

const may = (secret: string) => [...(store.identify(secret)?.permissions ?? [])];
const login = (name = 'ann', password = PASSWORD) => store.signIn({ name, password }, '127.0.0.1');

test('given an account, when its password is shown, then there is a session with its rights until it rests or its time is over', async () => {
  await store.createUser({ name: 'ann', roles: ['manager'], password: PASSWORD });
  const { secret, principal } = await login('Ann');
  expect(principal).toMatchObject({ kind: 'user', name: 'ann', roles: ['manager'], session: { method: 'password', ends: now + 12 * 60 * MINUTE } });
  expect(may(secret)).toContain('exports.read');
  // Work keeps it, up to its end; half an hour of rest ends it.
  for (let n = 0; n < 35; n++) {
    now += 20 * MINUTE;
    expect(store.identify(secret)?.name).toBe('ann');
  }
  now += 20 * MINUTE;
  expect(store.identify(secret)).toBeUndefined();
  const again = await login();
  now += 31 * MINUTE;
  expect(store.identify(again.secret)).toBeUndefined();
  const third = await login();
  store.endSession(third.principal.session!.id);
  expect(store.identify(third.secret)).toBeUndefined();
});

test('given a session that is only looked at, when it rests for its time, then it ends all the same', async () => {
  await store.createUser({ name: 'ann', roles: ['manager'], password: PASSWORD });
  const { secret } = await login();
  for (let n = 0; n < 3; n++) {
    expect(store.look(secret)?.name).toBe('ann');
    now += 9 * MINUTE;
  }
  now += 4 * MINUTE;
  expect([store.look(secret), store.identify(secret)]).toEqual([undefined, undefined]);
});

test('given what is kept, when the file is read, then no password, PIN, badge or secret stands in it', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD, pin: '483920', badge: 'CARD-77-1234' });
  const secrets = [(await login()).secret, store.createToken({ name: 'bi', scopes: ['views.read'], days: 1 }).secret];
  store.close();
  const bytes = readFileSync(file).toString('latin1');
  store = new AccessStore(file, loadSiteKey(DEFAULT_SITE), () => now, CHEAP);
  for (const secret of [PASSWORD, '483920', 'CARD-77-1234', ...secrets]) expect(bytes).not.toContain(secret);
  expect(bytes).toContain('scrypt$2048$8$3$');
});

test('given a PIN and a badge, when they are shown at a kiosk, then what runs the system stays shut, a badge alone shows no patients, and the session is short', async () => {
  await store.createUser({ name: 'eve', roles: ['admin', 'shift-lead'], password: PASSWORD, pin: '483920', badge: 'CARD-77-1234' });
  for (const by of [{ name: 'eve', pin: '483920' }, { badge: 'CARD-77-1234' }]) {
    const { secret } = await store.signIn(by, '127.0.0.1');
    expect(may(secret)).toEqual(expect.arrayContaining(['views.read', 'snapshots.refresh']));
    // A card that was found or copied is one factor, and names nobody.
    for (const shown of ['patients.read', 'patients.break-glass'] as const) expect(may(secret).includes(shown)).toBe('pin' in by);
    for (const shut of ['users.write', 'config.write', 'patients.erase', 'audit.read', 'exports.read'] as const) expect(may(secret)).not.toContain(shut);
    now += 3 * MINUTE;
    expect(store.identify(secret)).toBeUndefined();
  }
  await expect(store.signIn({ name: 'eve', pin: '483921' }, '127.0.0.1')).rejects.toMatchObject({ status: 401 });
  await expect(store.signIn({ badge: 'CARD-77-1235' }, '127.0.0.1')).rejects.toMatchObject({ status: 401 });
  // A PIN is no password.
  await expect(store.signIn({ name: 'eve', password: '483920' }, '127.0.0.1')).rejects.toMatchObject({ status: 401 });
});

test('given an account, when it is changed, by the document too, then it has another version; when somebody signs in or nothing changes, then not', async () => {
  const version = () => store.account('ann')!.version;
  expect((await store.createUser({ name: 'ann', roles: ['manager'], password: PASSWORD })).version).toBe(1);
  await login();
  await store.updateUser('ann', { roles: ['manager'], disabled: false, pin: null });
  expect(version()).toBe(1);
  for (const change of [{ roles: ['wall' as const] }, { password: PASSWORD }, { pin: '483920' }, { pin: '483920' }, { badge: 'CARD-1' }, { disabled: true }]) await store.updateUser('ann', change);
  expect(version()).toBe(7);
  await store.createUser({ name: 'root', roles: ['admin'], password: PASSWORD });
  store.appoint([{ name: 'ann', roles: ['operator'] }]);
  expect(version()).toBe(8);
});

test('given a change that was made from another version, then it is not made, whatever it would have changed', async () => {
  const { version } = await store.createUser({ name: 'ann', roles: ['manager'], password: PASSWORD });
  await store.updateUser('ann', { roles: ['wall'] }, version);
  const before = store.listUsers();
  for (const change of [{ roles: ['operator' as const] }, { password: `${PASSWORD} staple` }, {}]) await expect(store.updateUser('ann', change, version)).rejects.toMatchObject({ status: 412, message: expect.stringContaining('version 2 now: wall') as string });
  expect(store.listUsers()).toEqual(before);
  await login();
});

test('given somebody who is signed in, when the account is changed, then rights follow at once', async () => {
  await store.createUser({ name: 'root', roles: ['admin'], password: PASSWORD });
  await store.createUser({ name: 'ann', roles: ['manager'], password: PASSWORD, badge: 'CARD-1' });
  const first = await login();
  await store.updateUser('ann', { roles: ['wall'] });
  expect(may(first.secret)).toEqual(['views.read']);
  await store.updateUser('ann', { disabled: true });
  expect(store.identify(first.secret)).toBeUndefined();
  await expect(login()).rejects.toMatchObject({ status: 401 });
  await store.updateUser('ann', { disabled: false });
  expect(store.identify(first.secret)).toBeUndefined();
  const second = await login();
  await store.updateUser('ann', { password: `${PASSWORD} staple` });
  expect(store.identify(second.secret)).toBeUndefined();
  await expect(store.createUser({ name: 'ann', roles: [] })).rejects.toMatchObject({ status: 409 });
  await expect(store.updateUser('root', { badge: 'CARD-1' })).rejects.toMatchObject({ status: 409 });
  await expect(store.updateUser('nobody', {})).rejects.toMatchObject({ status: 404 });
  for (const change of [{ disabled: true }, { roles: [] }, { password: null }]) await expect(store.updateUser('root', change)).rejects.toMatchObject({ status: 409 });
  expect(store.listUsers().map(({ name, password, badge }) => [name, password, badge])).toEqual([['ann', true, true], ['root', true, false]]);
});

test('given a session, when the glass is broken, then it shows patients for fifteen minutes', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD });
  const { secret, principal } = await login();
  const other = await login();
  expect(store.breakGlass(principal.session!.id)).toBe(now + 15 * MINUTE);
  expect(may(secret)).toContain('patients.read');
  expect(may(other.secret)).not.toContain('patients.read');
  now += 15 * MINUTE;
  expect(may(secret)).not.toContain('patients.read');
});

test('given a broken glass, when the right to break it is taken away, then patients are shown no more', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD });
  const { secret, principal } = await login();
  store.breakGlass(principal.session!.id);
  await store.updateUser('ann', { roles: ['wall'] });
  expect(may(secret)).toEqual(['views.read']);
});

test('given a clock that goes back, when sessions and waits were of the time before, then none lasts longer by it', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD });
  const { secret } = await login();
  for (let n = 0; n < 4; n++) await login('ann', 'wrong').catch(() => undefined);
  now -= MINUTE / 2;
  expect(store.identify(secret)?.name).toBe('ann');
  now -= 365 * 24 * 60 * MINUTE;
  expect(store.identify(secret)).toBeUndefined();
  expect((await login()).principal.name).toBe('ann');
});

test('given a password of their own, when somebody changes it, then the old one is asked for, and every other session ends', async () => {
  await store.createUser({ name: 'ann', roles: ['operator'], password: PASSWORD, pin: '483920' });
  const here = await login();
  const elsewhere = await login();
  const kiosk = await store.signIn({ name: 'ann', pin: '483920' }, '127.0.0.1');
  const next = `${PASSWORD} staple`;
  const change = ({ principal }: typeof here, old: string) => store.changePassword(principal.session!.id, old, next, '127.0.0.1').then(() => 204, (error: { status: number }) => error.status);
  expect(await change(kiosk, PASSWORD)).toBe(403);
  expect(await change(here, 'wrong')).toBe(403);
  expect(store.identify(elsewhere.secret)?.name).toBe('ann');
  expect(await change(here, PASSWORD)).toBe(204);
  expect(store.identify(here.secret)?.name).toBe('ann');
  expect([elsewhere, kiosk].map(({ secret }) => store.identify(secret))).toEqual([undefined, undefined]);
  await expect(login()).rejects.toMatchObject({ status: 401 });
  expect((await login('ann', next)).principal.name).toBe('ann');
  // An unattended desk is no place to guess at.
  for (let n = 0; n < 3; n++) expect(await change(here, 'wrong')).toBe(403);
  expect(await change(here, next)).toBe(429);
});

test('given what somebody shows, when it belongs to an account, then its name is known to the trail, whatever comes of it', async () => {
  await store.createUser({ name: 'ann', roles: [], password: PASSWORD, badge: 'CARD-77-1234' });
  expect([{ name: 'ANN', password: 'wrong' }, { badge: 'CARD-77-1234' }, { name: 'nobody', pin: '1' }, { badge: 'x' }].map((by) => store.accountOf(by))).toEqual(['ann', 'ann', undefined, undefined]);
});

test('given API tokens, when they are shown, then they open their scopes until they end or are revoked', () => {
  const bi = store.createToken({ name: 'bi', scopes: ['views.read', 'exports.read'], days: 2 });
  const lab = store.createToken({ name: 'lab', scopes: ['sources.write'], days: 9 });
  expect(store.identify(bi.secret)).toMatchObject({ kind: 'token', name: 'bi', roles: [] });
  expect(may(bi.secret)).toEqual(['views.read', 'exports.read']);
  expect(store.listTokens()[0]).toMatchObject({ name: 'bi', lastUsed: now, revoked: null });
  expect(JSON.stringify(store.listTokens())).not.toContain(bi.secret);
  store.revokeToken('lab');
  expect(store.identify(lab.secret)).toBeUndefined();
  now += 2 * 24 * 60 * MINUTE;
  expect(store.identify(bi.secret)).toBeUndefined();
  expect(() => store.createToken({ name: 'lab', scopes: ['views.read'], days: 1 })).toThrow('is or was');
  expect(() => store.revokeToken('none')).toThrow('no token');
});

test('given somebody an identity provider vouches for, when they come, then with the roles it says each time, under a name no account here can have, whatever they are called later', () => {
  const ann = { subject: 'https://idp.test s-1', name: 'ann', roles: ['operator'] as const };
  const { secret } = store.admit(ann);
  expect(store.identify(secret)).toMatchObject({ name: 'oidc:ann', roles: ['operator'], session: { method: 'oidc' } });
  store.admit({ ...ann, name: 'anna', roles: ['manager'] });
  expect(store.identify(secret)).toMatchObject({ name: 'oidc:ann', roles: ['manager'] });
  expect(() => store.admit({ ...ann, subject: 'https://idp.test s-2' })).toThrow('belongs to somebody else');
  expect(() => store.admit({ ...ann, roles: [] })).toThrow('no group that has a role');
  expect(store.identify(secret)?.roles).toEqual([]);
});

test('given no other cost, when a password is kept, then it costs what OWASP asks for', async () => {
  const usual = new AccessStore(join(dir, 'usual.access.db'), loadSiteKey(DEFAULT_SITE), () => now);
  await usual.createUser({ name: 'ann', roles: [], password: PASSWORD });
  expect((await usual.signIn({ name: 'ann', password: PASSWORD }, '127.0.0.1')).principal.name).toBe('ann');
  usual.close();
  expect(readFileSync(join(dir, 'usual.access.db')).toString('latin1')).toContain('scrypt$32768$8$3$');
});
