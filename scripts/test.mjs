import { electronRuntime } from './runtime/electron.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { checkNode } from './setup/node-runtime.mjs';
import { SetupError, fail } from './setup/say.mjs';
import { lint, pageTypes, types, vitest } from './test/checks.mjs';
import { ensureRig } from './test/rig.mjs';
import { runSteps } from './test/steps.mjs';

/** Tests drive the app through the inspector and several displays; without a runtime there is nothing to drive. */
async function prepare() {
  checkNode();
  await ensureDependencies();
  await ensureRig();
  await ensureBuild();
  if (!(await electronRuntime())) throw new SetupError(`There is no Electron for ${process.platform}-${process.arch} to test with.`);
}

try {
  await prepare();
  const passed = await runSteps([
    ['types', types],
    ['page types', pageTypes],
    ['lint', lint],
    ['unit', vitest('unit')],
    ['integration', vitest('integration')],
    ['end to end', vitest('e2e')],
  ]);
  if (!passed) process.exitCode = 1;
} catch (error) {
  fail(error);
  process.stdout.write('0 passed, 1 failed\n');
}
