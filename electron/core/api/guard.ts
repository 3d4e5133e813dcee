import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** Names by which this machine calls itself; anything else in Host is a rebinding attempt. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const FOREIGN = new Set(['cross-site', 'same-site']);
const SAFE = new Set(['GET', 'HEAD']);

/** Somebody follows a link, or comes back from an identity provider: the one thing of another site's page that is answered. */
const isFollowed = ({ method, headers }: FastifyRequest): boolean => SAFE.has(method) && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';

/** Nothing from elsewhere, no inline script, no frame; styles are set by script, which the policy calls inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const hostname = (host: string | undefined) => host?.replace(/:\d+$/, '').toLowerCase() ?? '';

/** Browsers keep to TLS for so long; they heed it for names alone, not for addresses (RFC 6797, 8.1.1). */
const HSTS = 'max-age=31536000';

/**
 * Refuses requests that a page of another origin could make a browser send, and sets the headers of every answer.
 * @param names in Host, besides those of this machine for itself
 */
export function guard(server: FastifyInstance, names: readonly string[]): void {
  const own = new Set([...LOOPBACK, ...names]);
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const name = hostname(host);
    const tls = request.protocol === 'https';
    if (!own.has(name)) throw new Problem(403, 'This core answers by its own names only. Is this one of them? Then start it with --public-name.');
    if (origin !== undefined && origin !== `${tls ? 'https' : 'http'}://${host}`) throw new Problem(403, 'This core answers its own pages only.');
    // Browsers without Origin on some requests say by this where they come from. Another port of this machine is the same site, to which they send cookies.
    if (FOREIGN.has(request.headers['sec-fetch-site'] as string) && !isFollowed(request)) throw new Problem(403, 'This core takes nothing from pages of other sites.');
    if (tls && !LOOPBACK.has(name)) reply.header('strict-transport-security', HSTS);
    reply.headers({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
  // An answered upgrade was refused, and its socket is no longer among those the server closes: it would hold up the core's end.
  server.addHook('onResponse', async (request) => {
    if (request.headers.upgrade !== undefined) request.raw.socket.destroySoon();
  });
}
