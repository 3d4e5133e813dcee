import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Browsing } from '../rig/browsing.ts';
import { TestIdentityProvider } from '../rig/identity-provider.ts';
import { LinkPage } from '../rig/link-page.ts';
import { freePort } from '../rig/ports.ts';
import { Station, WHATEVER } from '../rig/station.ts';
import { until } from '../rig/until.ts';

const OPS = '/api/v1/ops';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
const data = join(dir, 'data');
let provider: TestIdentityProvider;
let here: Station;
beforeAll(async () => {
  const [port, providerPort] = [await freePort(), await freePort()];
  provider = new TestIdentityProvider(providerPort, { clientId: 'vigil', clientSecret: 'a secret of a test', callback: `http://127.0.0.1:${port}${OPS}/oidc/callback` });
  provider.people.set('ann', { sub: 's-1', name: 'Ann', groups: ['bed-managers', 'choir'] });
  provider.people.set('bob', { sub: 's-2', name: 'bob', groups: ['choir'] });
  await provider.start();
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(data, 'oidc-secret'), 'a secret of a test\n');
  const config = join(dir, 'site.json');
  writeFileSync(config, JSON.stringify({ oidc: { issuer: provider.issuer, title: 'Hospital login', clientId: 'vigil', secretFile: 'oidc-secret', scopes: ['profile', 'groups'], roles: { 'bed-managers': ['operator', 'manager'] } } }));
  here = await Station.start('embedded', dir, { data, flags: ['--port', String(port), '--config', config] });
});
afterAll(async () => {
  await here?.stop();
  await provider?.stop();
  rmSync(dir, { recursive: true, force: true });
});
afterEach(() => {
  provider.lies = {};
  provider.forged = false;
});

const login = (onward = '/') => `${here.wall}${OPS}/oidc/login?return=${encodeURIComponent(onward)}`;

/** Begins at Vigil and signs in at the provider; the address that the browser is sent back to. @param changed what of the request to the provider is not as Vigil said */
async function signedIn(browser: Browsing, person: string, { onward = '/', changed = {} }: { onward?: string; changed?: Record<string, string> } = {}): Promise<URL> {
  const begun = await browser.open(login(onward));
  expect(begun.status).toBe(302);
  const to = new URL(begun.headers.get('location')!);
  for (const [name, value] of Object.entries(changed)) to.searchParams.set(name, value);
  return provider.signIn(browser, to.href, provider.people.get(person)!);
}

const who = async (browser: Browsing) => JSON.parse((await browser.open(`${here.wall}${OPS}/session`)).text) as { kind: string; name: string; roles: string[]; session?: { method: string }; identityProvider?: string };
const trail = async (): Promise<{ outcome: string; actor: { name: string }; subject: Record<string, unknown> }[]> => ((await (await here.ask('GET', '/audit?action=oidcCallback&limit=100')).json()) as { items: [] }).items;

