import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../out/main/vigil.js', import.meta.url));

/** Path of the built command; tests of processes run what users run. */
export function vigilCommand(): string {
  if (!existsSync(built)) throw new Error('out/main/vigil.js is missing: npm run build');
  return built;
}

/** A serving core in a process of its own. */
export class CoreProcess {
  readonly #flags: readonly string[];
  readonly #onLine: (line: string) => void;
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  /** `env`: of its process, beside ours. */
  constructor(flags: readonly string[], onLine: (line: string) => void = () => {}, env: Readonly<Record<string, string>> = {}) {
    this.#flags = flags;
    this.#onLine = onLine;
    this.#env = env;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts it; resolves with its addresses once it serves. */
  start(): Promise<{ wall: string; mqtt: string }> {
    const child = spawn(process.execPath, [vigilCommand(), 'serve', ...this.#flags], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.#env } });
    this.#process = child;
    let said = '';
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => {
      complaint = (complaint + data.toString()).slice(-2_000);
      this.#onLine(data.toString());
    });
    return new Promise((resolve, reject) => {
      child.stdout.on('data', (data: Buffer) => {
        said += data.toString();
        const wall = /^wall\s+(\S+)$/m.exec(said)?.[1];
        const mqtt = /^mqtt\s+(\S+)$/m.exec(said)?.[1];
        if (wall && mqtt) resolve({ wall, mqtt });
      });
      child.once('exit', (code) => reject(new Error(`the core ended with ${code} before it served: ${complaint}`)));
    });
  }

  /** kill -9: no goodbye, no flush. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}
