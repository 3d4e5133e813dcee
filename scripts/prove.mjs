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
  --soak-minutes N       length of the soak at 1,000 events/s (60)
  --sustained-minutes N  length of the run at a high rate (10)
  --sustained-rate N     its events a second (5000)
  NAME        only proofs whose file name has it\n`;

function number(variable, option, values) {
  if (values[option] === undefined) return {};
  if (!(Number(values[option]) > 0)) throw new Error(`--${option} ${values[option]}: write a number above 0`);
  return { [variable]: values[option] };
}

try {
  const { values, positionals } = parseArgs({
    options: { data: { type: 'string' }, 'soak-minutes': { type: 'string' }, 'sustained-minutes': { type: 'string' }, 'sustained-rate': { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) process.stdout.write(USAGE);
  else {
    await ready();
    await ensureRig([['wapiti', ['/usr/bin/wapiti']]]);
    await electronRuntime();
    const env = {
      ...(values.data ? { VIGIL_PROVE_DATA: resolve(process.env.INIT_CWD ?? '.', values.data) } : {}),
      ...number('VIGIL_SOAK_MINUTES', 'soak-minutes', values),
      ...number('VIGIL_SUSTAINED_MINUTES', 'sustained-minutes', values),
      ...number('VIGIL_SUSTAINED_RATE', 'sustained-rate', values),
    };
    if (!(await runSteps([['prove', vitest('prove', positionals, env)]]))) process.exitCode = 1;
  }
} catch (error) {
  fail(error);
}
