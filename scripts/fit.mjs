import { join } from 'node:path';
import { nodePath, toolEnv } from './setup/node-runtime.mjs';
import { ROOT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { inForeground } from './setup/run.mjs';
import { fail } from './setup/say.mjs';

try {
  await ready();
  process.exitCode = await inForeground(nodePath(), [join(ROOT, 'scripts/fit/fit.ts'), ...process.argv.slice(2)], { cwd: process.cwd(), env: toolEnv() });
} catch (error) {
  fail(error);
}
