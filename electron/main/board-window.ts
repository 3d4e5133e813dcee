import { BrowserWindow, app, type Rectangle } from 'electron';

const GROUND = { dark: '#05080c', light: '#f4f6f8' } as const;

interface BoardWindowOptions {
  address: string;
  bounds: Rectangle;
  theme: keyof typeof GROUND;
  kiosk: boolean;
  preload: string;
}

/** A frameless window that fills one display and shows one screen's boards. */
export function openBoardWindow({ address, bounds, theme, kiosk, preload }: BoardWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds,
    frame: false,
    show: false,
    resizable: false,
    movable: false,
    fullscreenable: true,
    enableLargerThanScreen: true,
    skipTaskbar: kiosk,
    backgroundColor: GROUND[theme],
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
      // A wall is never in the background, whatever the window system thinks.
      backgroundThrottling: false,
    },
  });
  window.removeMenu();
  window.once('ready-to-show', () => {
    window.showInactive();
    fill(window, bounds, kiosk);
  });
  window.webContents.on('before-input-event', (event, input) => {
    const leaves = input.key === 'F4' && input.alt;
    if (kiosk && (input.control || input.meta || input.alt || /^F\d+$/.test(input.key))) event.preventDefault();
    else if (!kiosk && (leaves || ((input.control || input.meta) && input.key.toLowerCase() === 'q'))) app.quit();
  });
  // Fails only while the window is taken down again; a page that does not come paints nothing and is reloaded.
  window.loadURL(address).catch(() => undefined);
  return window;
}

/** Brings a window onto its display, over panels and docks where a window manager has such. */
export function fill(window: BrowserWindow, bounds: Rectangle, kiosk: boolean): void {
  window.setFullScreen(false);
  window.setBounds(bounds);
  if (kiosk) window.setKiosk(true);
  else window.setFullScreen(true);
}
