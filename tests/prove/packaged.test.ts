import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PackagedApp } from '../rig/packaged-app.ts';
import { runsText } from '../rig/runs-text.ts';
import { until } from '../rig/until.ts';
import { XServer } from '../rig/x-server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APP = join(ROOT, 'dist/linux-unpacked');
const EXECUTABLE = join(APP, 'vigil');
const RESOURCES = join(APP, 'resources');

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'scripts/package.mjs')], { cwd: ROOT, stdio: 'pipe' });
}, 600_000);

const ON = FuseState.ENABLE;
const OFF = FuseState.DISABLE;

test.each([
  ['RunAsNode', OFF], ['EnableNodeOptionsEnvironmentVariable', OFF], ['EnableNodeCliInspectArguments', OFF], ['OnlyLoadAppFromAsar', ON],
  ['EnableCookieEncryption', ON], ['GrantFileProtocolExtraPrivileges', OFF], ['LoadBrowserProcessSpecificV8Snapshot', OFF],
] as const)('the packaged app has its fuse %s as it was meant', async (fuse, state) => {
  expect((await getCurrentFuseWire(EXECUTABLE))[FuseV1Options[fuse]]).toBe(state);
});

test('the packaged app runs no script that a person at the wall hands it', async () => {
  const said = await new Promise<string>((resolve) => {
    const env = { PATH: process.env['PATH'], ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require /nowhere/handed.cjs' };
    execFile(EXECUTABLE, ['-e', 'console.log("ran " + 6 * 7)'], { env, timeout: 20_000, killSignal: 'SIGKILL' }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(said).not.toContain('ran 42');
  expect(said).not.toContain('handed.cjs');
});

test('the packaged app is one archive: no other app, no source maps, no sources, no tests beside or in it', () => {
  expect(['app', 'default_app.asar'].filter((name) => existsSync(join(RESOURCES, name)))).toEqual([]);
  expect(readdirSync(RESOURCES)).toContain('app.asar');
  const files = archived(join(RESOURCES, 'app.asar'));
  expect(files).toContain('out/main/shell.js');
  expect(files.filter((file) => /\.map$|\.ts$|^(tests|scripts|electron|renderer)\//.test(file))).toEqual([]);
});

test('the packaged code of shell and preload turns no protection off, opens no address outside and answers no call of a page', () => {
  const code = withImports(['out/main/shell.js', 'out/preload/link.cjs']);
  const heard = [...code.values()].flatMap((text) => [...text.matchAll(/ipcMain\.on\((.*\n?.*)/g)].map(([, what]) => what));
  expect(heard.length).toBeGreaterThan(0);
  for (const one of heard) expect(one).toMatch(/^["'][\w:-]+["'], \(event\) => \{\s*if \(!?isOwnPage\(event\)\)/);
  const found = [...code].flatMap(([file, text]) => [...text.matchAll(/allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|allowpopups|(?:webSecurity|sandbox|contextIsolation): ?(?:false|!1)|(?:nodeIntegration\w*|webviewTag): ?(?:true|!0)|openExternal|openPath|ipcMain\.(?:handle|once)|exposeInMainWorld/g)].map(([match]) => `${file}: ${match}`));
  expect(found).toEqual([]);
});

describe('a page of the packaged app', () => {
  let x: XServer;
  let app: PackagedApp;
  beforeAll(async () => {
    x = await XServer.start(1);
    app = await PackagedApp.start(EXECUTABLE, x.display);
    // A page that has just opened may have no document yet.
    await until('the board to be painted', () => app.evaluate('overview', () => (document.documentElement as HTMLElement | null)?.dataset['paintedRevision'] !== undefined));
  });
  afterAll(async () => {
    await app?.stop();
    await x?.stop();
  });

  test('has its own scheme, a content policy that allows nothing from elsewhere, and nothing of Node or Electron', async () => {
    expect(await app.evaluate('overview', () => location.origin)).toBe('vigil://wall');
    const policy = await app.evaluate('overview', async () => (await fetch('vigil://wall/index.html')).headers.get('content-security-policy'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(await app.evaluate('overview', async () => (await fetch('vigil://wall/..%2f..%2fpackage.json')).status)).toBe(404);
    expect(await app.evaluate('overview', () => ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in globalThis))).toEqual([]);
    expect(await app.evaluate('overview', () => 'getWebContentsId' in document.createElement('webview'))).toBe(false);
  });

  test('cannot run code from text, open windows, leave, ask for permissions, read files or reach the network', async () => {
    expect(await app.evaluate('overview', runsText)).toEqual([]);
    expect(await app.evaluate('overview', () => window.open('vigil://wall/index.html') === null)).toBe(true);
    expect(await app.evaluate('overview', () => navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'given', () => 'refused'))).toBe('refused');
    const reached = (address: string) => app.evaluate('overview', (to: string) => fetch(to).then(() => 'reached', () => 'refused'), address);
    expect([await reached(`http://127.0.0.1:${app.port}/`), await reached('file:///etc/hostname')]).toEqual(['refused', 'refused']);
    await app.evaluate('overview', (port: number) => void (location.href = `http://127.0.0.1:${port}/`), app.port);
    await app.evaluate('overview', () => new Promise((resolve) => setTimeout(() => resolve(null), 300)));
    expect((await app.pages()).map(({ url }) => url)).toEqual([expect.stringMatching(/^vigil:\/\/wall\/index\.html\?.*#\/overview$/)]);
  });
});

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  /** From the end of the header. */
  readonly offset?: string;
  readonly size?: number;
}

/** Head of an archive: its header is JSON behind four lengths of 32 bits. */
function opened(file: string): { bytes: Buffer; root: Entry; start: number } {
  const bytes = readFileSync(file);
  return { bytes, root: JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString('utf8')) as Entry, start: 8 + bytes.readUInt32LE(4) };
}

/** Paths in an archive. */
function archived(file: string): string[] {
  const walk = ({ files = {} }: Entry, path: string): string[] => Object.entries(files).flatMap(([name, node]) => (node.files ? walk(node, `${path}${name}/`) : [path + name]));
  return walk(opened(file).root, '');
}

/** Packaged files and all that they import, with their text. */
function withImports(paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const waiting = [...paths]; waiting.length > 0; ) {
    const path = waiting.pop()!;
    if (found.has(path)) continue;
    const text = textOf(join(RESOURCES, 'app.asar'), path);
    found.set(path, text);
    waiting.push(...[...text.matchAll(/(?:from|import|import\() ?["']\.\/([^"']+\.js)["']/g)].map(([, name]) => path.replace(/[^/]+$/, name!)));
  }
  return found;
}

function textOf(file: string, path: string): string {
  const { bytes, root, start } = opened(file);
  const { offset, size } = path.split('/').reduce<Entry>((entry, name) => entry.files![name]!, root);
  return bytes.subarray(start + Number(offset), start + Number(offset) + size!).toString('utf8');
}
