import { breakGlass, changePassword, createSession, createToken, createUser, deleteSession, getSession, getToken, getUser, listTokens, listUsers, revokeToken, updateUser, type UserChange } from '#shared/api/access.ts';
import { permissionsOf, type Permission } from '#shared/access/roles.ts';
import type { AccessThread } from '../access/access-thread.ts';
import type { Principal } from '../access/principal.ts';
import { Refusal } from '../access/refusal.ts';
import { changedMeanwhile } from '../access/users.ts';
import { setSessionCookie } from './cookies.ts';
import { pageOfNamed } from './cursor.ts';
import { heed, tagged } from './precondition.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';

/** The access thread, its refusals as problems. */
export const askAccess = (access: Pick<AccessThread, 'call'>): AccessThread['call'] => (what, ...args) =>
  access.call(what, ...args).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw new Problem(503, 'Accounts cannot be used now. Health tells why.', { headers: { 'retry-after': '5' } });
    throw new Problem(error.status, error.message, { headers: error.retryAfter === undefined ? {} : { 'retry-after': String(error.retryAfter) } });
  });

/** Signing in and out, accounts, API tokens, breaking the glass. */
export function accessRoutes(access: AccessThread, identityProvider: () => string | undefined): Route[] {
  const ask = askAccess(access);
  const account = async (name: string) => (await ask('account', name)) ?? none(`account ${name}`);

  return [
    route(createSession, async ({ body: { by, bearer } }, { from, reply, note, principal: before }) => {
      const method = 'badge' in by ? 'badge' : 'pin' in by ? 'pin' : 'password';
      note({ method });
      // An account that somebody tries to come in by; what is no account may be a password typed for a name.
      const account = await ask('accountOf', by);
      if (account !== undefined) note({ user: account });
      const { secret, principal } = await ask('signIn', by, from);
      // Whoever was there has left.
      if (before.session) await ask('endSession', before.session.id);
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
    route(changePassword, async ({ body: { old, password } }, { from, principal }) => {
      if (!principal.session) throw new Problem(401, 'Sign in first: a password is changed by who it belongs to.');
      await ask('changePassword', principal.session.id, old, password, from);
    }),
    route(breakGlass, async ({ body: { reason } }, { principal, note }) => {
      note({ reason });
      if (!principal.session) throw new Problem(409, 'Only who has signed in can break the glass: sign in as yourself first.');
      return { until: await ask('breakGlass', principal.session.id) };
    }),
    route(listUsers, async ({ query }) => pageOfNamed(await ask('listUsers'), ({ name }) => name, query)),
    route(createUser, ({ body }, { note, principal }) => {
      note({ user: body.name, roles: body.roles.join(' '), ...changed(body) });
      within(principal, permissionsOf(body.roles));
      return ask('createUser', body);
    }),
    route(getUser, ({ params: { name } }) => account(name)),
    route(updateUser, async ({ params: { name }, body }, caller) => {
      const { note, principal, reply } = caller;
      note({ ...(body.roles ? { roles: body.roles.join(' ') } : {}), ...(body.disabled === undefined ? {} : { disabled: body.disabled }), ...changed(body) });
      const now = await account(name);
      within(principal, permissionsOf([...now.roles, ...(body.roles ?? [])]));
      heed(caller, now, changedMeanwhile(now));
      return tagged(reply, await ask('updateUser', name, body, now.version));
    }),
    route(listTokens, async ({ query }) => pageOfNamed(await ask('listTokens'), ({ name }) => name, query)),
    route(getToken, async ({ params: { name } }) => (await ask('token', name)) ?? none(`token ${name}`)),
    route(createToken, ({ body }, { note, principal }) => {
      note({ token: body.name, scopes: body.scopes.join(' '), days: body.days });
      within(principal, body.scopes);
      return ask('createToken', body);
    }),
    route(revokeToken, ({ params: { name } }) => ask('revokeToken', name)),
  ];
}

function none(what: string): never {
  throw new Problem(404, `There is no ${what}.`);
}

/** Throws a {@link Problem} (403) where a token would give more than it has: who gets hold of one must not become an administrator by it. */
export function within({ kind, name, permissions }: Principal, given: Iterable<Permission>): void {
  const more = kind === 'token' ? [...given].filter((permission) => !permissions.has(permission)) : [];
  if (more.length > 0) throw new Problem(403, `The token ${name} lacks ${more.join(', ')} itself, and cannot give it or change who has it.`);
}

export const secure = (reply: Caller['reply']): boolean => reply.request.protocol === 'https';

const who = ({ kind, name, roles, permissions, session }: Principal) => ({
  kind, name, roles: [...roles], permissions: [...permissions],
  ...(session ? { session: { method: session.method, ends: session.ends, idleMs: session.idleMs, glassUntil: session.glassUntil } } : {}),
});

/** Which secrets were given or taken away; never what they are. */
const changed = (change: UserChange): Record<string, string> =>
  Object.fromEntries((['password', 'pin', 'badge'] as const).filter((secret) => change[secret] !== undefined).map((secret) => [secret, change[secret] === null ? 'taken away' : 'set']));
