import type { Account, NewUser, User, UserChange } from '#shared/api/access.ts';
import type { Role } from '#shared/access/roles.ts';
import type { Vouched } from './vouched.ts';
import type { Before } from './appointed.ts';
import { inTransaction, type Db } from '../store/open.ts';
import { Refusal } from './refusal.ts';
import { badgeHash, type SlowHashes } from './secrets.ts';

export interface UserRow {
  readonly user_id: number;
  readonly name: string;
  readonly roles: string;
  readonly password: string | null;
  readonly pin: string | null;
  readonly badge: Buffer | null;
  readonly disabled: number;
  readonly created: number;
  readonly last_login: number | null;
  /** What it was before the site document named it, JSON; null: not named there. */
  readonly appointed: string | null;
  /** Issuer and subject of who signs in through an identity provider. */
  readonly subject: string | null;
  /** Grows with each change of roles, secrets or `disabled`. */
  readonly version: number;
}

export const rolesOf = ({ roles }: Pick<UserRow, 'roles'>): Role[] => JSON.parse(roles) as Role[];

const told = (row: UserRow): Account => ({
  name: row.name, roles: rolesOf(row), password: row.password !== null, pin: row.pin !== null, badge: row.badge !== null, disabled: row.disabled === 1, created: row.created, version: row.version,
});

/** Of an account that is not as it was read. */
export const changedMeanwhile = ({ name, version, roles, disabled }: Account): string =>
  `The account ${name} is at version ${version} now: ${disabled ? 'disabled, ' : ''}${roles.join(', ') || 'no role'}. Read it again (GET /users/${name}).`;

/** Local accounts. Who has once been in the audit trail stays: accounts are disabled, not deleted. */
export class Users {
  readonly #db: Db;
  readonly #key: Buffer;
  readonly #hashes: SlowHashes;

  constructor(db: Db, key: Buffer, hashes: SlowHashes) {
    this.#db = db;
    this.#key = key;
    this.#hashes = hashes;
  }

  list(): User[] {
    return this.#db.prepare<[], UserRow>('SELECT * FROM user ORDER BY name').all().map((row) => ({ ...told(row), lastLogin: row.last_login }));
  }

  one(name: string): Account | undefined {
    const row = this.named(name);
    return row && told(row);
  }

  named(name: string): UserRow | undefined {
    return this.#db.prepare<[string], UserRow>('SELECT * FROM user WHERE name = ?').get(name);
  }

  byBadge(badge: string): UserRow | undefined {
    return this.#db.prepare<[Buffer], UserRow>('SELECT * FROM user WHERE badge = ?').get(badgeHash(this.#key, badge));
  }

  /** Makes an account. Throws a {@link Refusal} (409) if the name or the badge is taken. */
  async create({ name, roles, password, pin, badge }: NewUser, now: number): Promise<Account> {
    const secrets = await this.#secrets({ password, pin, badge });
    return inTransaction(this.#db, () => {
      if (this.named(name)) throw new Refusal(409, `There is an account ${name} already; change that, or choose another name.`);
      this.#free(secrets.badge, name);
      this.#db.prepare('INSERT INTO user (name, roles, password, pin, badge, created) VALUES (@name, @roles, @password, @pin, @badge, @now)').run({ name, roles: JSON.stringify(roles), password: null, pin: null, badge: null, ...secrets, now });
      return told(this.named(name)!);
    });
  }

  /**
   * Changes an account. Throws a {@link Refusal}: 404 if there is none, 409 if nobody could administer any more, 412 if it
   * is not at the version `from`, where that is said.
   * @param stays session that goes on with another password
   */
  async update(name: string, change: UserChange, { from, stays = 0 }: { from?: number | undefined; stays?: number } = {}): Promise<Account> {
    const secrets = await this.#secrets(change);
    return inTransaction(this.#db, () => {
      const row = this.named(name);
      if (!row) throw new Refusal(404, `There is no account ${name}.`);
      if (from !== undefined && from !== row.version) throw new Refusal(412, changedMeanwhile(told(row)));
      if (change.roles && isAppointed(row)) throw new Refusal(409, `The site document says the roles of ${name} (users): change them there.`);
      if (row.subject !== null && secrets.password) throw new Refusal(409, `${name} signs in through the identity provider and has no password here: whom the provider shuts out would come in by it.`);
      if (secrets.badge) this.#free(secrets.badge, name);
      const next = { ...row, ...secrets, roles: change.roles ? JSON.stringify(change.roles) : row.roles, disabled: change.disabled === undefined ? row.disabled : Number(change.disabled) };
      this.#db.prepare('UPDATE user SET roles = @roles, password = @password, pin = @pin, badge = @badge, disabled = @disabled WHERE user_id = @user_id').run(next);
      if (administers(row) && !this.#db.prepare<[], UserRow>('SELECT * FROM user').all().some(administers)) throw new Refusal(409, `${name} is the last administrator with a password: make another one first.`);
      if (Object.keys(secrets).length > 0 || change.disabled) this.#db.prepare('DELETE FROM session WHERE user_id = ? AND session_id <> ?').run(row.user_id, stays);
      return told(this.named(name)!);
    });
  }

  /**
   * Takes over who an identity provider vouches for, as `oidc:NAME`, a name that no local account can have. The provider
   * says the roles each time; name and `disabled` stay as they are here. Throws a {@link Refusal} (409) if somebody else has the name.
   */
  vouched({ subject, name, roles }: Vouched, now: number): UserRow {
    return inTransaction(this.#db, () => {
      const known = this.#db.prepare<[string], UserRow>('SELECT * FROM user WHERE subject = ?').get(subject);
      const own = known?.name ?? `oidc:${name}`;
      if (!known && this.named(own)) throw new Refusal(409, `The account ${own} belongs to somebody else whom the identity provider called so before: an administrator of the provider has to give one of the two another name.`);
      this.#db.prepare('INSERT INTO user (name, roles, created, subject) VALUES (@own, @roles, @now, @subject) ON CONFLICT (name) DO UPDATE SET roles = @roles').run({ own, roles: JSON.stringify(roles), now, subject });
      return this.named(own)!;
    });
  }

  #free(badge: Buffer | null | undefined, name: string): void {
    const holder = badge && this.#db.prepare<[Buffer], UserRow>('SELECT * FROM user WHERE badge = ?').get(badge);
    if (holder && holder.name !== name) throw new Refusal(409, 'This badge belongs to another account: take it away there first.');
  }

  /** What is kept of secrets; of those that are not named, nothing. */
  async #secrets({ password, pin, badge }: Pick<UserChange, 'password' | 'pin' | 'badge'>): Promise<{ password?: string | null; pin?: string | null; badge?: Buffer | null }> {
    return {
      ...(password === undefined ? {} : { password: password === null ? null : await this.#hashes.hash(password) }),
      ...(pin === undefined ? {} : { pin: pin === null ? null : await this.#hashes.hash(pin) }),
      ...(badge === undefined ? {} : { badge: badge === null ? null : badgeHash(this.#key, badge) }),
    };
  }
}

export const administers = (row: UserRow): boolean => row.disabled === 0 && row.password !== null && rolesOf(row).includes('admin');

/** Whether the site document says its roles. */
const isAppointed = ({ appointed }: UserRow): boolean => appointed !== null && (JSON.parse(appointed) as Before).out !== true;
