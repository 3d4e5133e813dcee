import { spawn, type ChildProcess } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { until } from './until.ts';
import { answers } from './ports.ts';

/** A real Mosquitto on loopback with the configuration that Vigil ships, in a directory of its own. */
export class Mosquitto {
  readonly url: string;
  readonly #port: number;
  readonly #dir: string;
  #process: ChildProcess | undefined;

  /**
   * @param tls speaks TLS with this certificate, to who shows one of the authority
   * @param login lets nobody else in
   */
  constructor(dir: string, port: number, tls?: { ca: string } & Certificate, login?: { user: string; password: string }) {
    this.#dir = join(dir, 'mosquitto');
    this.#port = port;
    this.url = `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`;
    mkdirSync(this.#dir, { recursive: true });
    const shipped = readFileSync(new URL('../../resources/mosquitto.conf', import.meta.url), 'utf8');
    // As root it would drop to the user mosquitto, who may not write here.
    if (login) writeFileSync(join(this.#dir, 'users'), passwordLine(login));
    const open = login ? shipped.replace('allow_anonymous true', 'allow_anonymous false\npassword_file users') : shipped;
    writeFileSync(join(this.#dir, 'mosquitto.conf'), `${open.replace('listener 1883', `listener ${port}`)}\nuser ${process.getuid?.() === 0 ? 'root' : ''}\n${tls ? secured(tls) : ''}`);
  }

  async start(): Promise<void> {
    this.#process = spawn('mosquitto', ['-c', 'mosquitto.conf'], { cwd: this.#dir, stdio: 'ignore', env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` } });
    await until('Mosquitto to listen', () => answers(this.#port));
  }

  /** SIGTERM: it writes its database and ends. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  }
}

const secured = ({ ca, cert, key }: { ca: string } & Certificate): string => `cafile ${ca}\ncertfile ${cert}\nkeyfile ${key}\nrequire_certificate true\n`;

/** As mosquitto_passwd writes it: PBKDF2 by SHA-512. */
function passwordLine({ user, password }: { user: string; password: string }): string {
  const [iterations, salt] = [101, randomBytes(12)];
  return `${user}:$7$${iterations}$${salt.toString('base64')}$${pbkdf2Sync(password, salt, iterations, 64, 'sha512').toString('base64')}\n`;
}
