import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Items } from '#shared/link/messages.ts';
import { frameItems, overviewItems } from '../fixtures/board-items.ts';
import { floorplanItems } from '../fixtures/floorplan-items.ts';
import { startLinkServer } from '../fixtures/link-server.ts';
import type { LinkServer } from '../fixtures/link-server.ts';
import { orItems } from '../fixtures/or-items.ts';

/** The built page. */
export const BUILT = fileURLToPath(new URL('../../out/renderer', import.meta.url));
/** What the clock of the drawn house shows. */
export const AT = Date.UTC(2025, 10, 18, 14, 32, 7);

/** The built page in a browser, fed with items of an invented house, for each test of a file. It may not complain, nor ask anybody else. */
export interface DrawnPage {
  page: Page;
  server: LinkServer;
  /** Items by view, as the next page that opens gets them. */
  views: Record<string, Items>;
  complaints: string[];
  open(hash: string, size?: { width: number; height: number }): Promise<void>;
}

export function useDrawnPage(): DrawnPage {
  let browser: Browser;
  const drawn = {
    complaints: [] as string[],
    async open(hash: string, size = { width: 1920, height: 1080 }) {
      const page = await browser.newPage({ viewport: size });
      drawn.page = page;
      page.on('console', (message) => message.type() === 'error' && drawn.complaints.push(message.text()));
      page.on('pageerror', (error) => drawn.complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(drawn.server.url)) drawn.complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(`${drawn.server.url}/${hash}`);
      await page.waitForFunction(() => document.documentElement.dataset['paintedRevision'] !== undefined);
      await page.evaluate(() => document.fonts.ready);
    },
  } as DrawnPage;

  beforeAll(async () => {
    if (!existsSync(`${BUILT}/index.html`)) throw new Error('out/renderer is missing: npm run build');
    browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    drawn.complaints = [];
    drawn.views = { frame: frameItems(AT), overview: overviewItems(AT), floorplan: floorplanItems(AT), or: orItems(AT) };
    drawn.server = await startLinkServer(BUILT, (view) => drawn.views[view]);
  });
  afterEach(async () => {
    await drawn.page.close();
    await drawn.server.close();
    expect(drawn.complaints).toEqual([]);
  });
  return drawn;
}
