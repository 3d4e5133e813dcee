import { join } from 'node:path';
import { electronRuntime } from './runtime/electron.mjs';
import { nodePath, toolEnv } from './setup/node-runtime.mjs';
import { ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { inForeground } from './setup/run.mjs';
import { fail } from './setup/say.mjs';
import { ensureRig } from './test/rig.mjs';

try {
  await ready();
  await ensureRig();
  await electronRuntime();
  process.exitCode = await inForeground(nodePath(), [join(ROOT, 'tests/screens/screens.ts'), ...process.argv.slice(2)], { cwd: ROOT, env: toolEnv() });
} catch (error) {
  fail(error);
}
