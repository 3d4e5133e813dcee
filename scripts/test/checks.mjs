import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, toolEnv } from '../setup/node-runtime.mjs';
import { MODULES, ROOT } from '../setup/paths.mjs';
import { inForeground } from '../setup/run.mjs';
import { tally } from './tally.mjs';

/** Configuration in TypeScript is read by Node itself. */
export const LINT_ARGS = ['--flag', 'unstable_native_nodejs_ts_config', '--max-warnings', '0', '.'];

const RESULTS = join(ROOT, 'test-results');

const tool = (path, args, env = {}) => inForeground(nodePath(), [join(MODULES, path), ...args], { cwd: ROOT, env: { ...toolEnv(), ...env } });

const check = (path, args) => async () => ((await tool(path, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** Runs one project of vitest.config.ts. */
export const vitest = (project, args = [], env = {}) => async () => {
  const report = join(RESULTS, `${project}.json`);
  mkdirSync(RESULTS, { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return tally(report, await tool('vitest/vitest.mjs', ['run', '--project', project, ...reporters, ...args], env));
};

export const types = check('typescript/bin/tsc', ['-p', '.']);
export const pageTypes = check('vue-tsc/bin/vue-tsc.js', ['--noEmit', '-p', '.']);
export const lint = check('eslint/bin/eslint.js', LINT_ARGS);
