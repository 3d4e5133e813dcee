import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, safeStorage } from 'electron';

/** What lies sealed by the system's key store (Keychain, DPAPI, GNOME Keyring or KWallet) among the person's settings. */
export class SealedFile {
  readonly #name: string;
  readonly #secret: string;
  readonly #otherwise: string;

  /**
   * @param name of the file
   * @param secret what it is, in words
   * @param otherwise where else it may come from, as an instruction
   */
  constructor(name: string, secret: string, otherwise: string) {
    this.#name = name;
    this.#secret = secret;
    this.#otherwise = otherwise;
  }

  get path(): string {
    return join(app.getPath('userData'), this.#name);
  }

  /** Keeps a text from now on. Throws, saying what to do, when there is no key store. */
  seal(text: string): void {
    this.#requireKeyStore();
    const { path } = this;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, safeStorage.encryptString(text), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }

  /** What is kept; undefined: nothing. Throws, saying what to do, when it cannot be unsealed. */
  unseal(): string | undefined {
    const { path } = this;
    if (!existsSync(path)) return undefined;
    this.#requireKeyStore();
    try {
      return safeStorage.decryptString(readFileSync(path));
    } catch {
      throw new Error(`${path} was sealed by another key store, or by another person's: ${this.#otherwise}`);
    }
  }

  forget(): void {
    rmSync(this.path, { force: true });
  }

  /** Where there is no key store Chromium would take a password that stands in its source, which hides nothing. */
  #requireKeyStore(): void {
    const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'of this system';
    if (backend === 'basic_text') throw new Error(`there is no key store in this session, and what would stand in for it keeps ${this.#secret} readable for anyone: start within a session that has GNOME Keyring or KWallet (--password-store=gnome-libsecret chooses one), or ${this.#otherwise}`);
    if (!safeStorage.isEncryptionAvailable()) throw new Error(`the key store (${backend}) cannot be used now: unlock it, then start again; or ${this.#otherwise}`);
  }
}
