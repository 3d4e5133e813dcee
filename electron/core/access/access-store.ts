import { createHmac } from 'node:crypto';
import type { AuditQuery, AuditedEntry, AuditVerdict } from '#shared/api/audit.ts';
import type { Account, NewToken, NewUser, SignIn, Token, User, UserChange } from '#shared/api/access.ts';
import type { SiteKey } from '../ingest/site-key.ts';
import { migrate } from '../store/migrate.ts';
import { openForWriting, type Db } from '../store/open.ts';
import type { SiteConfig } from '#shared/site.ts';
import { appoint } from './appointed.ts';
import { Attempts, OF_A_NAME, OF_BADGES, OF_ONE, type Tried } from './attempts.ts';
import type { AuditEntry } from './audit.ts';
import { AuditTrail } from './audit-trail.ts';
import { headText } from './chain.ts';
import type { Principal } from './principal.ts';
import { Refusal } from './refusal.ts';
import { ACCESS_MIGRATIONS } from './schema.ts';
import { SlowHashes, type Cost } from './secrets.ts';
import { Sessions } from './sessions.ts';
import { Tokens } from './tokens.ts';
import { Users } from './users.ts';
import type { Vouched } from './vouched.ts';

/** What signing in gives. */
export interface SignedIn {
  readonly secret: string;
  readonly principal: Principal;
}

/** Pages of memory for a small file. */
const CACHE_KIB = 4 * 1024;

/** A site's access file, opened for writing: audit trail, accounts, sessions, tokens. More than one process may write to it. */
export class AccessStore {
  readonly #db: Db;
  readonly #key: Buffer;
  readonly #now: () => number;
  readonly #trail: AuditTrail;
  readonly #hashes: SlowHashes;
  readonly #users: Users;
  readonly #sessions: Sessions;
  readonly #tokens: Tokens;
  readonly #attempts: Attempts;

  /** Opens or creates the file; throws if a newer Vigil wrote it, or it belongs to another key. @param now epoch ms of the machine's clock @param cost of password hashes; the usual unless told */
  constructor(file: string, { auditKey, accessKey, fingerprint }: Pick<SiteKey, 'auditKey' | 'accessKey' | 'fingerprint'>, now: () => number, cost?: Cost) {
    const db = openForWriting(file);
    db.pragma(`cache_size = -${CACHE_KIB}`);
    this.#db = db;
    this.#key = accessKey;
    this.#now = now;
    this.#trail = new AuditTrail(db, auditKey);
    this.#hashes = new SlowHashes(accessKey, cost);
    this.#users = new Users(db, accessKey, this.#hashes);
    this.#sessions = new Sessions(db);
    this.#tokens = new Tokens(db);
    this.#attempts = new Attempts(db);
    db.transaction(() => {
      const made = db.pragma('user_version', { simple: true }) === 0;
      migrate(db, ACCESS_MIGRATIONS);
      if (made) {
        this.#trail.begin();
        db.prepare("INSERT INTO site VALUES ('key', ?)").run(fingerprint);
      }
    }).immediate();
    const { value } = db.prepare("SELECT value FROM site WHERE key = 'key'").get() as { value: string };
    if (value === fingerprint) return;
    db.close();
    throw new Error(`${file} belongs to another site key: give the --key-file that it was made with.`);
  }

