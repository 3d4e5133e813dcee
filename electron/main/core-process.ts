import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { StationLayout } from '#shared/layout.ts';
import { BackOff } from './back-off.ts';
import type { SealedPassword } from './broker-password.ts';
import { streamedFile, type StreamedFile } from './file-stream.ts';

/** How a core ends that wants to be started anew: a replay came to its end. */
const RESTART = 75;
const STOP_MS = 5_000;

interface CoreOptions {
  file: string;
  flags: readonly string[];
  /** The site's key, where the system's key store keeps it. */
  key: Uint8Array | undefined;
  /** The broker's password as the key store holds it, and how another is put there; throws in words where it cannot. */
  brokerPassword: { held: SealedPassword | undefined; seal(password: SealedPassword | undefined): void };
  log(line: string): void;
  /** What the site says of this station's displays; undefined: nothing. */
  laidOut(layout: StationLayout | undefined): void;
  /** A core runs and can be linked to. */
  started(): void;
}

/** What the core says to the shell. */
type FromCoreProcess = { t: 'ready'; wall: string; mqtt: string } | { t: 'failed'; message: string } | { t: 'layout'; layout: StationLayout | undefined } | { t: 'seal'; broker: SealedPassword | undefined };

/** Keeps the operational core running in a process of its own, so that neither takes the other down. */
export class CoreProcess {
  readonly #options: CoreOptions;
  readonly #backOff = new BackOff();
  #child: UtilityProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(options: CoreOptions) {
    this.#options = options;
  }

  start(): void {
    const { file, flags, key, brokerPassword, log, laidOut, started } = this.#options;
    const startedAt = performance.now();
    const child = utilityProcess.fork(file, [...flags], { serviceName: 'vigil core', stdio: 'pipe' });
    child.stdout?.pipe(process.stdout, { end: false });
    child.stderr?.pipe(process.stderr, { end: false });
    child.on('spawn', () => {
      this.#child = child;
      // By message: arguments and environment of a process are readable for others.
      child.postMessage({ t: 'start', key, broker: brokerPassword.held });
      started();
    });
    child.on('message', (message: FromCoreProcess) => {
      if (message.t === 'layout') laidOut(message.layout);
      if (message.t === 'ready') log(`core ready (process ${child.pid}): ${message.wall}, ${message.mqtt}`);
      if (message.t === 'seal') child.postMessage({ t: 'sealed', problem: this.#seal(message.broker) });
    });
    child.on('exit', (code) => {
      this.#child = undefined;
      if (this.#stopping) return;
      const wait = code === RESTART ? 0 : this.#backOff.next(performance.now() - startedAt);
      log(`core ended (code ${code}); it starts again in ${wait} ms`);
      this.#restart = setTimeout(() => this.start(), wait);
    });
  }

  /** Hands the core one end of a new channel and gives back the other; undefined while no core runs. */
  link(): MessagePortMain | undefined {
    if (!this.#child) return undefined;
    const { port1, port2 } = new MessageChannelMain();
    this.#child.postMessage({ t: 'port' }, [port1]);
    return port2;
  }

  /** A file that the core has made for a page; undefined where there is none. */
  async file(id: string): Promise<StreamedFile | undefined> {
    if (!this.#child) return undefined;
    const { port1, port2 } = new MessageChannelMain();
    this.#child.postMessage({ t: 'file', id }, [port1]);
    return streamedFile(port2);
  }

  /** Why it could not be sealed; undefined once it is, and every core that follows is told it. */
  #seal(password: SealedPassword | undefined): string | undefined {
    const { brokerPassword } = this.#options;
    try {
      brokerPassword.seal(password);
      brokerPassword.held = password;
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Asks the core to close its store and end; does not wait for ever. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const giveUp = setTimeout(resolve, STOP_MS);
      child.once('exit', () => {
        clearTimeout(giveUp);
        resolve();
      });
      child.kill();
    });
  }
}
