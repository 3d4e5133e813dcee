import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Files in PEM by the flag that named them; certificate and key go together. */
export interface KeyFiles {
  readonly cert?: NamedFile | undefined;
  readonly key?: NamedFile | undefined;
  readonly ca?: NamedFile | undefined;
}
export interface NamedFile {
  readonly flag: string;
  readonly file: string;
}

/** What TLS is spoken with, as Node's `tls` takes it. */
export interface Keys {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** How often files are looked at for new certificates; a renewal replaces them days before the old ones end. */
const LOOK_MS = 30_000;
/** More than all authorities that a machine trusts. */
const MOST_BYTES = 4 * 1024 ** 2;

/**
 * Reads certificate, key and the certificates that are trusted.
 * @throws Error that names flag and file, for one that cannot be read, is none, does not fit the other, or has ended
 */
export function readKeys({ cert, key, ca }: KeyFiles): Keys {
  if (Boolean(cert) !== Boolean(key)) throw new Error(`${(cert ?? key)!.flag} ${(cert ?? key)!.file}: a certificate and its key go together, give both`);
  const keys = { ...(cert && key ? pair(cert, key) : {}), ...(ca ? { ca: read(ca) } : {}) };
  if (ca) certificate(ca, keys.ca!);
  createSecureContext(keys);
  return keys;
}

/**
 * Looks for files that have changed, and gives what they hold now once they are whole: between the two writes of a
 * renewal certificate and key do not fit, and the old ones go on.
 * @param read what is held now
 * @returns ends it
 */
export function whenRenewed(files: KeyFiles, held: Keys, { renewed, log, everyMs = LOOK_MS }: { renewed(keys: Keys): void; log(line: string): void; everyMs?: number }): () => void {
  let now = JSON.stringify(held);
  let trouble: string | undefined;
  const timer = setInterval(() => {
    try {
      const keys = readKeys(files);
      trouble = undefined;
      if (JSON.stringify(keys) === now) return;
      now = JSON.stringify(keys);
      renewed(keys);
      log('new certificates are used from now on');
    } catch (error) {
      const { message } = error as Error;
      if (message !== trouble) log(`new certificates cannot be used, the old ones go on: ${message}`);
      trouble = message;
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function pair(cert: NamedFile, key: NamedFile): { cert: string; key: string } {
  const [certPem, keyPem] = [read(cert), read(key)];
  const parsed = certificate(cert, certPem);
  const secret = told(key, 'is no private key in PEM without a password', () => createPrivateKey(keyPem));
  if (!parsed.checkPrivateKey(secret)) throw new Error(`${key.flag} ${key.file} is not the key of ${cert.file}`);
  if (Date.parse(parsed.validTo) < Date.now()) throw new Error(`${cert.flag} ${cert.file} ended on ${parsed.validTo}: renew it`);
  return { cert: certPem, key: keyPem };
}

const certificate = (named: NamedFile, pem: string): X509Certificate => told(named, 'is no certificate in PEM', () => new X509Certificate(pem));

/** Whoever may change the station document names files: none that has no end, or waits for a writer, is read. */
const read = (named: NamedFile): string =>
  told(named, 'cannot be read', () => {
    const found = statSync(named.file);
    if (!found.isFile() || found.size > MOST_BYTES) throw new Error(`it is no file of at most ${MOST_BYTES / 1024 ** 2} MiB`);
    return readFileSync(named.file, 'utf8');
  });

function told<T>({ flag, file }: NamedFile, what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new Error(`${flag} ${file} ${what}: ${(error as Error).message}`, { cause: error });
  }
}
