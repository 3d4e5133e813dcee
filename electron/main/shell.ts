import { join } from 'node:path';
import { Menu, app, ipcMain, powerSaveBlocker, type WebContents } from 'electron';
import type { StationLayout } from '#shared/layout.ts';
import { sealedPassword, sealPassword } from './broker-password.ts';
import { keepMemoryOutOfDumps } from './core-dumps.ts';
import { CoreProcess } from './core-process.ts';
import { saveFiles } from './downloads.ts';
import { displaysNow, onDisplaysChanged } from './displays.ts';
import { coreFlags, importedKeyFile, layoutFiles } from './flags.ts';
import { guardPages, isOwnPage } from './guards.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { importedSiteKey, importSiteKey } from './site-key.ts';
import type { Wall } from './wall.ts';

const OUT = join(import.meta.dirname, '..');
const log = (line: string): void => void process.stderr.write(`vigil: ${line}\n`);

/** Takes a key over into the system's key store and ends. */
function takeKey(file: string): void {
  const sealed = importSiteKey(file);
  log(`the site's key is kept by the key store of this system from now on (${sealed}); ${file} may be removed from this machine: keep a copy of it where backups lie, which cannot be read without`);
  app.exit(0);
}

async function run(): Promise<void> {
  /** None until it is known what it shows; pages ask for their link themselves. */
  let wall: Wall | undefined = undefined;
  const ready = new WeakSet<WebContents>();
  const flags = coreFlags();
  /** What the site says of this station's displays, until there is a wall to show it. */
  let heard: { layout: StationLayout | undefined } | undefined;
  let laidOut = (layout: StationLayout | undefined): void => void (heard = { layout });
  const core = new CoreProcess({
    file: join(import.meta.dirname, 'core.js'),
    flags,
    key: flags.some((flag) => /^--key-file(=|$)/.test(flag)) ? undefined : importedSiteKey(),
    brokerPassword: { held: sealedPassword(log), seal: sealPassword },
    log,
    laidOut: (layout) => laidOut(layout),
    started: () => wall?.pages().filter((page) => ready.has(page)).forEach(link),
  });
  const link = (page: WebContents): void => {
    const port = core.link();
    if (port) page.postMessage('vigil:link', null, [port]);
  };
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void core.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
  core.start();

  // What reads a layout loads while the core does: walls wait for the core.
  const [{ StationLayouts }, { Wall: Boards }] = await Promise.all([import('./station-layouts.ts'), import('./wall.ts')]);
  const layouts = new StationLayouts(layoutFiles());
  const layout = await layouts.read();
  guardPages();
  saveFiles();
  serveScheme(join(OUT, 'renderer'), (id) => core.file(id));
  Menu.setApplicationMenu(null);
  powerSaveBlocker.start('prevent-display-sleep');

  const boards = new Boards({
    layout,
    preload: join(OUT, 'preload/link.cjs'),
    log,
    changed: (learned) => void layouts.keep(learned).catch((error: Error) => log(`the layout was not kept: ${error.message}`)),
  });
  wall = boards;

  ipcMain.on('vigil:ready', (event) => {
    if (!isOwnPage(event)) return;
    ready.add(event.sender);
    link(event.sender);
  });
  ipcMain.on('vigil:painted', (event) => {
    if (isOwnPage(event)) boards.painted(event.sender);
  });
  app.on('second-instance', () => boards.arrange());
  // Displays may all go and come back; the station goes on.
  app.on('window-all-closed', () => undefined);

  boards.arrange();
  laidOut = (told) => void layouts.told(told, displaysNow()).then((next) => next && boards.relayout(next)).catch((error: Error) => log(`what the site says of the displays is not shown: ${error.message}`));
  if (heard) laidOut((heard as { layout: StationLayout | undefined }).layout);
  onDisplaysChanged(() => {
    const next = layouts.rearranged(displaysNow());
    if (next) boards.relayout(next);
    else boards.arrange();
  });
}

keepMemoryOutOfDumps(log);
// Root has none to enable (https://crbug.com/638180); whoever starts it so has been warned.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// Walls must go on painting where the system takes their windows for covered.
app.commandLine.appendSwitch('disable-backgrounding-occluded-windows');
app.commandLine.appendSwitch('disable-renderer-backgrounding');
registerScheme();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

const keyFile = importedKeyFile();
if (app.requestSingleInstanceLock()) {
  // Not awaited: Electron is ready only after this module has been evaluated.
  app.whenReady().then(() => (keyFile === '' ? run() : takeKey(keyFile))).catch((error: Error) => {
    log(error.message);
    app.exit(1);
  });
} else if (keyFile === '') {
  log('this station runs already; its windows were brought back');
  app.exit(0);
} else {
  log('this station runs already: end it first, then import the key');
  app.exit(1);
}
