import { z } from 'zod';
import { defineOperation } from './operation.ts';

/** A page of this core: begins with one slash, so that no browser takes it for another host, and leads to no operation. */
const returnPath = () => z.string().max(512).regex(/^\/([!-.0-[\]-~][!-[\]-~]*)?$/, 'a path of this core such as /#/overview').refine((path) => !path.startsWith('/api/'), 'a page, not an operation');

export const oidcLogin = defineOperation({
  id: 'oidcLogin', method: 'GET', path: '/oidc/login', tag: 'access', summary: 'Sign in through the identity provider of the site', permission: 'anyone',
  description: 'Sends a browser to the provider (OpenID Connect, authorization code with PKCE) and keeps state, nonce and verifier sealed in a cookie of ten minutes.',
  query: z.strictObject({ return: returnPath().default('/') }), status: 302, problems: [404, 503],
});

export const oidcLogout = defineOperation({
  id: 'oidcLogout', method: 'GET', path: '/oidc/logout', tag: 'access', summary: 'Sign out here and at the identity provider', permission: 'anyone',
  description: 'Ends the session of the browser and sends it to the provider\'s own sign-out (RP-Initiated Logout), which leads back to the pages; to these at once where the provider has none or is away.',
  status: 302, audited: true, problems: [503],
});

export const oidcCallback = defineOperation({
  id: 'oidcCallback', method: 'GET', path: '/oidc/callback', tag: 'access', summary: 'Where the identity provider sends a browser back to', permission: 'anyone',
  description: 'Answers a page that leads on to where the sign-in began, with the cookie of the session. It is no redirect: a browser would not send a SameSite=Strict cookie on a way that began at another site.',
  query: z.object({ state: z.string().max(128), code: z.string().max(3_000).optional(), iss: z.string().max(512).optional(), error: z.string().max(128).optional(), error_description: z.string().max(1_024).optional() }),
  answer: z.string(), media: 'text/html', audited: true, problems: [404, 409, 503],
});
