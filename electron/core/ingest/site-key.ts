import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SITE_KEY_BYTES } from '#shared/access/site-key.ts';
import { DEFAULT_SITE, type SiteId } from '../store/paths.ts';

const DEVELOPMENT_SECRET = 'vigil development key: not for patients';
const PSEUDONYM_CHARS = 16;
const CACHE_LIMIT = 50_000;

/** The secrets of one site, the same on all its stations so that their states agree. */
export interface SiteKey {
  /** True for the fixed key of an unconfigured `local` / `main`. */
  readonly development: boolean;
  /** Stable name for a person, stay, order or case: HMAC-SHA-256, 96 bits, base64url. */
  pseudonym(identifier: string): string;
  /** Key of the vault's AES-256-GCM. */
  readonly vaultKey: Buffer;
  /** Keys of the audit chain, and of what passwords, PINs and badges are hashed with. */
  readonly auditKey: Buffer;
  readonly accessKey: Buffer;
  /** Tells one key from another and nothing else about it. */
  readonly fingerprint: string;
}

/** The file of a site's key, or the key itself where the desktop's key store keeps it. */
export type KeySource = string | Uint8Array;

/**
 * Makes a site's secrets of its key (at least 32 bytes), or of the development key for the unconfigured site.
 * Throws with what to do when a configured site has no key.
 */
export function loadSiteKey(id: SiteId, from?: KeySource): SiteKey {
  if (typeof from === 'string') {
    const secret = readFileSync(from);
    if (secret.length < SITE_KEY_BYTES) throw new Error(`${from}: a site key needs ${SITE_KEY_BYTES} bytes or more, this has ${secret.length}. Make one with: head -c ${SITE_KEY_BYTES} /dev/urandom > ${from}`);
    return siteKey(secret, false);
  }
  if (from) return siteKey(from, false);
  if (id.tenant === DEFAULT_SITE.tenant && id.site === DEFAULT_SITE.site) return siteKey(Buffer.from(DEVELOPMENT_SECRET), true);
  throw new Error(`Site ${id.tenant}/${id.site} has no key: pseudonyms need one. Give --key-file FILE (32 random bytes, the same on all stations of the site).`);
}

function siteKey(secret: Uint8Array, development: boolean): SiteKey {
  const root = createHash('sha256').update(secret).digest();
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', root, '', `vigil/${purpose}`, 32));
  const pseudonymKey = derive('pseudonym');
  const cache = new Map<string, string>();
  return {
    development,
    vaultKey: derive('vault'),
    auditKey: derive('audit'),
    accessKey: derive('access'),
    fingerprint: derive('fingerprint').toString('hex'),
    pseudonym(identifier) {
      let name = cache.get(identifier);
      if (name === undefined) {
        name = createHmac('sha256', pseudonymKey).update(identifier).digest('base64url').slice(0, PSEUDONYM_CHARS);
        if (cache.size >= CACHE_LIMIT) cache.clear();
        cache.set(identifier, name);
      }
      return name;
    },
  };
}
