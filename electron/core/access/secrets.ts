import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** Of scrypt: memory and time (`N`), block size (`r`), passes (`p`). */
export interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/**
 * Cost of scrypt: 32 MiB and three passes, one of the equal settings of OWASP's password storage cheat sheet. Its number
 * stands in each hash, so that a later one can be dearer.
 */
const COST: Cost = { N: 2 ** 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Hashes that wait for their turn; a flood of logins is told to come again. */
const WAITING = 32;

/** Hash by which a secret of 256 random bits is kept: nobody can guess that, so it need not be slow. */
export const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A new secret of 256 random bits; its prefix says what it is, to people and to scanners of leaked secrets. */
export const newSecret = (kind: 'session' | 'token'): string => `vigil_${kind}_${randomBytes(32).toString('base64url')}`;

/** Hash by which a badge is found: with the site's key, for badge numbers can be guessed. */
export const badgeHash = (key: Buffer, badge: string): Buffer => createHmac('sha256', key).update(`badge:${badge}`).digest();

/**
 * Slow hashes of passwords and PINs, one at a time in the pool of threads that Node has for it, so that neither files
 * nor names wait for them. The site's key goes in: a PIN of six digits cannot be found from the file alone.
 */
export class SlowHashes {
  readonly #key: Buffer;
  readonly #cost: Cost;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(key: Buffer, cost = COST) {
    this.#key = key;
    this.#cost = cost;
  }

  /** Text that a password or PIN is kept as. */
  async hash(secret: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const { N, r, p } = this.#cost;
    return ['scrypt', N, r, p, salt.toString('base64url'), (await this.#derive(secret, salt, this.#cost)).toString('base64url')].join('$');
  }

  /** Whether the secret is the one that was kept. Without one kept it takes as long and is false. */
  async matches(secret: string, kept: string | null | undefined): Promise<boolean> {
    if (!kept) {
      await this.#derive(secret, Buffer.alloc(SALT_BYTES), this.#cost);
      return false;
    }
    const [, N, r, p, salt, hash] = kept.split('$');
    const derived = await this.#derive(secret, Buffer.from(salt!, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
    return timingSafeEqual(derived, Buffer.from(hash!, 'base64url'));
  }

  #derive(secret: string, salt: Buffer, { N, r, p }: Cost): Promise<Buffer> {
    if (this.#waiting >= WAITING) throw new Refusal(503, 'Too many sign in at once; try again in a few seconds.', 5);
    this.#waiting++;
    const peppered = createHmac('sha256', this.#key).update(secret.normalize('NFKC')).digest();
    const derived = this.#last.then(() => new Promise<Buffer>((resolve, reject) => scrypt(peppered, salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error ? reject(error) : resolve(key)))));
    this.#last = derived.catch(() => undefined).finally(() => this.#waiting--);
    return derived;
  }
}
