import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const run = promisify(execFile);

/** Not the set-uid wrapper that some systems put before it: that one takes no configuration from us. */
const XORG = ['/usr/lib/xorg/Xorg', '/usr/bin/Xorg'].find((path) => existsSync(path)) ?? 'Xorg';
const CONFIG = fileURLToPath(new URL('xorg-dummy.conf', import.meta.url));
const WIDTH = 1920;
const MODE = '1920x1080';

/** An X server whose displays are plugged in and out at will, each 1920x1080, DUMMY0 leftmost. */
export class XServer {
  readonly display: string;
  readonly #process: ChildProcess;
  readonly #dir: string;

  private constructor(display: string, process: ChildProcess, dir: string) {
    this.display = display;
    this.#process = process;
    this.#dir = dir;
  }

  /** Starts one with the given number of displays on a free number; rejects with the server's words if it does not. */
  static async start(displays: number): Promise<XServer> {
    const dir = mkdtempSync(join(tmpdir(), 'vigil-x-'));
    const args = ['-config', CONFIG, '-displayfd', '3', '-noreset', '-nolisten', 'tcp', '-logfile', join(dir, 'log')];
    const server = spawn(XORG, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    let words = '';
    server.stderr!.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const number = await new Promise<string>((resolve, reject) => {
      server.stdio[3]!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`Xorg ended (${code}): ${words}`)));
    });
    const x = new XServer(`:${number}`, server, dir);
    for (let index = 1; index < displays; index++) await x.plug(index);
    return x;
  }

  async #xrandr(...args: string[]): Promise<void> {
    await run('xrandr', args, { env: { ...process.env, DISPLAY: this.display } });
  }

  /** Plugs a display in at its place in the row. A query probes the outputs, as a cable's interrupt would. */
  async plug(index: number): Promise<void> {
    await this.#xrandr('--addmode', `DUMMY${index}`, MODE);
    await this.#xrandr('--output', `DUMMY${index}`, '--mode', MODE, '--pos', `${index * WIDTH}x0`);
    await this.#xrandr('--query');
  }

  async unplug(index: number): Promise<void> {
    await this.#xrandr('--output', `DUMMY${index}`, '--off');
    await this.#xrandr('--query');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve));
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
