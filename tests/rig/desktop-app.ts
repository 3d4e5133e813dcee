import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { electronRuntime } from '../../scripts/runtime/electron.mjs';
import { freePort } from './ports.ts';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Launch {
  display: string;
  /** Flags of the core besides its store and ports. */
  core?: readonly string[];
  /** Switches of the shell, such as `--layout=FILE`. */
  shell?: readonly string[];
  /** Of its process, beside ours. */
  env?: Readonly<Record<string, string>>;
  /** Directory with the settings of an app that ran before; a new one unless told. Goes with the app. */
  home?: string;
}

/** The built desktop app, driven through Playwright, with settings, store and ports of its own. */
export class DesktopApp {
  readonly electron: ElectronApplication;
  readonly home: string;
  readonly port: number;
  readonly mqttPort: number;
  readonly #executable: string;
  readonly #args: string[];
  #said = '';

  private constructor(electron: ElectronApplication, command: [string, string[]], home: string, port: number, mqttPort: number) {
    this.electron = electron;
    [this.#executable, this.#args] = command;
    this.home = home;
    this.port = port;
    this.mqttPort = mqttPort;
    const hear = (chunk: Buffer): void => void (this.#said += chunk.toString());
    electron.process().stderr?.on('data', hear);
    electron.process().stdout?.on('data', hear);
  }

  static async start(launch: Launch): Promise<DesktopApp> {
    const { executablePath, args, env, home, port, mqttPort } = await command(launch);
    const electron = await _electron.launch({ executablePath, args, env, cwd: home });
    return new DesktopApp(electron, [executablePath, args], home, port, mqttPort);
  }

  /** Starts one that is to end by itself; resolves with its exit code and what it said. */
  static async once(launch: Launch & { home: string }): Promise<{ code: number | null; said: string }> {
    const { executablePath, args, env } = await command(launch);
    const child = spawn(executablePath, args, { stdio: ['ignore', 'ignore', 'pipe'], env });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return new Promise((resolve, reject) => child.once('close', (code) => resolve({ code, said })).once('error', reject));
  }

  /** Whether a core answers, another than the process `before`. What is said before Playwright has launched the app may be heard by nobody. */
  async serves(before?: number): Promise<boolean> {
    const answers = await fetch(`http://127.0.0.1:${this.port}/api/v1/ops/health`).then(({ ok }) => ok, () => false);
    return answers && (before === undefined || ![0, before].includes(await this.corePid()));
  }

  /** What the shell and the core have said since it was launched. */
  get said(): string {
    return this.#said;
  }

  /** The open page of a board; waits until there is one. */
  async page(board: string): Promise<Page> {
    const find = (): Page | undefined => this.electron.windows().find((page) => page.url().includes(`#/${board}`));
    await until(`a page of ${board}`, () => find() !== undefined);
    return find()!;
  }

  /** Process id of the running core; 0 while there is none. */
  async corePid(): Promise<number> {
    return this.electron.evaluate(({ app }) => {
      const core = app.getAppMetrics().find(({ serviceName, name }) => `${serviceName} ${name}`.includes('vigil core'));
      return core?.pid ?? 0;
    });
  }

  /** Starts the same station once more; resolves with the exit code of that second one. */
  startAgain(display: string): Promise<number | null> {
    const second = spawn(this.#executable, this.#args, { stdio: 'ignore', env: { ...process.env, DISPLAY: display } });
    return new Promise((resolve, reject) => second.once('exit', resolve).once('error', reject));
  }

  async stop(): Promise<void> {
    await this.electron.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** How an app is started, and where its files and ports are. */
async function command({ display, core = [], shell = [], env = {}, home = mkdtempSync(join(tmpdir(), 'vigil-app-')) }: Launch) {
  const runtime = await electronRuntime();
  if (!runtime) throw new Error('there is no Electron for this platform');
  const [port, mqttPort] = [await freePort(), await freePort()];
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const flags = ['--data', join(home, 'store'), '--port', String(port), '--mqtt-port', String(mqttPort), ...core];
  return {
    home, port, mqttPort,
    executablePath: runtime.path,
    args: [...root, `--user-data-dir=${join(home, 'settings')}`, ...shell, ROOT, '--', ...flags],
    env: { ...(process.env as Record<string, string>), ...runtime.env, DISPLAY: display, ...env },
  };
}
