import type { NewToken, Token } from '#shared/api/access.ts';
import type { Permission } from '#shared/access/roles.ts';
import { inTransaction, type Db } from '../store/open.ts';
import type { Principal } from './principal.ts';
import { Refusal } from './refusal.ts';
import { digest, newSecret } from './secrets.ts';

interface TokenRow {
  readonly token_id: number;
  readonly name: string;
  readonly scopes: string;
  readonly created: number;
  readonly expires: number;
  readonly last_used: number | null;
  readonly revoked: number | null;
}

const DAY_MS = 24 * 60 * 60_000;
/** Last use is written down no more often than this. */
const USED_MS = 60_000;

const told = ({ name, scopes, created, expires, last_used, revoked }: TokenRow): Token => ({ name, scopes: JSON.parse(scopes) as Permission[], created, expires, lastUsed: last_used, revoked });

/** API tokens: for other systems, each with its own permissions and its end. */
export class Tokens {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  list(): Token[] {
    return this.#db.prepare<[], TokenRow>('SELECT * FROM token ORDER BY name').all().map(told);
  }

  one(name: string): Token | undefined {
    const row = this.#named(name);
    return row && told(row);
  }

  /** Makes a token; its secret is kept nowhere. Throws a {@link Refusal} (409) if its name was ever given. */
  create({ name, scopes, days }: NewToken, now: number): Token & { secret: string } {
    const secret = newSecret('token');
    return inTransaction(this.#db, () => {
      if (this.#named(name)) throw new Refusal(409, `There is or was a token ${name}; choose another name, so that the audit trail tells them apart.`);
      this.#db.prepare('INSERT INTO token (name, hash, scopes, created, expires) VALUES (?, ?, ?, ?, ?)').run(name, digest(secret), JSON.stringify([...new Set(scopes)]), now, now + days * DAY_MS);
      return { ...told(this.#named(name)!), secret };
    });
  }

  /** Ends a token. Throws a {@link Refusal} (404) if there is none. */
  revoke(name: string, now: number): void {
    const { changes } = this.#db.prepare('UPDATE token SET revoked = COALESCE(revoked, ?) WHERE name = ?').run(now, name);
    if (changes === 0) throw new Refusal(404, `There is no token ${name}.`);
  }

  /** Who a secret belongs to; undefined if it is none, has ended or was revoked. */
  principal(secret: string, now: number): Principal | undefined {
    const row = this.#db.prepare<[Buffer, number], TokenRow>('SELECT * FROM token WHERE hash = ? AND revoked IS NULL AND expires > ?').get(digest(secret), now);
    if (!row) return undefined;
    if (now - (row.last_used ?? 0) >= USED_MS) this.#db.prepare('UPDATE token SET last_used = ? WHERE token_id = ?').run(now, row.token_id);
    return { kind: 'token', name: row.name, roles: [], permissions: new Set(told(row).scopes) };
  }

  #named(name: string): TokenRow | undefined {
    return this.#db.prepare<[string], TokenRow>('SELECT * FROM token WHERE name = ?').get(name);
  }
}
