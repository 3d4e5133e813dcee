import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, safeStorage } from 'electron';
import { SITE_KEY_BYTES } from '#shared/access/site-key.ts';

const sealedFile = (): string => join(app.getPath('userData'), 'site-key.sealed');

/**
 * Keeps a site's key sealed by the system's key store (Keychain, DPAPI, GNOME Keyring or KWallet) from now on.
 * Throws, saying what to do, when the file holds no key or there is no key store. @returns where it lies
 */
export function importSiteKey(file: string): string {
  const key = readFileSync(file);
  if (key.length < SITE_KEY_BYTES) throw new Error(`${file}: a site key has ${SITE_KEY_BYTES} bytes or more, this has ${key.length}`);
  requireKeyStore();
  const sealed = sealedFile();
  mkdirSync(dirname(sealed), { recursive: true });
  writeFileSync(`${sealed}.new`, safeStorage.encryptString(key.toString('base64')), { mode: 0o600 });
  renameSync(`${sealed}.new`, sealed);
  return sealed;
}

/** The site's key that was imported; undefined if none was. Throws, saying what to do, when it cannot be unsealed. */
export function importedSiteKey(): Uint8Array | undefined {
  const sealed = sealedFile();
  if (!existsSync(sealed)) return undefined;
  requireKeyStore();
  try {
    return Buffer.from(safeStorage.decryptString(readFileSync(sealed)), 'base64');
  } catch {
    throw new Error(`${sealed} was sealed by another key store, or by another person's: import the key again with --import-key=FILE`);
  }
}

/** Where there is no key store Chromium would take a password that stands in its source, which hides nothing. */
function requireKeyStore(): void {
  const backend = process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'of this system';
  if (backend === 'basic_text') throw new Error('there is no key store in this session, and what would stand in for it keeps the key readable for anyone: start within a session that has GNOME Keyring or KWallet (--password-store=gnome-libsecret chooses one), or leave the key in a file and name that after "--" by --key-file FILE');
  if (!safeStorage.isEncryptionAvailable()) throw new Error(`the key store (${backend}) cannot be used now: unlock it, then start again; or name a file with the key after "--" by --key-file FILE`);
}
