import type { Method } from '#shared/api/access.ts';
import { permissionsOf, type Permission, type Role } from '#shared/access/roles.ts';

/** Who asks: decided once a request or link, before anything is looked up. */
export interface Principal {
  /** `anyone`: no credential; `local`: a command on this machine that can read the data directory. */
  readonly kind: 'anyone' | 'local' | 'user' | 'token';
  /** For the audit trail: login, name of the token, or the kind itself. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Of who has signed in. */
  readonly session?: Session;
}

export interface Session {
  readonly id: number;
  readonly method: Method;
  /** Epoch ms of its end, and ms of rest after which it ends before. */
  readonly ends: number;
  readonly idleMs: number;
  /** Until when patients are shown for a reason given. */
  readonly glassUntil: number | null;
}

/** What whoever reaches the core is without signing in: a wall. */
export const ANYONE: Principal = { kind: 'anyone', name: 'anyone', roles: ['wall'], permissions: permissionsOf(['wall']) };

/** A command that can read the data directory may do what an administrator may. */
export const LOCAL: Principal = { kind: 'local', name: 'local', roles: ['admin'], permissions: permissionsOf(['admin']) };
