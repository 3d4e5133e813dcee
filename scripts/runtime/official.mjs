import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { nodePath } from '../setup/node-runtime.mjs';
import { CACHE, MODULES } from '../setup/paths.mjs';
import { quietly } from '../setup/run.mjs';
import { SetupError, say, step } from '../setup/say.mjs';

const PACKAGE = join(MODULES, 'electron');
const RELEASE_HOST = 'github.com';
const PROBE_MS = 8_000;
const DOWNLOAD_MS = 10 * 60_000;
const RETRY_AFTER_DAYS = 7;
const DAY_MS = 86_400_000;

const version = () => JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')).version;
const marker = () => join(CACHE, `electron-${version()}.unreachable`);

function installed() {
  const path = join(PACKAGE, 'path.txt');
  const binary = existsSync(path) && join(PACKAGE, 'dist', readFileSync(path, 'utf8').trim());
  return binary && existsSync(binary) ? binary : undefined;
}

function failedLately() {
  if (process.env.VIGIL_RETRY_ELECTRON || !existsSync(marker())) return false;
  return Date.now() - Number(readFileSync(marker(), 'utf8')) < RETRY_AFTER_DAYS * DAY_MS;
}

/** A firewall that swallows packets shows as silence: asked before a download that would wait for minutes. */
function reachable() {
  const { HTTPS_PROXY, https_proxy, ELECTRON_MIRROR, npm_config_electron_mirror } = process.env;
  if (HTTPS_PROXY || https_proxy || ELECTRON_MIRROR || npm_config_electron_mirror) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect({ host: RELEASE_HOST, port: 443, timeout: PROBE_MS });
    const end = (answer) => (socket.destroy(), resolve(answer));
    socket.on('connect', () => end(true)).on('timeout', () => end(false)).on('error', () => end(false));
  });
}

/** Why the download failed, or undefined. */
async function download() {
  const { code, output, timedOut } = await quietly(nodePath(), [join(PACKAGE, 'install.js')], { timeoutMs: DOWNLOAD_MS });
  if (/ENOSPC/.test(output)) throw new SetupError('The disk is full. Make room and run the same command again.');
  if (timedOut) return 'the download did not end in time';
  return code === 0 ? undefined : output.split('\n')[0];
}

function remember(why) {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(marker(), String(Date.now()));
  say(`the official Electron ${version()} cannot be had here: ${why}`);
  say(`(remembered for ${RETRY_AFTER_DAYS} days; VIGIL_RETRY_ELECTRON=1 asks again)`);
}

/** Path of the declared Electron, fetched on first need; undefined where its download is not reachable. */
export async function officialElectron() {
  const present = installed();
  if (present || failedLately()) return present;
  const why = (await reachable()) ? await step(`fetching Electron ${version()}`, download) : `${RELEASE_HOST} cannot be reached`;
  if (why !== undefined) remember(why);
  return installed();
}
