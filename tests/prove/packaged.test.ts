import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, expect, test } from 'vitest';

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

/** Paths in an archive: its header is JSON behind four lengths of 32 bits. */
function archived(file: string): string[] {
  type Node = { files?: Record<string, Node> };
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString('utf8')) as Node;
  const walk = ({ files = {} }: Node, path: string): string[] => Object.entries(files).flatMap(([name, node]) => (node.files ? walk(node, `${path}${name}/`) : [path + name]));
  return walk(header, '');
}
