import type { AccessThread } from '../access/access-thread.ts';
import { ANYONE, LOCAL, type Principal } from '../access/principal.ts';
import type { LocalToken } from '../access/local-token.ts';
import { sessionCookie } from './cookies.ts';
import { Problem } from './problem.ts';
import type { Identify } from './routes.ts';

/** Shape of the secrets that Vigil gives: nothing else is looked up. */
const SECRET = /^vigil_(?:session|token)_[\w-]{43}$/;

/** The secret that a request comes with, as bearer or by cookie, whether or not it is one. */
export function secretOf({ authorization, cookie }: { readonly authorization?: string | undefined; readonly cookie?: string | undefined }): string | undefined {
  return authorization === undefined ? sessionCookie(cookie) : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

/**
 * Who a request comes from: the bearer of a secret, a session by its cookie, or anyone. A bearer that is not valid is
 * refused; a browser whose session has ended goes on as anyone, and is asked to sign in where that matters.
 */
export function identifier({ local, access }: { local: LocalToken; access: AccessThread }): Identify {
  const owner = async (secret: string | undefined): Promise<Principal | undefined> => (secret !== undefined && SECRET.test(secret) ? access.identify(secret).catch(unavailable) : undefined);
  return ({ headers }) => {
    const secret = secretOf(headers);
    if (headers.authorization === undefined) return secret === undefined ? ANYONE : owner(secret).then((principal) => principal ?? ANYONE);
    if (secret !== undefined && local.matches(secret)) return LOCAL;
    return owner(secret).then((principal) => {
      if (principal) return principal;
      throw new Problem(401, 'This token is not valid here: it was never given, has ended, or belongs to another site.', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
    });
  };
}

function unavailable(): never {
  throw new Problem(503, 'Nobody can be identified now: the file of accounts cannot be read. Health tells why.', { headers: { 'retry-after': '5' } });
}
