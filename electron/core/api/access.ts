import { breakGlass, createSession, createToken, createUser, deleteSession, getSession, listTokens, listUsers, revokeToken, updateUser, type UserChange } from '#shared/api/access.ts';
import type { AccessThread } from '../access/access-thread.ts';
import type { Principal } from '../access/principal.ts';
import { Refusal } from '../access/refusal.ts';
import { setSessionCookie } from './cookies.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

/** The access thread, its refusals as problems. */
export const askAccess = (access: AccessThread): AccessThread['call'] => (what, ...args) =>
  access.call(what, ...args).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw new Problem(503, 'Accounts cannot be used now. Health tells why.', { headers: { 'retry-after': '5' } });
    throw new Problem(error.status, error.message, { headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) } });
  });

/** Signing in and out, accounts, API tokens, breaking the glass. */
export function accessRoutes(access: AccessThread, identityProvider: () => string | undefined): Route[] {
  const ask = askAccess(access);

  return [
    route(createSession, async ({ body: { by, bearer } }, { from, reply, note }) => {
      const method = 'badge' in by ? 'badge' : 'pin' in by ? 'pin' : 'password';
      note({ method });
      const { secret, principal } = await ask('signIn', by, from);
      note({ user: principal.name });
      if (bearer) return { ...who(principal), secret };
      reply.header('set-cookie', setSessionCookie(secret, Math.ceil((principal.session!.ends - Date.now()) / 1_000), secure(reply)));
      return who(principal);
    }),
    route(getSession, (_, { principal }) => {
      const title = identityProvider();
      return { ...who(principal), ...(title === undefined ? {} : { identityProvider: title }) };
    }),
    route(deleteSession, async (_, { principal, reply }) => {
      if (!principal.session) throw new Problem(401, 'There is no session to end.');
      await ask('endSession', principal.session.id);
      reply.header('set-cookie', setSessionCookie('', 0, secure(reply)));
    }),
    route(breakGlass, async ({ body: { reason } }, { principal, note }) => {
      note({ reason });
      if (!principal.session) throw new Problem(409, 'Only who has signed in can break the glass: sign in as yourself first.');
      return { until: await ask('breakGlass', principal.session.id) };
    }),
    route(listUsers, () => ask('listUsers')),
    route(createUser, ({ body }, { note }) => {
      note({ user: body.name, roles: body.roles.join(' '), ...changed(body) });
      return ask('createUser', body);
    }),
    route(updateUser, ({ params: { name }, body }, { note }) => {
      note({ ...(body.roles ? { roles: body.roles.join(' ') } : {}), ...(body.disabled === undefined ? {} : { disabled: body.disabled }), ...changed(body) });
      return ask('updateUser', name, body);
    }),
    route(listTokens, () => ask('listTokens')),
    route(createToken, ({ body }, { note }) => {
      note({ token: body.name, scopes: body.scopes.join(' '), days: body.days });
      return ask('createToken', body);
    }),
    route(revokeToken, ({ params: { name } }) => ask('revokeToken', name)),
  ];
}

export const secure = (reply: Caller['reply']): boolean => reply.request.protocol === 'https';

const who = ({ kind, name, roles, permissions, session }: Principal) => ({
  kind, name, roles: [...roles], permissions: [...permissions],
  ...(session ? { session: { method: session.method, ends: session.ends, idleMs: session.idleMs, glassUntil: session.glassUntil } } : {}),
});

/** Which secrets were given or taken away; never what they are. */
const changed = (change: UserChange): Record<string, string> =>
  Object.fromEntries((['password', 'pin', 'badge'] as const).filter((secret) => change[secret] !== undefined).map((secret) => [secret, change[secret] === null ? 'taken away' : 'set']));
