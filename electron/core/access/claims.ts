import type { Role } from '#shared/access/roles.ts';
import type { OidcSettings } from '#shared/oidc.ts';

type Claims = Readonly<Record<string, unknown>>;

/** As accounts here are called. */
const NAME = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

/** A claim by its name, which may hold dots itself, or else by the way to it. */
function claimIn(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const part of name.split('.')) at = typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? (at as Claims)[part] : undefined;
  return at;
}

/** Name of an account in a claim, in lower case; undefined if it is none. */
export function nameIn(claims: Claims, claim: string): string | undefined {
  const value = claimIn(claims, claim);
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  return NAME.test(name) ? name : undefined;
}

/** Groups in a claim: one text or a list of them; undefined if there is no such claim. */
export function groupsIn(claims: Claims, claim: string): string[] | undefined {
  const value = claimIn(claims, claim);
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).filter((group): group is string => typeof group === 'string');
}

/** Roles that groups have here; a group that the site document does not name has none. */
export const rolesFrom = (groups: readonly string[], roles: OidcSettings['roles']): Role[] => [...new Set(groups.flatMap((group) => (Object.hasOwn(roles, group) ? roles[group]! : [])))];