/** Neither a session nor an account came of it, and the trail says that it was refused. */
async function refused(browser: Browsing, answered: URL, words: RegExp): Promise<void> {
  const { status, text, headers } = await browser.open(answered);
  expect([status, headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
  expect(text).toMatch(words);
  expect(await who(browser)).toMatchObject({ kind: 'anyone' });
  expect((await trail())[0]).toMatchObject({ outcome: 'refused', subject: { method: 'oidc', status: 401 } });
}

test('given somebody in a known group, when they sign in at the provider, then a page leads them back, with the roles of their groups, a strict cookie, and an entry in the trail', async () => {
  const browser = new Browsing();
  expect(await who(browser)).toMatchObject({ kind: 'anyone', identityProvider: 'Hospital login' });
  const begun = await browser.open(login('/#/or'));
  const to = new URL(begun.headers.get('location')!);
  expect(Object.fromEntries(to.searchParams)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid profile groups' });
  expect(begun.headers.get('set-cookie')).toMatch(/^vigil_oidc=[\w-]+; Path=\/api\/v1\/ops\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/);
  const answered = await provider.signIn(browser, to.href, provider.people.get('ann')!);
  const page = await browser.open(answered);
  expect([page.status, page.headers.get('location'), page.headers.get('cache-control')]).toEqual([200, null, 'no-store']);
  expect(page.text).toContain('<meta http-equiv="refresh" content="0; url=/#/or">');
  expect(page.headers.getSetCookie()).toEqual([expect.stringMatching(/^vigil_session=vigil_session_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/), expect.stringMatching(/^vigil_oidc=; .*Max-Age=0$/)]);
  expect(await who(browser)).toMatchObject({ kind: 'user', name: 'oidc:ann', roles: ['operator', 'manager'], session: { method: 'oidc' } });
  expect((await trail())[0]).toMatchObject({ outcome: 'done', actor: { name: 'anyone' }, subject: { method: 'oidc', user: 'oidc:ann', roles: 'operator manager', issuer: provider.issuer } });
});

test('given a browser that has signed in, when its page gives commands over its link, then as who has signed in, and the session outlives the page', async () => {
  const browser = new Browsing();
  await browser.open(await signedIn(browser, 'ann'));
  const page = await LinkPage.connect(here.wall, { cookie: `vigil_session=${browser.cookie(here.wall, 'vigil_session')}` });
  page.send({ t: 'command', id: 1, name: 'getSession', args: {} });
  await page.wait('an answer', () => page.said.some(({ t }) => t === 'result'));
  expect(page.said.find(({ t }) => t === 'result')).toMatchObject({ ok: true, value: { name: 'oidc:ann' } });
  page.close();
  expect(await who(browser)).toMatchObject({ name: 'oidc:ann' });
});

test('given somebody who signs out at a shared desk, when the next signs in there, then the provider asks who it is', async () => {
  const browser = new Browsing();
  await browser.open(await signedIn(browser, 'ann'));
  const asksNobody = async () => (await browser.follow((await browser.open(login())).headers.get('location')!, provider.issuer)).url.origin === here.wall;
  expect(await asksNobody()).toBe(true);
  const cookie = `vigil_session=${browser.cookie(here.wall, 'vigil_session')}`;
  const left = await browser.open(`${here.wall}${OPS}/oidc/logout`);
  expect([left.status, left.headers.get('set-cookie')]).toEqual([302, expect.stringMatching(/^vigil_session=; .*Max-Age=0/)]);
  // Ended in the core, not forgotten by the browser alone.
  expect(await (await fetch(`${here.wall}${OPS}/session`, { headers: { cookie } })).json()).toMatchObject({ kind: 'anyone' });
  expect((await provider.signOut(browser, left.headers.get('location')!)).href).toBe(`${here.wall}/`);
  expect(await asksNobody()).toBe(false);
  expect(((await (await here.ask('GET', '/audit?action=oidcLogout')).json()) as { items: [] }).items).toMatchObject([{ outcome: 'done', actor: { name: 'oidc:ann' } }]);
});

test('given an answer with another state, or none under way in this browser, when it comes, then nobody is signed in', async () => {
  const browser = new Browsing();
  const answered = await signedIn(browser, 'ann');
  const other = new URL(answered);
  other.searchParams.set('state', 'another');
  expect(await browser.open(other)).toMatchObject({ status: 400, text: expect.stringContaining('belongs to another sign-in') as string });
  // As a page elsewhere would send a victim's browser.
  expect(await new Browsing().open(answered)).toMatchObject({ status: 400, text: expect.stringContaining('No sign-in is under way') as string });
  expect(await who(browser)).toMatchObject({ kind: 'anyone' });
});

test('given a code that was used, when it comes again with the cookie of its sign-in, then the provider is asked and refuses', async () => {
  const browser = new Browsing();
  const answered = await signedIn(browser, 'ann');
  const kept = browser.cookie(here.wall, 'vigil_oidc')!;
  expect((await browser.open(answered)).status).toBe(200);
  const again = await fetch(answered, { headers: { cookie: `vigil_oidc=${kept}` } });
  expect(again.status).toBe(401);
  expect(await again.json()).toMatchObject({ status: 401, detail: expect.stringContaining('invalid_grant') as string });
  expect((await trail())[0]).toMatchObject({ outcome: 'refused' });
});

test('given a request that somebody changed on its way, when its code comes back, then nonce or verifier do not fit', async () => {
  const nonce = new Browsing();
  await refused(nonce, await signedIn(nonce, 'ann', { changed: { nonce: 'another' } }), /CLAIM_COMPARISON/);
  const challenge = new Browsing();
  await refused(challenge, await signedIn(challenge, 'ann', { changed: { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' } }), /invalid_grant/);
});

const hourAgo = Math.floor(Date.now() / 1_000) - 3_600;
test.each([
  ['another issuer', { iss: 'http://127.0.0.1:1' }],
  ['another audience', { aud: 'somebody-else' }],
  ['an end that is over', { iat: hourAgo - 60, exp: hourAgo }],
  ['another nonce', { nonce: 'another' }],
])('given a token with %s, when it is answered, then nobody is signed in', async (_, lies) => {
  const browser = new Browsing();
  const answered = await signedIn(browser, 'ann');
  provider.lies = lies;
  await refused(browser, answered, /does not hold \(OAUTH_JWT_/);
});

test('given a token signed by a key that the provider does not publish, when it is answered, then nobody is signed in', async () => {
  const browser = new Browsing();
  const answered = await signedIn(browser, 'ann');
  provider.forged = true;
  await refused(browser, answered, /does not hold/);
});

test('given somebody who declines at the provider, then they are told so', async () => {
  const browser = new Browsing();
  const begun = await browser.open(login());
  const state = new URL(begun.headers.get('location')!).searchParams.get('state')!;
  await refused(browser, new URL(`${here.wall}${OPS}/oidc/callback?${new URLSearchParams({ state, error: 'access_denied', iss: provider.issuer })}`), /access_denied/);
});

test('given somebody in unknown groups alone, or in none any more, when they sign in, then they are not, and what they had is gone', async () => {
  const bob = new Browsing();
  const { status, text } = await bob.open(await signedIn(bob, 'bob'));
  expect([status, text]).toEqual([403, expect.stringContaining('oidc:bob is in no group that has a role')]);
  const ann = new Browsing();
  await ann.open(await signedIn(ann, 'ann'));
  provider.people.set('ann', { ...provider.people.get('ann')!, groups: [] });
  const again = new Browsing();
  expect((await again.open(await signedIn(again, 'ann'))).status).toBe(403);
  expect((await who(ann)).roles).toEqual([]);
  provider.people.set('ann', { sub: 's-1', name: 'Ann', groups: ['bed-managers'] });
});

test('given an account that was disabled here, when its owner signs in, under another name too, then they are refused', async () => {
  const before = new Browsing();
  await before.open(await signedIn(before, 'ann'));
  expect((await here.ask('PUT', '/users/oidc:ann', { headers: WHATEVER, body: { disabled: true } })).status).toBe(200);
  expect((await here.ask('PUT', '/users/oidc:ann', { headers: WHATEVER, body: { password: 'a very long password' } })).status).toBe(409);
  expect(await who(before)).toMatchObject({ kind: 'anyone' });
  provider.people.set('ann', { sub: 's-1', name: 'anna', groups: ['bed-managers'] });
  const after = new Browsing();
  await refused(after, await signedIn(after, 'ann'), /oidc:ann is disabled here/);
  // Nor does somebody else come in by the name.
  provider.people.set('ann', { sub: 's-3', name: 'ann', groups: ['bed-managers'] });
  const namesake = new Browsing();
  expect((await namesake.open(await signedIn(namesake, 'ann'))).status).toBe(409);
  expect((await here.ask('PUT', '/users/oidc:ann', { headers: WHATEVER, body: { disabled: false } })).status).toBe(200);
  provider.people.set('ann', { sub: 's-1', name: 'Ann', groups: ['bed-managers'] });
});

test('given a way back that leads elsewhere, when a sign-in is begun, then it is not', async () => {
  for (const onward of ['https://evil.example/', '//evil.example', '/\\evil.example', '/\t/evil.example', 'evil', `${OPS}/oidc/login`]) expect((await new Browsing().open(login(onward))).status, onward).toBe(400);
});

test('given a provider that is down, when somebody signs in or out, then they are told or gone, local accounts work on, and it works again with the provider', async () => {
  const begun = new Browsing();
  const answered = await signedIn(begun, 'ann');
  const ann = new Browsing();
  await ann.open(await signedIn(ann, 'ann'));
  await provider.stop();
  const away = await begun.open(answered);
  expect([away.status, away.text]).toEqual([503, expect.stringContaining('Local accounts work on')]);
  // A core that has not read yet what the provider offers.
  await here.stopCore();
  await here.startCore();
  expect(await new Browsing().open(login())).toMatchObject({ status: 503, text: expect.stringContaining(`Hospital login (${provider.issuer}) cannot be used now`) as string });
  const left = await ann.open(`${here.wall}${OPS}/oidc/logout`);
  expect([left.status, left.headers.get('location'), await who(ann)]).toMatchObject([302, '/', { kind: 'anyone' }]);
  expect((await here.ask('POST', '/users', { body: { name: 'local', roles: ['operator'], password: 'a very long password' } })).status).toBe(201);
  expect((await here.ask('POST', '/session', { token: null, body: { by: { name: 'local', password: 'a very long password' } } })).status).toBe(201);
  await provider.start();
  const browser = new Browsing();
  await until('the provider to be asked again', async () => (await browser.open(login())).status === 302);
  expect((await browser.open(await signedIn(browser, 'ann'))).status).toBe(200);
});
