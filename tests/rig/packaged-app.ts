import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { electronRuntime } from '../../scripts/runtime/electron.mjs';
import { freePort } from './ports.ts';
import { until } from './until.ts';

interface Target {
  readonly type: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}
interface Evaluated {
  readonly result?: { readonly result: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
}

/**
 * The packaged app as it ships. Its fuses keep Playwright out of the main process, so its pages alone are asked, through
 * the inspector of Chromium.
 */
export class PackagedApp {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #home: string;
  readonly #inspector: string;

  private constructor(process: ChildProcess, home: string, port: number, inspector: string) {
    this.#process = process;
    this.#home = home;
    this.port = port;
    this.#inspector = inspector;
  }

  static async start(executable: string, display: string): Promise<PackagedApp> {
    const home = mkdtempSync(join(tmpdir(), 'vigil-packaged-'));
    const [port, mqttPort, inspector] = [await freePort(), await freePort(), await freePort()];
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...root, `--user-data-dir=${join(home, 'settings')}`, `--remote-debugging-port=${inspector}`, '--', '--data', join(home, 'store'), '--port', String(port), '--mqtt-port', String(mqttPort)];
    // The development runtime needs a binding of its own.
    const runtime = await electronRuntime();
    const app = spawn(executable, args, { stdio: 'ignore', env: { PATH: process.env['PATH'], HOME: home, DISPLAY: display, ...runtime?.env } });
    return new PackagedApp(app, home, port, `http://127.0.0.1:${inspector}`);
  }

  /** Addresses of its pages. */
  async pages(): Promise<readonly Target[]> {
    const targets = await fetch(`${this.#inspector}/json/list`).then(async (response) => (await response.json()) as Target[], () => []);
    return targets.filter(({ type }) => type === 'page');
  }

  /** Runs a function in the page of a board; what it gives has to be JSON. */
  async evaluate<A extends readonly unknown[], T>(board: string, run: (...args: A) => T | Promise<T>, ...args: A): Promise<T> {
    let page: Target | undefined;
    await until(`a page of ${board}`, async () => (page = (await this.pages()).find(({ url }) => url.endsWith(`#/${board}`))) !== undefined);
    const socket = new WebSocket(page!.webSocketDebuggerUrl);
    try {
      await once(socket, 'open');
      const answer = once(socket, 'message');
      socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: `(${run.toString()})(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, awaitPromise: true, returnByValue: true } }));
      const { result } = JSON.parse(String((await answer)[0])) as Evaluated;
      if (!result || result.exceptionDetails) throw new Error(`the page of ${board} threw: ${JSON.stringify(result)}`);
      return result.result.value as T;
    } finally {
      socket.close();
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.#home, { recursive: true, force: true });
  }
}
