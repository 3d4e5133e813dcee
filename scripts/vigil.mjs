import { join } from 'node:path';
import { nodePath } from './setup/node-runtime.mjs';
import { OUT } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { inForeground } from './setup/run.mjs';
import { fail } from './setup/say.mjs';

try {
  await ready();
  // Files are named as seen from where the command was given.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  process.exitCode = await inForeground(nodePath(), [join(OUT, 'main/vigil.js'), ...process.argv.slice(2)], { cwd });
} catch (error) {
  fail(error);
}
