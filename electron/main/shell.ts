import { join } from 'node:path';
import { Menu, app, ipcMain, powerSaveBlocker, type WebContents } from 'electron';
import { CoreProcess } from './core-process.ts';
import { onDisplaysChanged } from './displays.ts';
import { coreFlags, layoutPath } from './flags.ts';
import { guardPages, isOwnPage } from './guards.ts';
import { readLayout, writeLayout } from './layout-file.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { Wall } from './wall.ts';

const OUT = join(import.meta.dirname, '..');
const log = (line: string): void => void process.stderr.write(`vigil: ${line}\n`);

function run(): void {
  const layoutFile = layoutPath();
  const layout = readLayout(layoutFile);
  guardPages();
  serveScheme(join(OUT, 'renderer'));
  Menu.setApplicationMenu(null);
  powerSaveBlocker.start('prevent-display-sleep');

  const wall = new Wall({ layout, preload: join(OUT, 'preload/link.cjs'), log, changed: (learned) => writeLayout(layoutFile, learned) });
  const ready = new WeakSet<WebContents>();
  const link = (page: WebContents): void => {
    const port = core.link();
    if (port) page.postMessage('vigil:link', null, [port]);
  };
  const core = new CoreProcess({
    file: join(import.meta.dirname, 'core.js'),
    flags: coreFlags(),
    role: layout.role,
    log,
    started: () => wall.pages().filter((page) => ready.has(page)).forEach(link),
  });

  ipcMain.on('vigil:ready', (event) => {
    if (!isOwnPage(event)) return;
    ready.add(event.sender);
    link(event.sender);
  });
  ipcMain.on('vigil:painted', (event) => {
    if (isOwnPage(event)) wall.painted(event.sender);
  });
  app.on('second-instance', () => wall.arrange());
  // Displays may all go and come back; the station goes on.
  app.on('window-all-closed', () => undefined);

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
  wall.arrange();
  onDisplaysChanged(() => wall.arrange());
}

// Root has none to enable (https://crbug.com/638180); whoever starts it so has been warned.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// Walls must go on painting where the system takes their windows for covered.
app.commandLine.appendSwitch('disable-backgrounding-occluded-windows');
app.commandLine.appendSwitch('disable-renderer-backgrounding');
registerScheme();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

if (app.requestSingleInstanceLock()) {
  // Not awaited: Electron is ready only after this module has been evaluated.
  app.whenReady().then(run).catch((error: Error) => {
    log(error.message);
    app.exit(1);
  });
} else {
  log('this station runs already; its windows were brought back');
  app.exit(0);
}
