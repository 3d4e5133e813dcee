import { readFileSync } from 'node:fs';
import { SITE_KEY_BYTES } from '#shared/access/site-key.ts';
import { SealedFile } from './sealed.ts';

const sealed = new SealedFile('site-key.sealed', 'the key', 'import the key with --import-key=FILE, or leave it in a file and name that after "--" by --key-file FILE');

/**
 * Keeps a site's key sealed by the system's key store from now on. Throws, saying what to do, when the file holds no key or
 * there is no key store. @returns where it lies
 */
export function importSiteKey(file: string): string {
  const key = readFileSync(file);
  if (key.length < SITE_KEY_BYTES) throw new Error(`${file}: a site key has ${SITE_KEY_BYTES} bytes or more, this has ${key.length}`);
  sealed.seal(key.toString('base64'));
  return sealed.path;
}

/** The site's key that was imported; undefined if none was. Throws, saying what to do, when it cannot be unsealed. */
export function importedSiteKey(): Uint8Array | undefined {
  const key = sealed.unseal();
  return key === undefined ? undefined : Buffer.from(key, 'base64');
}
