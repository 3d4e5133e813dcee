import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ownFile } from '../store/open.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * What a command on this machine shows a running core: a secret in a file beside the store, which its owner alone may
 * read, anew with each start.
 */
export class LocalToken {
  readonly #file: string;
  readonly #secret: Buffer;

  constructor(file: string) {
    const secret = randomBytes(32).toString('base64url');
    this.#file = file;
    this.#secret = digest(secret);
    rmSync(file, { force: true });
    ownFile(file);
    writeFileSync(file, secret);
  }

  matches(secret: string): boolean {
    return timingSafeEqual(digest(secret), this.#secret);
  }

  close(): void {
    rmSync(this.#file, { force: true });
  }
}

/** The secret of the core that runs on a store; undefined where none does, or the file may not be read. */
export function readLocalToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
