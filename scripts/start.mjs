import { join } from 'node:path';
import { electronRuntime } from './runtime/electron.mjs';
import { isRoot } from './setup/apt.mjs';
import { nodePath } from './setup/node-runtime.mjs';
import { OUT, ROOT, STATE } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { inForeground } from './setup/run.mjs';
import { SetupError, fail, say, sinceStart } from './setup/say.mjs';

const PORT = '8073';

const given = process.argv.slice(2);

const isGiven = (name) => given.some((flag) => flag === name || flag.startsWith(`${name}=`));

/** The demo hospital, on a Tuesday from the hour at which the house is busy, at a pace that shows it at work. */
const DEMO = ['--data', join(STATE, 'demo'), '--demo', '--day', '2026-03-03', '--begin', '09:30', '--speed', '20x'];

/** The bundled real day at sixty times its pace: `npm start -- --replay real-day`. */
const REPLAY = ['--data', join(STATE, 'real-day'), '--config', join(ROOT, 'resources/sites/sample.yaml'), '--begin', '09:00', '--speed', '60x'];

/** A broker of one's own means live events, in a store of their own. */
const usual = () => {
  if (isGiven('--replay')) return REPLAY;
  return isGiven('--broker') && !isGiven('--demo') ? ['--data', join(STATE, 'live')] : DEMO;
};

/** What is given after `npm start --` comes last and so counts. */
const coreFlags = () => [...usual(), '--port', PORT, ...given];

/** The address that will be served: the last --port counts. */
function address() {
  const flags = coreFlags();
  return `http://127.0.0.1:${flags[flags.lastIndexOf('--port') + 1]}`;
}

const hasDisplay = () =>
  process.platform === 'linux' ? Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY) : true;

async function desktopRuntime() {
  try {
    const runtime = await electronRuntime();
    if (!runtime) say(`there is no Electron to be had for ${process.platform}-${process.arch}`);
    return runtime;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return undefined;
  }
}

function desktop(runtime) {
  // Chromium complains at length about desktops without D-Bus or a GPU; what the app has to say comes from itself.
  const flags = ['--log-level=3'];
  if (isRoot()) {
    say('WARNING: running as root, so Chromium starts WITHOUT its sandbox. Start as another user to have it.');
    flags.push('--no-sandbox');
  }
  say(`starting the wall, one window a display (set up in ${sinceStart()}); Ctrl-C ends it`);
  // An unset DISPLAY means Wayland alone.
  if (!process.env.DISPLAY) flags.push('--ozone-platform=wayland');
  return inForeground(runtime.path, [...flags, ROOT, '--', ...coreFlags()], { cwd: ROOT, env: runtime.env });
}

function headless() {
  say(`starting without a display (set up in ${sinceStart()}): open ${address()} in a browser; Ctrl-C ends it`);
  return inForeground(nodePath(), [join(OUT, 'main/vigil.js'), 'serve', ...coreFlags()], { cwd: ROOT });
}

try {
  await ready();
  const runtime = hasDisplay() ? await desktopRuntime() : undefined;
  if (hasDisplay() && !runtime) say('a display is there but no desktop app: serving the wall to a browser instead');
  process.exitCode = await (runtime ? desktop(runtime) : headless());
} catch (error) {
  fail(error);
}
