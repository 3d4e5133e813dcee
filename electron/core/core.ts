import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromCore } from '#shared/link/messages.ts';
import type { MadeFile } from './api/waiting-files.ts';
import { leaveNothingPersonal } from './crash.ts';
import { sendFile } from './file-port.ts';
import type { Hub } from './link/hub.ts';
import type { ServeFlags } from './options.ts';
import type { Sealed } from './station/password-keeper.ts';
import { spawnWriter } from './store/spawn-writer.ts';

/** The part of Electron's MessagePortMain that the core uses; `core/` does not import electron. */
interface PagePort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}
/** What the shell says: first how to start, then one port a window, and for each file that is saved, and what came of a password that it was to seal. */
type FromShell = { t: 'file'; id: string } | { t: 'start'; key: Uint8Array | undefined; broker: Sealed | undefined } | { t: 'port' } | { t: 'sealed'; problem: string | undefined };
interface ShellPort {
  on(event: 'message', listener: (event: { data: FromShell; ports: PagePort[] }) => void): void;
  postMessage(message: unknown): void;
}

/** Exit code by which the core asks its supervisor to be started anew: a replay came to its end. */
const RESTART = 75;
/** Brokers and servers wait so long at most for the first page to paint; they would take its time. */
const FIRST_PAINT_MS = 1_000;

const shell = (process as unknown as { parentPort: ShellPort }).parentPort;
const log = (line: string) => process.stderr.write(`vigil core: ${line}\n`);

/** The shell's pages, which may come before there is anything to show. */
class Pages {
  readonly #waiting: PagePort[] = [];
  #hub: Hub | undefined;
  #painted = () => {};
  readonly #firstPaint = new Promise<void>((resolve) => (this.#painted = resolve));

  take(port: PagePort): void {
    if (this.#hub) this.#attach(this.#hub, port);
    else this.#waiting.push(port);
  }

  /** Shows all pages what the hub knows; resolves when the first of those that waited has painted, or has taken too long. */
  async show(hub: Hub): Promise<void> {
    this.#hub = hub;
    for (const port of this.#waiting) this.#attach(hub, port);
    if (this.#waiting.length > 0) await Promise.race([this.#firstPaint, sleep(FIRST_PAINT_MS)]);
  }

  #attach(hub: Hub, port: PagePort): void {
    const session = hub.open((message: FromCore) => port.postMessage(message));
    port.on('message', ({ data }) => {
      session.receive(data);
      // A page acknowledges what it has painted.
      if ((data as { t?: unknown } | null)?.t === 'ack') this.#painted();
    });
    port.on('close', () => session.close());
    port.start();
  }
}

/**
 * Chromium raises the threads that paint where it may (as root, or on Windows). Ingest beside them must not wait behind:
 * what is committed late is painted late. Threads inherit it, so it comes before them; where it may not, nothing changes.
 */
function besideThePaint(): void {
  try {
    setPriority(constants.priority.PRIORITY_ABOVE_NORMAL);
  } catch {
    // Unprivileged on Linux: then Chromium may not raise its own either.
  }
}

/** The core in the desktop's utility process: the shell hands it one port a window. */
async function main(): Promise<void> {
  besideThePaint();
  const pages = new Pages();
  let sealed: (problem: string | undefined) => void = () => {};
  /** None before the core has made any. */
  let fileOf = (_id: string): MadeFile | undefined => undefined;
  const told = new Promise<{ key: Uint8Array | undefined; broker: Sealed | undefined }>((resolve) => {
    shell.on('message', ({ data, ports }) => {
      if (data.t === 'start') resolve(data);
      else if (data.t === 'sealed') sealed(data.problem);
      else if (data.t === 'file') ports.forEach((port) => sendFile(fileOf(data.id), port));
      else ports.forEach((port) => pages.take(port));
    });
  });
  /** Has the shell seal what the broker is told by; one at a time. */
  const seal = (broker: Sealed | undefined) =>
    new Promise<void>((resolve, reject) => {
      sealed = (problem) => (problem === undefined ? resolve() : reject(new Error(problem)));
      shell.postMessage({ t: 'seal', broker });
    });
  // Two threads load beside each other: walls wait for both.
  const writer = spawnWriter();
  const [{ Command }, { withServeFlags }, { startCore }, { KeyStorePassword }] = await Promise.all([import('commander'), import('./options.ts'), import('./start.ts'), import('./station/password-keeper.ts')]);
  const flags = withServeFlags(new Command('core')).parse(process.argv).opts<ServeFlags>();
  const { key, broker } = await told;
  const core = await startCore(flags, log, { viewable: (hub) => pages.show(hub), laidOut: (layout) => shell.postMessage({ t: 'layout', layout }), writer, key, passwords: new KeyStorePassword(flags.data, broker, seal) });
  fileOf = (id) => core.files.take(id);
  shell.postMessage({ t: 'ready', wall: core.wall, mqtt: core.mqtt });
  process.once('SIGTERM', () => void core.close().then(() => process.exit(0)));
  await core.ended;
  await core.close();
  process.exit(RESTART);
}

leaveNothingPersonal(log);
main().catch((error: unknown) => {
  const { message } = error as Error;
  log(message);
  shell.postMessage({ t: 'failed', message });
  process.exit(1);
});
