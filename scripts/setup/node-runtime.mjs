import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES } from './paths.mjs';
import { SetupError } from './say.mjs';

const LEAST_MAJOR = 20;
/** First that runs TypeScript as it is, without a flag. */
const LEAST_FOR_TOOLS = [22, 18];

const version = () => process.versions.node.split('.').map(Number);

/** Stops early where the scripts themselves cannot run. */
export function checkNode() {
  if (version()[0] < LEAST_MAJOR)
    throw new SetupError(`Node ${LEAST_MAJOR} or later is needed; this is ${process.version}. See https://nodejs.org`);
}

/** The Node that builds, tests and serves: the pinned one beside the dependencies, else this one if it is new enough. */
export function nodePath() {
  const pinned = join(MODULES, '.bin', 'node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = version();
  const [leastMajor, leastMinor] = LEAST_FOR_TOOLS;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return process.execPath;
  throw new SetupError(
    `There is no pinned Node for ${process.platform}-${process.arch}: run this with Node ${LEAST_FOR_TOOLS.join('.')} or later.`,
  );
}

/** Environment in which tools and what they start find that Node first. */
export const toolEnv = () => ({ PATH: `${join(MODULES, '.bin')}:${process.env.PATH ?? ''}` });