  /** Writes entries, in order, of now unless they say another time; on disk when it returns. Returns where the trail stands then (`headText`). */
  append(entries: readonly (AuditEntry & { readonly time?: number })[]): string | undefined {
    this.#db.transaction(() => {
      for (const entry of entries) this.#trail.append(entry, entry.time ?? this.#now());
    }).immediate();
    return this.head();
  }

  head(): string | undefined {
    const { head } = this.#trail;
    return head && headText(head);
  }

  listAudit(query: AuditQuery): AuditedEntry[] {
    return this.#trail.list(query);
  }

  /** A step of forgetting what is older than `days`. Returns how many rows went, and where the trail stands then. */
  forgetAudit(days: number): { forgotten: number; head: string | undefined } {
    return { forgotten: this.#trail.forget(days, this.#now()), head: this.head() };
  }

  /** Every entry, the oldest first. */
  allAudit(): Generator<AuditedEntry> {
    return this.#trail.all();
  }

  verifyAudit(noted?: string): Promise<AuditVerdict> {
    return this.#trail.verify(noted);
  }

  listUsers(): User[] {
    return this.#users.list();
  }

  account(name: string): Account | undefined {
    return this.#users.one(name);
  }

  createUser(user: NewUser): Promise<Account> {
    return this.#users.create(user, this.#now());
  }

  /** @param from version that the change was made from; whatever it is now unless told */
  updateUser(name: string, change: UserChange, from?: number): Promise<Account> {
    return this.#users.update(name, change, { from });
  }

  /** Makes accounts what the site document says; see {@link appoint}. */
  appoint(named: SiteConfig['users'], trial = false): string[] {
    return appoint(this.#db, named, this.#now(), trial);
  }

  listTokens(): Token[] {
    return this.#tokens.list();
  }

  token(name: string): Token | undefined {
    return this.#tokens.one(name);
  }

  createToken(token: NewToken): Token & { secret: string } {
    return this.#tokens.create(token, this.#now());
  }

  revokeToken(name: string): void {
    this.#tokens.revoke(name, this.#now());
  }

  /** Who a secret of a session or token belongs to; undefined if to nobody now. */
  identify(secret: string): Principal | undefined {
    return secret.startsWith('vigil_session_') ? this.#sessions.principal(secret, this.#now()) : this.#tokens.principal(secret, this.#now());
  }

  /** Like {@link identify}, and no use of a session. */
  look(secret: string): Principal | undefined {
    return secret.startsWith('vigil_session_') ? this.#sessions.look(secret, this.#now()) : this.#tokens.principal(secret, this.#now());
  }

  /**
   * Begins a session of who shows the right password, PIN or badge. Throws a {@link Refusal}: 401 if it is not right,
   * 429 while attempts must wait. @param from address of who asks
   */
  async signIn(by: SignIn, from: string): Promise<SignedIn> {
    const method = 'badge' in by ? 'badge' : 'pin' in by ? 'pin' : 'password';
    const name = 'name' in by ? by.name.toLowerCase() : undefined;
    const tried: Tried = name === undefined ? [[this.#attempter(method, from), OF_BADGES]] : this.#byName(method, name, from);
    this.#attempts.begin(tried, this.#now());
    const user = name === undefined ? undefined : this.#users.named(name);
    const right = 'badge' in by ? this.#users.byBadge(by.badge) : (await this.#hashes.matches('pin' in by ? by.pin : by.password, 'pin' in by ? user?.pin : user?.password)) ? this.#users.named(name!) : undefined;
    if (!right || right.disabled) throw new Refusal(401, WRONG[method]);
    this.#attempts.right(tried);
    return this.#sessions.begin(right, method, this.#now());
  }

  /**
   * Begins a session of who an identity provider vouches for. Throws a {@link Refusal}: 401 if the account is disabled
   * here, 403 if the provider gives it no role, 409 if another has its name.
   */
  admit(vouched: Vouched): SignedIn {
    const user = this.#users.vouched(vouched, this.#now());
    if (user.disabled) throw new Refusal(401, `The account ${user.name} is disabled here.`);
    if (vouched.roles.length === 0) throw new Refusal(403, `${user.name} is in no group that has a role at this site. An administrator maps groups to roles in the site document (oidc.roles).`);
    return this.#sessions.begin(user, 'oidc', this.#now());
  }

  /** Name of the account that what is shown belongs to, right or wrong; undefined if to none. For the trail alone. */
  accountOf(by: SignIn): string | undefined {
    return ('badge' in by ? this.#users.byBadge(by.badge) : this.#users.named(by.name.toLowerCase()))?.name;
  }

  /**
   * Changes the password of whose session it is, and ends their other sessions. Throws a {@link Refusal}: 403 if `old`
   * is not theirs, or the session is a kiosk's; 429 while attempts must wait. @param from address of who asks
   */
  async changePassword(id: number, old: string, password: string, from: string): Promise<void> {
    const holder = this.#sessions.holder(id);
    if (holder?.method !== 'password') throw new Refusal(403, 'A password is changed by who signed in with it: do so first.');
    const tried = this.#byName('password', holder.name, from);
    this.#attempts.begin(tried, this.#now());
    if (!(await this.#hashes.matches(old, this.#users.named(holder.name)!.password))) throw new Refusal(403, 'The old password is wrong.');
    this.#attempts.right(tried);
    await this.#users.update(holder.name, { password }, { stays: id });
  }

  endSession(id: number): void {
    this.#sessions.end(id);
  }

  breakGlass(id: number): number {
    return this.#sessions.breakGlass(id, this.#now());
  }

  /** Keys that no name which somebody types makes alike. */
  #byName(method: string, name: string, from: string): Tried {
    return [[this.#attempter(`${method} at`, `${from} ${name}`), OF_ONE], [this.#attempter(`${method} of`, name), OF_A_NAME]];
  }

  /** By whom or from where attempts are counted. Hashed: what is typed for a name may be a password. */
  #attempter(how: string, whom: string): string {
    return createHmac('sha256', this.#key).update(`${how} ${whom}`).digest('base64url');
  }

  close(): void {
    this.#db.close();
  }
}

const WRONG = {
  password: 'Name or password is wrong, or the account is disabled.',
  pin: 'Name or PIN is wrong, or the account is disabled.',
  badge: 'This badge is not known, or its account is disabled.',
} as const;
