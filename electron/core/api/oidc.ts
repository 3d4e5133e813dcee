import { oidcCallback, oidcLogin, oidcLogout } from '#shared/api/oidc.ts';
import { API_BASE } from '#shared/api/operation.ts';
import type { OidcSettings } from '#shared/oidc.ts';
import type { AccessThread } from '../access/access-thread.ts';
import { clientSecret, IdentityProvider, NotVouched, type Underway } from '../access/identity-provider.ts';
import { askAccess, secure } from './access.ts';
import { cookieOf, setSessionCookie } from './cookies.ts';
import { Problem } from './problem.ts';
import { route, type Caller, type Route } from './routes.ts';
import { Sealer } from './sealed.ts';
import { HTML_MEDIA, smallPage } from './small-page.ts';

export interface OidcParts {
  readonly access: AccessThread;
  /** What the site document says now; undefined where it names no provider. */
  readonly settings: () => OidcSettings | undefined;
  /** Where the client's secret is looked for, in this order. */
  readonly secretDirs: readonly string[];
  readonly log: (line: string) => void;
}

const COOKIE = 'vigil_oidc';
/** For signing in at the provider, a second factor included. */
const UNDERWAY_S = 10 * 60;

/** A sign-in under way, as its browser holds it sealed. */
interface Held extends Underway {
  readonly provider: string;
  readonly onward: string;
  /** Epoch ms. */
  readonly until: number;
}

/** Lax: sent when the provider leads the browser back, which a Strict one is not. */
const setUnderway = (sealed: string, seconds: number, tls: boolean): string => `${COOKIE}=${sealed}; Path=${API_BASE}/oidc; HttpOnly; SameSite=Lax; Max-Age=${seconds}${tls ? '; Secure' : ''}`;

/** Signing in through an identity provider. */
export function oidcRoutes({ access, settings, secretDirs, log }: OidcParts): Route[] {
  const ask = askAccess(access);
  const sealer = new Sealer();
  let current: { readonly as: string; readonly provider: IdentityProvider } | undefined;

  /** The provider of the site document; a changed document or secret is another. */
  const provider = (): { issuer: string; provider: IdentityProvider } => {
    const said = settings();
    if (!said) throw new Problem(404, 'This site has no identity provider: sign in with a local account.');
    const secret = clientSecret(said, secretDirs);
    const as = JSON.stringify([said, secret]);
    if (current?.as !== as) current = { as, provider: new IdentityProvider(said, secret) };
    return { issuer: said.issuer, provider: current.provider };
  };
  /** @param doing what may fail because nobody is vouched for */
  const told = async <T>(doing: () => Promise<T>): Promise<T> => {
    try {
      return await doing();
    } catch (error) {
      if (!(error instanceof NotVouched)) throw error;
      log(`signing in through the identity provider failed: ${error.message}`);
      throw new Problem(error.away ? 503 : 401, error.message);
    }
  };

  /** Where a browser signs out at the provider. Who has left here has left, be the provider there or not. */
  const wayOut = async (back: string): Promise<URL | undefined> => {
    if (!settings()) return undefined;
    try {
      return await provider().provider.end(back);
    } catch (error) {
      log(`signing out at the identity provider failed: ${(error as Error).message}`);
      return undefined;
    }
  };

  return [
    route(oidcLogin, ({ query }, { reply }) => told(async () => {
      const { issuer, provider: through } = provider();
      const { to, underway } = await through.begin(callbackOf(reply));
      const held: Held = { ...underway, provider: issuer, onward: query.return, until: Date.now() + UNDERWAY_S * 1_000 };
      reply.header('set-cookie', setUnderway(sealer.seal(held), UNDERWAY_S, secure(reply))).header('cache-control', 'no-store').header('location', to.href);
    })),
    route(oidcLogout, async (_, { principal, reply }) => {
      if (principal.session) await ask('endSession', principal.session.id);
      const to = await wayOut(`${originOf(reply)}/`);
      reply.header('set-cookie', setSessionCookie('', 0, secure(reply))).header('cache-control', 'no-store').header('location', to?.href ?? '/');
    }),
    route(oidcCallback, ({ query }, { reply, note }) => told(async () => {
      const { issuer, provider: through } = provider();
      const sealed = cookieOf(reply.request.headers.cookie, COOKIE);
      const held = sealed === undefined ? undefined : (sealer.open(sealed) as Held | undefined);
      if (!held || held.until < Date.now() || held.provider !== issuer) throw new Problem(400, 'No sign-in is under way in this browser, or it took longer than ten minutes: begin it again.');
      if (held.state !== query.state) throw new Problem(400, 'This answer belongs to another sign-in than the last that was begun in this browser: begin it again.');
      note({ method: 'oidc', issuer });
      const vouched = await through.finish(new URL(`${callbackOf(reply)}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined))}`), held);
      note({ user: `oidc:${vouched.name}`, roles: vouched.roles.join(' ') });
      const { secret, principal } = await ask('admit', vouched);
      note({ user: principal.name });
      reply
        .header('set-cookie', [setSessionCookie(secret, Math.ceil((principal.session!.ends - Date.now()) / 1_000), secure(reply)), setUnderway('', 0, secure(reply))])
        .header('cache-control', 'no-store')
        .type(HTML_MEDIA);
      return smallPage('Signed in', `As ${principal.name}: ${principal.roles.join(', ')}.`, held.onward);
    })),
  ];
}

/** The core by the name that the browser asked by; the server has checked that it is one of its own. */
const originOf = ({ request }: Caller['reply']): string => `${request.protocol}://${request.headers.host}`;
const callbackOf = (reply: Caller['reply']): string => `${originOf(reply)}${API_BASE}/oidc/callback`;
