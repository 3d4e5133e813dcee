import type { Method } from '#shared/api/access.ts';
import { permissionsOf, type Permission, type Role } from '#shared/access/roles.ts';
import type { Db } from '../store/open.ts';
import type { Principal } from './principal.ts';
import { digest, newSecret } from './secrets.ts';
import { rolesOf, type UserRow } from './users.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a session lasts without a request, and at all: a shift at a desk, a look at a kiosk. */
const LASTS: Readonly<Record<Method, { idleMs: number; mostMs: number }>> = {
  password: { idleMs: 30 * MINUTE_MS, mostMs: 12 * HOUR_MS },
  oidc: { idleMs: 30 * MINUTE_MS, mostMs: 12 * HOUR_MS },
  pin: { idleMs: 2 * MINUTE_MS, mostMs: 10 * MINUTE_MS },
  badge: { idleMs: 2 * MINUTE_MS, mostMs: 10 * MINUTE_MS },
};
const GLASS_MS = 15 * MINUTE_MS;
/** A use is written down this often within the time of rest: not with each request. */
const SEEN_STEPS = 8;

/** What no PIN or badge opens: six digits or a lost card are too little to run the system with, or to take away what it holds. */
const DESK_ONLY: ReadonlySet<Permission> = new Set(['users.write', 'config.write', 'sources.write', 'patients.erase', 'log.read', 'audit.read', 'exports.read']);

/** What a badge alone does not open: who found or copied a card is nobody that the trail could name. */
const NOT_BY_BADGE: ReadonlySet<Permission> = new Set(['patients.read', 'patients.break-glass']);

/** A session of after now was begun, or used, by a clock that was set back since: nobody knows how old it is. */
const AHEAD_MS = MINUTE_MS;

interface SessionRow extends Pick<UserRow, 'name' | 'roles'> {
  readonly session_id: number;
  readonly method: Method;
  readonly seen: number;
  readonly idle_ms: number;
  readonly ends: number;
  readonly glass_until: number | null;
}

const CURRENT = `session.ends > @now AND session.seen + session.idle_ms > @now AND session.seen <= @now + ${AHEAD_MS}`;

/** Who has signed in. Rights are looked up with each request: a role taken away is gone at once. */
export class Sessions {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Begins a session of a user. Its secret is kept nowhere. */
  begin(user: UserRow, method: Method, now: number): { secret: string; principal: Principal } {
    const secret = newSecret('session');
    const { idleMs, mostMs } = LASTS[method];
    this.#db.transaction(() => {
      this.#db.prepare(`DELETE FROM session WHERE NOT (${CURRENT})`).run({ now });
      this.#db.prepare('INSERT INTO session (hash, user_id, method, created, seen, idle_ms, ends) VALUES (?, ?, ?, ?, ?, ?, ?)').run(digest(secret), user.user_id, method, now, now, idleMs, now + mostMs);
      this.#db.prepare('UPDATE user SET last_login = ? WHERE user_id = ?').run(now, user.user_id);
    }).immediate();
    return { secret, principal: this.principal(secret, now)! };
  }

  /** Who a secret belongs to; undefined if it is none, or its session has ended. Counts as a use. */
  principal(secret: string, now: number): Principal | undefined {
    const row = this.#current(secret, now);
    if (row && now - row.seen > row.idle_ms / SEEN_STEPS) this.#db.prepare('UPDATE session SET seen = ? WHERE session_id = ?').run(now, row.session_id);
    return row && this.#principalOf(row, now);
  }

  /** Like {@link principal}, and no use: who only listens is at rest. */
  look(secret: string, now: number): Principal | undefined {
    const row = this.#current(secret, now);
    return row && this.#principalOf(row, now);
  }

  #current(secret: string, now: number): SessionRow | undefined {
    return this.#db.prepare<unknown[], SessionRow>(`SELECT session.*, name, roles FROM session JOIN user USING (user_id) WHERE hash = @hash AND disabled = 0 AND ${CURRENT}`).get({ hash: digest(secret), now });
  }

  #principalOf(row: SessionRow, now: number): Principal {
    const roles = rolesOf(row);
    return { kind: 'user', name: row.name, roles, permissions: allowed(row, roles, now), session: { id: row.session_id, method: row.method, ends: row.ends, idleMs: row.idle_ms, glassUntil: row.glass_until } };
  }

  /** Whose session it is, and how it was begun; undefined if it has ended. */
  holder(id: number): { name: string; method: Method } | undefined {
    return this.#db.prepare<[number], { name: string; method: Method }>('SELECT name, method FROM session JOIN user USING (user_id) WHERE session_id = ?').get(id);
  }

  end(id: number): void {
    this.#db.prepare('DELETE FROM session WHERE session_id = ?').run(id);
  }

  /** Shows patients to this session for a while; until when (epoch ms). */
  breakGlass(id: number, now: number): number {
    this.#db.prepare('UPDATE session SET glass_until = ? WHERE session_id = ?').run(now + GLASS_MS, id);
    return now + GLASS_MS;
  }
}

function allowed({ method, glass_until: glass }: SessionRow, roles: readonly Role[], now: number): ReadonlySet<Permission> {
  const atKiosk = method === 'pin' || method === 'badge';
  const shut = (permission: Permission) => (atKiosk && DESK_ONLY.has(permission)) || (method === 'badge' && NOT_BY_BADGE.has(permission));
  const all = [...permissionsOf(atKiosk ? ['kiosk', ...roles] : roles)].filter((permission) => !shut(permission));
  // Whose right to break it was taken away meanwhile, sees nobody.
  const broken = glass !== null && glass > now && glass <= now + GLASS_MS && all.includes('patients.break-glass');
  return new Set(broken ? [...all, 'patients.read'] : all);
}
