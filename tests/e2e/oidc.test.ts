import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestIdentityProvider } from '../rig/identity-provider.ts';
import { freePort } from '../rig/ports.ts';
import { Station } from '../rig/station.ts';

const OPS = '/api/v1/ops';
const dir = mkdtempSync(join(tmpdir(), 'vigil-'));
let provider: TestIdentityProvider;
let here: Station;
let browser: Browser;
let wall: string;
beforeAll(async () => {
  const [port, providerPort] = [await freePort(), await freePort()];
  // Another name than the provider's 127.0.0.1: for a browser these are two sites.
  wall = `http://localhost:${port}`;
  provider = new TestIdentityProvider(providerPort, { clientId: 'vigil', clientSecret: 'a secret of a test', callback: `${wall}${OPS}/oidc/callback` });
  provider.people.set('ann', { sub: 's-1', name: 'ann', groups: ['bed-managers'] });
  await provider.start();
  mkdirSync(join(dir, 'data'), { mode: 0o700 });
  writeFileSync(join(dir, 'data', 'oidc-secret'), 'a secret of a test\n');
  const config = join(dir, 'site.json');
  writeFileSync(config, JSON.stringify({ oidc: { issuer: provider.issuer, clientId: 'vigil', secretFile: 'oidc-secret', scopes: ['profile', 'groups'], roles: { 'bed-managers': ['operator'] } } }));
  here = await Station.start('embedded', dir, { flags: ['--port', String(port), '--config', config] });
  browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await here?.stop();
  await provider?.stop();
  rmSync(dir, { recursive: true, force: true });
});

test('given a desk in a browser, when somebody signs in at a provider of another site, then the board that they come back to is asked for with the strict cookie of their session', async () => {
  const page = await browser.newPage();
  // The provider's own pages look for a typeface elsewhere.
  await page.route(/googleapis/, (route) => route.abort());
  await page.goto(`${wall}${OPS}/oidc/login?return=${encodeURIComponent('/?role=desk#/or')}`);
  await page.fill('input[name=login]', 's-1');
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  const asked = page.waitForRequest((request) => request.isNavigationRequest() && request.url().startsWith(`${wall}/?role=desk`));
  await page.click('button[type=submit]');
  expect((await (await asked).allHeaders())['cookie']).toMatch(/(^|; )vigil_session=vigil_session_/);
  await page.waitForURL(`${wall}/?role=desk#/or`);
  await page.getByText('oidc:ann').first().waitFor();
  const cookies = await page.context().cookies(wall);
  expect(cookies.filter(({ name }) => name.startsWith('vigil')).map(({ name, httpOnly, sameSite }) => [name, httpOnly, sameSite])).toEqual([['vigil_session', true, 'Strict']]);
  await page.close();
});
