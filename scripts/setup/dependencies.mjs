import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES, ROOT, STATE } from './paths.mjs';
import { oneAtATime } from './once.mjs';
import { quietly, withoutStack } from './run.mjs';
import { SetupError, step } from './say.mjs';

/** Lies inside node_modules, which npm empties first: a broken-off installation has no stamp. */
const STAMP = join(MODULES, '.vigil-installed');

const wanted = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

const isInstalled = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();

const REASONS = [
  [/ENOSPC/, 'The disk is full.'],
  [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i, 'The package registry cannot be reached.'],
  [/EINTEGRITY/, 'A package arrived damaged.'],
  [/EACCES|EPERM/, 'node_modules may not be written; check who owns it.'],
];

async function install() {
  rmSync(STAMP, { force: true });
  // No package of ours needs an install script; Electron's is fetched on its own, when there is a display.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await quietly(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd: ROOT });
  if (code === 0) return writeFileSync(STAMP, wanted());
  const reason = REASONS.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm could not install the dependencies.';
  throw new SetupError(`${withoutStack(output)}\n\n${reason} Nothing half-done is kept: run the same command again.`);
}

/** Installs the locked dependencies unless they already are. */
export async function ensureDependencies() {
  if (isInstalled()) return;
  await oneAtATime(join(STATE, 'install.lock'), async () => {
    if (!isInstalled()) await step('installing dependencies (about 500 MB unpacked)', install);
  });
}
