import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './until.ts';

const run = promisify(execFile);

/** A desktop session's own bus with GNOME Keyring on it, unlocked; nothing of the tester's is touched. */
export class KeyStore {
  /** Of processes that are to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Of processes that are to find no bus at all. */
  static readonly NONE: Readonly<Record<string, string>> = { DBUS_SESSION_BUS_ADDRESS: 'disabled:' };
  readonly #processes: readonly ChildProcess[];
  readonly #dir: string;

  private constructor(env: Readonly<Record<string, string>>, processes: readonly ChildProcess[], dir: string) {
    this.env = env;
    this.#processes = processes;
    this.#dir = dir;
  }

  static async start(): Promise<KeyStore> {
    const dir = mkdtempSync(join(tmpdir(), 'vigil-keys-'));
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1', `--address=unix:dir=${dir}`], { stdio: ['ignore', 'pipe', 'ignore'] });
    const address = await firstWords(bus);
    const env = { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: dir, XDG_DATA_HOME: dir };
    const keyring = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], { stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, HOME: dir, ...env } });
    keyring.stdin.end('a password of a test');
    const named = ['--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets'];
    await until('the key store', async () => (await run('dbus-send', [`--bus=${address}`, ...named])).stdout.includes('boolean true'));
    return new KeyStore(env, [keyring, bus], dir);
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) {
      const gone = new Promise((resolve) => process.once('exit', resolve));
      if (process.exitCode === null && process.kill()) await gone;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

const firstWords = (process: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    process.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    process.once('error', reject);
    process.once('exit', (code) => reject(new Error(`${process.spawnfile} ended (${code})`)));
  });
