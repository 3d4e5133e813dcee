import { join } from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { checkNode, nodePath } from './setup/node-runtime.mjs';
import { MODULES, ROOT } from './setup/paths.mjs';
import { inForeground } from './setup/run.mjs';
import { fail } from './setup/say.mjs';
import { LINT_ARGS } from './test/checks.mjs';

try {
  checkNode();
  await ensureDependencies();
  const eslint = join(MODULES, 'eslint/bin/eslint.js');
  process.exitCode = await inForeground(nodePath(), [eslint, ...LINT_ARGS, ...process.argv.slice(2)], { cwd: ROOT });
} catch (error) {
  fail(error);
}
