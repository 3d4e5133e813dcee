import { ANYONE, LOCAL } from '../access/principal.ts';
import type { LocalToken } from '../access/local-token.ts';
import { Problem } from './problem.ts';
import type { Identify } from './routes.ts';

/** Who a request comes from: the bearer of a token, or anyone. */
export const identifier = ({ local }: { local: LocalToken }): Identify => ({ headers: { authorization } }) => {
  if (authorization === undefined) return ANYONE;
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (secret !== undefined && local.matches(secret)) return LOCAL;
  throw new Problem(401, 'This token is not valid here: it was never given, has ended, or belongs to another site.', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
};
