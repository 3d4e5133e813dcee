import type { Role } from '#shared/access/roles.ts';

/** Whom an identity provider vouches for. */
export interface Vouched {
  /** Issuer and subject: alone what stays (OpenID Connect Core, 5.7). */
  readonly subject: string;
  /** What the provider calls them, as an account here may be called. */
  readonly name: string;
  readonly roles: readonly Role[];
}
