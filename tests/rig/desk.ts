import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { Station } from './station.ts';

export const PASSWORD = 'a password of no worth';
export const PIN = '402719';
export const BADGE = 'badge-0042';
const PICTURES = process.env['VIGIL_PICTURES'];

/** Long: passwords are hashed slowly, and the machine may be at other work. */
export const polled = <T>(get: () => T) => expect.poll(get, { timeout: 20_000 });

/** A station with accounts (`ada` administrates, `kim` operates, `shea` leads a shift), and a page of it in Chromium. */
export class Desk {
  readonly #dir = mkdtempSync(join(tmpdir(), 'vigil-'));
  readonly #complaints: string[] = [];
  #browser: Browser | undefined;
  here!: Station;
  page!: Page;

  async start(): Promise<void> {
    this.#browser = await chromium.launch({ executablePath: process.env['VIGIL_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
    this.here = await Station.start('embedded', this.#dir);
    for (const body of [{ name: 'ada', roles: ['admin'], password: PASSWORD }, { name: 'kim', roles: ['operator'], password: PASSWORD, pin: PIN, badge: BADGE }, { name: 'shea', roles: ['shift-lead'], password: PASSWORD }]) expect((await this.here.ask('POST', '/users', { body })).status).toBe(201);
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.here?.stop();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Ends the page; what it complained of meanwhile is a fault. */
  async leave(): Promise<void> {
    await this.page.close();
    expect(this.#complaints.splice(0)).toEqual([]);
  }

  readonly open = async (hash: string, options: BrowserContextOptions = {}, outerWidth?: number): Promise<void> => {
    this.page = await this.#browser!.newPage({ viewport: { width: 1920, height: 1080 }, ...options });
    this.page.setDefaultTimeout(20_000);
    this.page.on('console', (message) => message.type() === 'error' && this.#complaints.push(message.text()));
    this.page.on('pageerror', (error) => this.#complaints.push(error.message));
    if (outerWidth !== undefined) await this.page.addInitScript((width) => Object.defineProperty(window, 'outerWidth', { value: width }), outerWidth);
    await this.page.goto(`${this.here.wall}/${hash}`);
    await this.page.locator('header time').waitFor();
    await this.page.evaluate(() => document.fonts.ready);
  };

  readonly picture = async (name: string): Promise<void> => {
    if (PICTURES) await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  };

  readonly session = () => this.page.locator('[data-session]');
  readonly dialog = () => this.page.getByRole('dialog');

  readonly signIn = async (name: string, password = PASSWORD): Promise<void> => {
    await this.session().click();
    await this.dialog().getByLabel('Name').fill(name);
    await this.dialog().getByLabel('Password').fill(password);
    await this.page.keyboard.press('Enter');
    await polled(() => this.session().innerText()).toBe(name);
  };

  /** Everything that the page's document holds, what stands in fields too. */
  readonly everything = () => this.page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((field) => (field as HTMLInputElement).value).join(' '));
}

/** A desk for the tests of one file. */
export function useDesk(): Desk {
  const desk = new Desk();
  beforeAll(() => desk.start());
  afterAll(() => desk.stop());
  afterEach(() => desk.leave());
  return desk;
}
