import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { API_BASE } from '#shared/api/operation.ts';
import { readLocalToken } from '#core/access/local-token.ts';
import { DEFAULT_SITE, storeFiles } from '#core/store/paths.ts';
import { DesktopApp } from '../rig/desktop-app.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

/** Pictures of the three boards, and at a desk of the settings, of signing in and of a bed that was pressed, as the desktop app shows them on displays of 1920 x 1080: of the demo hospital, or of the bundled day. */
const { values } = parseArgs({
  options: { replay: { type: 'string' }, scenario: { type: 'string' }, begin: { type: 'string', default: '13:00' }, out: { type: 'string', default: fileURLToPath(new URL('../../docs/screens', import.meta.url)) } },
});
const SAMPLE = fileURLToPath(new URL('../../resources/sites/sample.yaml', import.meta.url));
/** One day for all, so that pictures of two versions can be laid beside each other. */
const DEMO = ['--demo', '--day', '2026-03-03', ...(values.scenario === undefined ? [] : ['--scenario', values.scenario])];
const core = values.replay === undefined ? DEMO : ['--config', SAMPLE, '--replay', values.replay];
const BOARDS = ['overview', 'floorplan', 'or'];
/** The once-a-second pace has come by twice: trends and distributions stand beside what frames paint at once. */
const SETTLED_MS = 2_500;

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await sleep(SETTLED_MS);
  const path = join(values.out, `${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`${path}  ${Math.ceil(statSync(path).size / 1024)} kB\n`);
}

/** Turns a window into a desk: somebody presses a bed, then an administrator of these pictures alone signs in to the settings. */
async function desk(app: DesktopApp, page: Page): Promise<void> {
  const by = { name: 'administrator', password: randomBytes(16).toString('base64url') };
  const token = readLocalToken(storeFiles(join(app.home, 'store'), DEFAULT_SITE).token);
  const made = await fetch(`http://127.0.0.1:${app.port}${API_BASE}/users`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ ...by, roles: ['admin'] }) });
  if (made.status !== 201) throw new Error(`no account for the picture: ${await made.text()}`);
  await page.evaluate(() => (location.hash = '#/floorplan?role=desk'));
  await page.getByRole('group', { name: 'Beds' }).getByRole('button').first().click();
  await picture(page, 'bed-panel');
  await page.evaluate(() => (location.hash = '#/settings?role=desk'));
  await page.locator('[data-session]').click();
  await page.getByLabel('Name').fill(by.name);
  await page.getByLabel('Password').fill(by.password);
  await picture(page, 'sign-in');
  await page.keyboard.press('Enter');
  await page.locator('[data-section="units"]').click();
  await page.locator('[data-setting="units"]').waitFor();
  await picture(page, 'settings');
}

const x = await XServer.start(BOARDS.length);
try {
  const app = await DesktopApp.start({ display: x.display, core: [...core, '--begin', values.begin, '--speed', '1'] });
  try {
    mkdirSync(values.out, { recursive: true });
    await until('all of the store to be read', () => fetch(`http://127.0.0.1:${app.port}${API_BASE}/ready`).then(({ ok }) => ok, () => false), 60_000);
    for (const board of BOARDS) {
      const page = await app.page(board);
      await until(`${board} to paint`, () => page.evaluate(() => document.documentElement.dataset['paintedRevision'] !== undefined), 60_000);
      await picture(page, board);
    }
    await desk(app, await app.page('or'));
  } finally {
    await app.stop();
  }
} finally {
  await x.stop();
}
