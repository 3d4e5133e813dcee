import { isDeepStrictEqual } from 'node:util';
import { app, powerMonitor, screen as desktop, type BrowserWindow, type Display, type WebContents } from 'electron';
import type { Layout, Screen } from '#shared/layout.ts';
import { fill, openBoardWindow } from './board-window.ts';
import { defaultScreens } from './default-screens.ts';
import { fingerprint } from './displays.ts';
import { matchDisplays } from './match-displays.ts';
import { pageAddress } from './page-address.ts';
import { PageHealth, type Remedy } from './page-health.ts';

const HEALTH_CHECK_MS = 2_000;

interface WallOptions {
  layout: Layout;
  preload: string;
  log(line: string): void;
  /** The layout has learned of new displays. */
  changed(layout: Layout): void;
}

interface Shown {
  window: BrowserWindow;
  health: PageHealth;
}

/** The windows of a station: one a display, each showing what the layout gives that display. */
export class Wall {
  readonly #options: Omit<WallOptions, 'layout'>;
  #layout: Layout;
  readonly #shown = new Map<Screen, Shown>();
  #leaving = false;

  constructor(options: WallOptions) {
    this.#options = options;
    this.#layout = options.layout;
    setInterval(() => this.#checkHealth(), HEALTH_CHECK_MS);
    powerMonitor.on('resume', () => this.#shown.forEach(({ health }) => health.resumed(performance.now())));
    app.on('before-quit', () => (this.#leaving = true));
  }

  /** Makes the windows fit the displays that are there: opens, moves and takes down. */
  arrange(): void {
    const { changed } = this.#options;
    const layout = this.#layout;
    const displays = desktop.getAllDisplays();
    const prints = displays.map(fingerprint);
    const known = layout.screens.map(({ display }) => display);
    const matched = matchDisplays(known, prints);
    const taken = new Set(matched.values());
    const strangers = prints.filter((_print, index) => !taken.has(index));
    if (strangers.length > 0) {
      layout.screens.push(...defaultScreens(strangers, layout.screens.flatMap(({ boards }) => boards)));
      changed(layout);
      return this.arrange();
    }
    layout.screens.forEach((screen, index) => {
      const display = displays[matched.get(index) ?? -1];
      if (display) this.#show(screen, display);
      else this.#park(screen, 'its display is gone');
    });
  }

  /** Shows another layout from now on. Windows of screens that are the same stay. */
  relayout(next: Layout): void {
    const before = this.#layout;
    const alike = before.role === next.role && before.kiosk === next.kiosk;
    const screens = next.screens.map((screen) => (alike ? before.screens.find((one) => isDeepStrictEqual(one, screen)) : undefined) ?? screen);
    for (const screen of before.screens) if (!screens.includes(screen)) this.#park(screen, 'the layout is another');
    this.#layout = { ...next, screens };
    this.arrange();
  }

  /** Pages that are open now. */
  pages(): WebContents[] {
    return [...this.#shown.values()].map(({ window }) => window.webContents);
  }

  painted(page: WebContents): void {
    for (const { window, health } of this.#shown.values()) if (window.webContents === page) health.painted(performance.now());
  }

  #show(screen: Screen, display: Display): void {
    const shown = this.#shown.get(screen);
    if (!shown) return this.#open(screen, display);
    const { x, y, width, height } = shown.window.getBounds();
    const { bounds } = display;
    if (x !== bounds.x || y !== bounds.y || width !== bounds.width || height !== bounds.height)
      fill(shown.window, bounds, this.#layout.kiosk);
  }

  #open(screen: Screen, { bounds }: Display): void {
    const { preload, log } = this.#options;
    const layout = this.#layout;
    const address = pageAddress(screen, layout.role);
    const window = openBoardWindow({ address, bounds, theme: screen.theme, kiosk: layout.kiosk, preload });
    const shown = { window, health: new PageHealth(performance.now()) };
    this.#shown.set(screen, shown);
    log(`${screen.boards.join(', ')} on ${bounds.width}x${bounds.height} at ${bounds.x},${bounds.y}`);
    window.on('close', (event) => {
      if (this.#leaving) return;
      event.preventDefault();
      if (!layout.kiosk) app.quit();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (this.#shown.get(screen) !== shown || this.#leaving) return;
      const remedy = shown.health.gone(performance.now());
      log(`the page of ${screen.boards[0]} is gone (${reason}): ${remedy}`);
      this.#heal(screen, shown, remedy);
    });
  }

  /** Takes a screen's window down. */
  #park(screen: Screen, why: string): void {
    const shown = this.#shown.get(screen);
    if (!shown) return;
    this.#shown.delete(screen);
    shown.window.destroy();
    this.#options.log(`${screen.boards.join(', ')} parked: ${why}`);
  }

  /** A hanging page hears no reload: its process is ended, and what follows is the same as after a crash. */
  #checkHealth(): void {
    for (const [screen, { window, health }] of this.#shown) {
      if (!health.hangs(performance.now())) continue;
      this.#options.log(`the page of ${screen.boards[0]} paints nothing`);
      window.webContents.forcefullyCrashRenderer();
    }
  }

  #heal(screen: Screen, shown: Shown, remedy: Remedy): void {
    if (remedy === 'relaunch') {
      app.relaunch();
      app.quit();
    } else if (remedy === 'reload') {
      // Not from within the event that tells of its end.
      setImmediate(() => !shown.window.isDestroyed() && shown.window.webContents.reload());
    } else {
      const bounds = shown.window.getBounds();
      const { health } = shown;
      this.#shown.delete(screen);
      shown.window.destroy();
      this.#open(screen, { bounds } as Display);
      this.#shown.get(screen)!.health = health;
    }
  }
}
