import { dirname, join } from 'node:path';
import { electronRuntime } from './runtime/electron.mjs';
import { nodePath, toolEnv } from './setup/node-runtime.mjs';
import { MODULES, ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { inForeground } from './setup/run.mjs';
import { SetupError, fail, say } from './setup/say.mjs';

/** Without arguments an unpacked app for this machine; installers by `npm run package -- --linux` and so on. */
const targets = process.argv.slice(2);

try {
  await ready();
  const runtime = await electronRuntime();
  if (!runtime) throw new SetupError(`There is no Electron for ${process.platform}-${process.arch} to package with.`);
  const args = [join(MODULES, 'electron-builder/cli.js'), ...(targets.length > 0 ? targets : ['--dir']), '--publish', 'never'];
  if (runtime.fallback) {
    if (targets.length > 0) throw new SetupError('Installers are made with the official Electron alone, and that cannot be fetched here.');
    say('WARNING: packaged with the development runtime: a trial of the packaging, NOT FOR RELEASE.');
    args.push(`-c.electronDist=${dirname(runtime.path)}`);
  }
  process.exitCode = await inForeground(nodePath(), args, { cwd: ROOT, env: toolEnv() });
} catch (error) {
  fail(error);
}
