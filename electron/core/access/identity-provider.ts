import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientAuth, Configuration } from 'openid-client';
import type { OidcSettings } from '#shared/oidc.ts';
import { groupsIn, nameIn, rolesFrom } from './claims.ts';
import type { Vouched } from './vouched.ts';

/** Seconds for one answer of the provider; somebody waits at a desk. */
const ANSWER_S = 8;
/** Seconds by which two machines' clocks may differ. */
const SKEW_S = 30;
/** What a provider offers is read anew after this. */
const KNOWN_MS = 60 * 60_000;
/** A provider that did not answer is asked again after this at the earliest. */
const AGAIN_MS = 3_000;

/** What a sign-in under way is recognised by when the browser comes back. */
export interface Underway {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Why a provider vouches for nobody. */
export class NotVouched extends Error {
  /** The provider is away or not as it should be: no fault of who signs in. */
  readonly away: boolean;

  constructor(away: boolean, message: string) {
    super(message);
    this.away = away;
  }
}

/** An identity provider as the site document names it: OpenID Connect by authorization code, with PKCE, state and nonce. */
export class IdentityProvider {
  readonly #settings: OidcSettings;
  readonly #secret: string | undefined;
  #known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;

  /** @param secret of the client; undefined: it is a public one */
  constructor(settings: OidcSettings, secret: string | undefined) {
    this.#settings = settings;
    this.#secret = secret;
  }

  /** Where to send a browser, and what to recognise it by. Throws {@link NotVouched} when the provider is away. @param callback address that it comes back to */
  async begin(callback: string): Promise<{ to: URL; underway: Underway }> {
    const configuration = await this.#configuration();
    const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier, randomState } = await import('openid-client');
    const underway = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    const to = buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: [...new Set(['openid', ...this.#settings.scopes])].join(' '),
      state: underway.state,
      nonce: underway.nonce,
      code_challenge: await calculatePKCECodeChallenge(underway.verifier),
      code_challenge_method: 'S256',
    });
    return { to, underway };
  }

  /** Where to send a browser to sign out at the provider; undefined: it has no such place. Throws {@link NotVouched} when it is away. @param back address that the provider leads to from there */
  async end(back: string): Promise<URL | undefined> {
    const configuration = await this.#configuration();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    const { buildEndSessionUrl } = await import('openid-client');
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: back });
  }

  /** Whom the provider vouches for. Throws {@link NotVouched}. @param answered address that the browser came back to, with its query */
  async finish(answered: URL, { state, nonce, verifier }: Underway): Promise<Vouched> {
    const configuration = await this.#configuration();
    const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client');
    try {
      const tokens = await authorizationCodeGrant(configuration, answered, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true });
      const stated = tokens.claims()!;
      const { nameClaim, rolesClaim, roles } = this.#settings;
      // Providers leave out of the token what they tell when asked.
      const lacking = nameIn(stated, nameClaim) === undefined || groupsIn(stated, rolesClaim) === undefined;
      const claims = lacking && configuration.serverMetadata().userinfo_endpoint !== undefined ? { ...(await fetchUserInfo(configuration, tokens.access_token, stated.sub)), ...stated } : stated;
      const name = nameIn(claims, nameClaim);
      if (name === undefined) throw new NotVouched(false, `The identity provider says no name in the claim ${nameClaim} that an account can have: letters, digits, ".", "_", "@" and "-", up to 64.`);
      return { subject: `${stated.iss} ${stated.sub}`, name, roles: rolesFrom(groupsIn(claims, rolesClaim) ?? [], roles) };
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** What the provider offers, read once an hour. */
  #configuration(): Promise<Configuration> {
    const { at, configuration } = this.#known ?? {};
    if (configuration && performance.now() - at! < KNOWN_MS) return configuration;
    const read = this.#discover();
    this.#known = { at: performance.now(), configuration: read };
    // Who asks at once is told at once; then it is tried again.
    read.catch(() => setTimeout(() => (this.#known = undefined), AGAIN_MS).unref());
    return read;
  }

  async #discover(): Promise<Configuration> {
    const { allowInsecureRequests, clockTolerance, ClientSecretBasic, ClientSecretPost, discovery, enableNonRepudiationChecks, None } = await import('openid-client');
    const { issuer, clientId } = this.#settings;
    const secret = this.#secret;
    // Basic is what a provider can that says nothing of it (OpenID Connect Discovery, 3).
    const auth: ClientAuth = secret === undefined ? None() : (server, ...rest) => (server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true ? ClientSecretBasic : ClientSecretPost)(secret)(server, ...rest);
    try {
      return await discovery(new URL(issuer), clientId, { [clockTolerance]: SKEW_S }, auth, {
        timeout: ANSWER_S,
        // The schema lets addresses in clear through for this machine alone.
        execute: [enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [allowInsecureRequests] : [])],
      });
    } catch (error) {
      throw new NotVouched(true, this.#told(error).message);
    }
  }

  /** By code and kind alone: what such errors carry along may be tokens. */
  #told(error: unknown): NotVouched {
    if (error instanceof NotVouched) return error;
    const { title, issuer } = this.#settings;
    const { code, error: refused, status } = error as { code?: string; error?: string; status?: number };
    if (typeof refused === 'string' && (status ?? 0) < 500) return new NotVouched(false, `${title} did not let you in (${refused}). Try again, or ask who administers it.`);
    if (code !== undefined && CHECKS.test(code)) return new NotVouched(false, `What ${title} (${issuer}) said does not hold (${code}): nobody was signed in. Try again; if it stays so, compare oidc.issuer, oidc.clientId and the clocks of both machines.`);
    return new NotVouched(true, `${title} (${issuer}) cannot be used now: ${code ?? (error as Error).name}${status === undefined ? '' : ` ${status}`}. Local accounts work on.`);
  }
}

/** Codes of checks that an answer failed, as against an answer that did not come. */
const CHECKS = /^OAUTH_(JWT_|INVALID_RESPONSE|KEY_SELECTION_FAILED|JSON_ATTRIBUTE|WWW_AUTHENTICATE)/;

/** The client's secret from the first folder that has the file. Throws, naming the file, when none has. */
export function clientSecret({ secretFile }: OidcSettings, dirs: readonly string[]): string | undefined {
  if (secretFile === undefined) return undefined;
  const file = dirs.map((dir) => join(dir, secretFile)).find((path) => existsSync(path));
  const secret = file === undefined ? '' : readFileSync(file, 'utf8').trim();
  if (secret === '') throw new NotVouched(true, `The client secret ${secretFile} is ${file === undefined ? 'not there' : 'empty'}: put it into the data directory of the core. Local accounts work on.`);
  return secret;
}
