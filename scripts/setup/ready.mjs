import { ensureBuild } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { checkNode } from './node-runtime.mjs';

/** Everything that any command needs: a fitting Node, the locked dependencies, a build of the sources as they are. */
export async function ready() {
  checkNode();
  await ensureDependencies();
  await ensureBuild();
}
