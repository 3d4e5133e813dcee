import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerDocument } from '#shared/station.ts';
import { writeSecretly } from './station-file.ts';

/** Where a core keeps the password of its broker. */
export interface PasswordKeeper {
  readonly kind: 'file' | 'key-store';
  /** The one kept for this broker and user, and for no other; undefined: none. Throws, saying what to do, where it cannot be read. */
  read(broker: BrokerDocument): string | undefined;
  /** Keeps one in place of what was kept. Gives what the document is to say of it. Throws an error for people where it cannot. */
  keep(broker: BrokerDocument, password: string): Promise<Pick<BrokerDocument, 'passwordFile'>>;
  /** None is wanted any more. */
  forget(): Promise<void>;
  /** Removes files with passwords that the document in force does not name: of the one before, and of a core that was killed before its document named one. */
  tidy(broker: BrokerDocument | undefined): void;
}

/** Names that this core gives, also while it writes; a file that somebody made by hand is theirs. */
const OWN = /^broker-[0-9a-f]{8}\.password(\.new)?$/;
const OTHERS = 0o077;

/** A file of mode 0600 that the document names. Each password has a file of its own, so that document and password change in one step. */
export class PasswordFile implements PasswordKeeper {
  readonly kind = 'file';
  readonly #dataDir: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  read({ passwordFile }: BrokerDocument): string | undefined {
    if (passwordFile === undefined) return undefined;
    const credentials = process.env['CREDENTIALS_DIRECTORY'];
    const given = credentials === undefined ? undefined : join(credentials, passwordFile);
    if (given !== undefined && existsSync(given)) return read(given);
    const file = join(this.#dataDir, passwordFile);
    if (process.platform !== 'win32' && existsSync(file) && (statSync(file).mode & OTHERS) !== 0) throw new Error(`${file} can be read by others: chmod 600 it`);
    return read(file);
  }

  keep(_broker: BrokerDocument, password: string): Promise<{ passwordFile: string }> {
    const passwordFile = `broker-${randomBytes(4).toString('hex')}.password`;
    writeSecretly(this.#dataDir, passwordFile, password);
    return Promise.resolve({ passwordFile });
  }

  forget(): Promise<void> {
    return Promise.resolve();
  }

  tidy(broker: BrokerDocument | undefined): void {
    for (const name of readdirSync(this.#dataDir).filter((one) => OWN.test(one) && one !== broker?.passwordFile)) {
      try {
        rmSync(join(this.#dataDir, name));
      } catch {
        // On a disk that takes nothing now: removed the next time.
      }
    }
  }
}

function read(file: string): string {
  try {
    const password = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    if (password !== '') return password;
  } catch (error) {
    throw new Error(`the password of the broker cannot be read from ${file}: ${(error as Error).message}`, { cause: error });
  }
  throw new Error(`${file} holds no password`);
}

/** What the desktop's key store holds: a password with the broker and user that it was given for. */
export interface Sealed {
  readonly login: string;
  readonly password: string;
}

const loginOf = ({ address, user = '' }: BrokerDocument): string => `${user} at ${address}`;

/** The key store of the desktop, which the shell speaks to. A file that the document names goes before. */
export class KeyStorePassword implements PasswordKeeper {
  readonly kind = 'key-store';
  readonly #file: PasswordFile;
  readonly #seal: (sealed: Sealed | undefined) => Promise<void>;
  #held: Sealed | undefined;

  /** @param seal has the shell keep it from now on, or nothing; rejects in words where it cannot */
  constructor(dataDir: string, held: Sealed | undefined, seal: (sealed: Sealed | undefined) => Promise<void>) {
    this.#file = new PasswordFile(dataDir);
    this.#held = held;
    this.#seal = seal;
  }

  read(broker: BrokerDocument): string | undefined {
    if (broker.passwordFile !== undefined) return this.#file.read(broker);
    return this.#held?.login === loginOf(broker) ? this.#held.password : undefined;
  }

  async keep(broker: BrokerDocument, password: string): Promise<Record<string, never>> {
    const sealed = { login: loginOf(broker), password };
    await this.#seal(sealed);
    this.#held = sealed;
    return {};
  }

  async forget(): Promise<void> {
    if (!this.#held) return;
    await this.#seal(undefined);
    this.#held = undefined;
  }

  tidy(broker: BrokerDocument | undefined): void {
    this.#file.tidy(broker);
  }
}
