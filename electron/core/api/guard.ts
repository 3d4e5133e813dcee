import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

/** Names by which this machine calls itself; anything else in Host is a rebinding attempt. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

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

const hostname = (host: string | undefined) => host?.replace(/:\d+$/, '');

/** Refuses requests that a page of another origin could make a browser send, and sets the headers of every answer. */
export function guard(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    const allowed = LOOPBACK.has(hostname(host) ?? '') && (origin === undefined || origin === `http://${host}`);
    if (!allowed) throw new Problem(403, 'This core answers its own machine and its own pages only.');
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
