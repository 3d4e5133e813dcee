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
  const bench = [join(ROOT, 'tests/bench/bench.ts'), ...process.argv.slice(2)];
  process.exitCode = await inForeground(nodePath(), ['--expose-gc', ...bench], { cwd: ROOT, env: toolEnv() });
} catch (error) {
  fail(error);
}
