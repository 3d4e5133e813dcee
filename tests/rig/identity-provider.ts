import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { Server } from 'node:http';
import { Provider } from 'oidc-provider';
import type { Browsing } from './browsing.ts';

export interface Person {
  readonly sub: string;
  readonly name: string;
  readonly groups: readonly string[];
}

const HOUR_S = 3_600;

/** A real OpenID provider on loopback. Whoever it knows signs in with any password, and it can be made to say what is not so. */
export class TestIdentityProvider {
  readonly issuer: string;
  readonly people = new Map<string, Person>();
  /** Claims that its next tokens say otherwise; signed as the others are. */
  lies: Readonly<Record<string, unknown>> = {};
  /** Signs its next tokens with a key that it does not publish. */
  forged = false;
  readonly #port: number;
  readonly #provider: Provider;
  readonly #keys: Readonly<Record<'own' | 'other', KeyObject>>;
  #server: Server | undefined;

  constructor(port: number, { clientId, clientSecret, callback }: { clientId: string; clientSecret: string; callback: string }) {
    this.#port = port;
    this.issuer = `http://127.0.0.1:${port}`;
    const [own, other] = [newKey(), newKey()];
    this.#keys = { own, other };
    this.#provider = new Provider(this.issuer, {
      clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [callback], post_logout_redirect_uris: [new URL('/', callback).href] }],
      jwks: { keys: [{ ...own.export({ format: 'jwk' }), kid: 'own', alg: 'RS256', use: 'sig' }] },
      cookies: { keys: ['of a test'] },
      claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
      pkce: { required: () => true },
      ttl: { AccessToken: HOUR_S, AuthorizationCode: 60, IdToken: HOUR_S, Grant: HOUR_S, Interaction: HOUR_S, Session: HOUR_S },
      findAccount: (_, subject) => {
        const person = [...this.people.values()].find(({ sub }) => sub === subject);
        return person && { accountId: person.sub, claims: () => ({ sub: person.sub, preferred_username: person.name, groups: [...person.groups] }) };
      },
    });
    this.#provider.use(async (ctx, next) => {
      await next();
      const body = ctx.body as { id_token?: string } | undefined;
      if (ctx.path === '/token' && body?.id_token && (this.forged || Object.keys(this.lies).length > 0)) ctx.body = { ...body, id_token: this.#signedAnew(body.id_token) };
    });
  }

  async start(): Promise<void> {
    this.#server = this.#provider.listen(this.#port, '127.0.0.1');
    await new Promise((resolve) => this.#server!.once('listening', resolve));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  /** Signs somebody in at the pages of the provider; the address that it sends the browser back to. */
  async signIn(browser: Browsing, at: string, { sub: login }: Person): Promise<URL> {
    let page = await browser.follow(at, this.issuer);
    for (let steps = 0; page.url.origin === this.issuer; steps++) {
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1];
      const action = /action="([^"]+)"/.exec(page.text)?.[1];
      if (!prompt || !action || steps > 3) throw new Error(`the provider shows no form: ${page.status} ${page.text.slice(0, 500)}`);
      page = await browser.follow(new URL(action, page.url).href, this.issuer, new URLSearchParams({ prompt, login, password: 'any' }));
    }
    return page.url;
  }

  /** Signs out at the pages of the provider; the address that it sends the browser back to. */
  async signOut(browser: Browsing, at: string): Promise<URL> {
    const asked = await browser.follow(at, this.issuer);
    const [action, xsrf] = [/action="([^"]+)"/.exec(asked.text)?.[1], /name="xsrf" value="(\w+)"/.exec(asked.text)?.[1]];
    if (!action || !xsrf) throw new Error(`the provider shows no form: ${asked.status} ${asked.text.slice(0, 500)}`);
    return (await browser.follow(new URL(action, asked.url).href, this.issuer, new URLSearchParams({ xsrf, logout: 'yes' }))).url;
  }

  #signedAnew(token: string): string {
    const claims = { ...(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object), ...this.lies };
    const text = `${token.split('.')[0]!}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return `${text}.${sign('sha256', Buffer.from(text), this.#keys[this.forged ? 'other' : 'own']).toString('base64url')}`;
  }
}

const newKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
