import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { electronRuntime } from './runtime/electron.mjs';
import { ready } from './setup/ready.mjs';
import { fail } from './setup/say.mjs';
import { vitest } from './test/checks.mjs';
import { ensureRig } from './test/rig.mjs';
import { runSteps } from './test/steps.mjs';

const USAGE = `npm run prove -- [--data DIR] [NAME ...]

The long versions of the tests: many kills, soaks, and the published data sets.
  --data DIR  folder with the data sets, each in a folder of its own; proofs on data that is not there fail
  NAME        only proofs whose file name has it\n`;

try {
  const { values, positionals } = parseArgs({
    options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) process.stdout.write(USAGE);
  else {
    await ready();
    await ensureRig();
    await electronRuntime();
    const env = values.data ? { VIGIL_PROVE_DATA: resolve(process.env.INIT_CWD ?? '.', values.data) } : {};
    if (!(await runSteps([['prove', vitest('prove', positionals, env)]]))) process.exitCode = 1;
  }
} catch (error) {
  fail(error);
}
