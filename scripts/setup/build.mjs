import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, toolEnv } from './node-runtime.mjs';
import { oneAtATime } from './once.mjs';
import { MODULES, OUT, ROOT, STATE } from './paths.mjs';
import { quietly } from './run.mjs';
import { SetupError, step } from './say.mjs';

const STAMP = join(OUT, '.built-from');
const SOURCES = ['electron', 'renderer', 'shared', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

function filesBelow(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(ROOT, source);
    for (const file of source.includes('.') ? [path] : filesBelow(path))
      hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

const isBuilt = (hash) => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash;

async function build(hash) {
  rmSync(STAMP, { force: true });
  const args = [join(MODULES, 'electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'];
  const { code, output } = await quietly(nodePath(), args, { cwd: ROOT, env: { ...toolEnv(), NODE_ENV: 'production' } });
  if (code !== 0) throw new SetupError(`${output}\n\nThe build failed.`);
  writeFileSync(STAMP, hash);
}

/** Builds out/ unless it was built from the sources as they are. */
export async function ensureBuild() {
  const hash = sourceHash();
  if (isBuilt(hash)) return;
  await oneAtATime(join(STATE, 'build.lock'), async () => {
    if (!isBuilt(hash)) await step('building', () => build(hash));
  });
}
