import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { DesktopApp } from '../rig/desktop-app.ts';
import { runsText } from '../rig/runs-text.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

const BOARDS = ['overview', 'floorplan', 'or'] as const;
const WIDTH = 1920;

let x: XServer;
let app: DesktopApp;

beforeAll(async () => {
  x = await XServer.start(3);
  app = await DesktopApp.start({ display: x.display });
  await until('three windows', () => app.electron.windows().length === 3);
});
afterAll(async () => {
  await app?.stop();
  await x?.stop();
});

const place = (page: Page) => page.evaluate(() => ({ x: screenX, y: screenY, width: innerWidth, height: innerHeight }));
const linked = async (page: Page) => (await page.evaluate(() => document.documentElement.dataset['paintedRevision'])) !== undefined;

async function fills(board: string, index: number): Promise<void> {
  const page = await app.page(board);
  const wanted = { x: index * WIDTH, y: 0, width: WIDTH, height: 1080 };
  let seen = {};
  await until(`${board} to fill display ${index}`, async () => JSON.stringify((seen = await place(page))) === JSON.stringify(wanted)).catch(() => undefined);
  expect(seen, board).toEqual(wanted);
}

describe('a wall of three displays', () => {
  it('has one frameless window a display, with the boards of the default layout from left to right', async () => {
    for (const [index, board] of BOARDS.entries()) await fills(board, index);
  });

  it('links every page to the core and paints what the core knows', async () => {
    for (const board of BOARDS) {
      const page = await app.page(board);
      await until(`${board} to paint`, () => linked(page));
    }
  });

  it('takes a window down with its display, and brings the same board back on it', async () => {
    await x.unplug(1);
    await until('two windows', () => app.electron.windows().length === 2);
    expect(app.electron.windows().map((page) => new URL(page.url()).hash).sort()).toEqual(['#/or', '#/overview']);
    await fills('overview', 0);
    await fills('or', 2);

    await x.plug(1);
    await until('three windows', () => app.electron.windows().length === 3);
    for (const [index, board] of BOARDS.entries()) await fills(board, index);
    const page = await app.page('floorplan');
    await until('the board that came back to paint', () => linked(page));
  });

  it('goes on after its core was killed: windows stay, say that the link is lost, and are linked to the next core', async () => {
    const pages = await Promise.all(BOARDS.map((board) => app.page(board)));
    await Promise.all(pages.map((page) => page.evaluate(() => (document.documentElement.dataset['before'] = 'the kill'))));
    // The link is watched from inside: it may be back before the next look.
    const lost = pages.map((page) => page.evaluate(() => new Promise<void>((resolve) => {
      new MutationObserver(() => document.body.innerText.includes('NO LINK') && resolve()).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    })));
    const before = await app.corePid();
    process.kill(before, 'SIGKILL');
    await Promise.all(lost);
    await until('another core', async () => ![0, before].includes(await app.corePid()));
    await Promise.all(pages.map((page) => page.waitForFunction(() => !document.body.innerText.includes('NO LINK'))));
    for (const page of pages) expect(await page.evaluate(() => document.documentElement.dataset['before'])).toBe('the kill');
  });

  it('brings a page back whose process died', async () => {
    const page = await app.page('or');
    await page.evaluate(() => (document.documentElement.dataset['before'] = 'the crash'));
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows().find((window) => window.webContents.getURL().endsWith('#/or'))!.webContents.forcefullyCrashRenderer();
    });
    await until('the page to paint anew', async () => (await marks('or')) === 'undefined true');
  });
});

/** From the main process, since Playwright gives up a page that crashed: the mark left on a page, and whether it paints. */
const marks = (board: string): Promise<string> =>
  app.electron.evaluate(({ BrowserWindow }, hash) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL().endsWith(hash));
    if (!window || window.webContents.isCrashed() || window.webContents.isLoading()) return 'none';
    const silence = new Promise<string>((resolve) => setTimeout(() => resolve('silent'), 500));
    const script = '(({ before, paintedRevision }) => `${before} ${paintedRevision !== undefined}`)(document.documentElement.dataset)';
    return Promise.race([silence, window.webContents.executeJavaScript(script) as Promise<string>]);
  }, `#/${board}`);

describe('what a page may do', () => {
  let page: Page;
  beforeAll(async () => {
    page = await app.page('overview');
  });

  it('runs sandboxed, isolated and without Node', async () => {
    const preferences = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => (window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences()),
    );
    expect(preferences).toHaveLength(3);
    for (const given of preferences)
      expect(given).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInSubFrames: false, webSecurity: true, webviewTag: false });
    for (const given of preferences) expect(['allowRunningInsecureContent', 'experimentalFeatures', 'enableBlinkFeatures'].filter((name) => given[name])).toEqual([]);
    expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in globalThis))).toEqual([]);
  });

  it('is served under its own scheme with a content policy that allows nothing from elsewhere', async () => {
    const policy = await page.evaluate(async () => (await fetch('vigil://wall/index.html')).headers.get('content-security-policy'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(await page.evaluate(async () => (await fetch('vigil://wall/..%2f..%2fpackage.json')).status)).toBe(404);
  });

  it('cannot run code from text, open windows, leave, ask for permissions or reach the network', async () => {
    expect(await page.evaluate(runsText)).toEqual([]);
    expect(await page.evaluate(() => window.open('vigil://wall/index.html') === null)).toBe(true);
    expect(await page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', () => 'refused'))).toBe('refused');
    expect(await page.evaluate((port) => fetch(`http://127.0.0.1:${port}/`).then(() => 'reached', () => 'refused'), app.port)).toBe('refused');
    const before = page.url();
    await page.evaluate((port) => { location.href = `http://127.0.0.1:${port}/`; }, app.port);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(page.url()).toBe(before);
    expect(app.electron.windows()).toHaveLength(3);
  });

  it('leaves the core listening on loopback, where the same wall is served', async () => {
    const status = () => new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: app.port, path: '/' }, (response) => resolve((response.resume(), response.statusCode))).on('error', reject).end();
    });
    // Walls come first: the core listens a while after they are linked.
    await until('the core to listen', () => status().then(() => true, () => false));
    expect(await status()).toBe(200);
  });
});

it('starts one station a person: a second one leaves and the first goes on', async () => {
  const code = await app.startAgain(x.display);
  expect(code).toBe(0);
  expect(app.electron.windows()).toHaveLength(3);
});
