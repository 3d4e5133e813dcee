import { isIP } from 'node:net';
import type { Server as SecureServer } from 'node:tls';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { AuditDesk } from '../access/audit-desk.ts';
import type { Principal } from '../access/principal.ts';
import type { Hub } from '../link/hub.ts';
import { whenRenewed, type Keys } from '../tls/key-files.ts';
import { asProblem, clientError } from './as-problem.ts';
import { AtWork } from './at-work.ts';
import { sessionCookie } from './cookies.ts';
import { HTML_MEDIA, navigates, smallPage } from './small-page.ts';
import { LinkDesk } from './link-desk.ts';
import { attachLink, POLICY } from './link-socket.ts';
import { guard } from './guard.ts';
import { Idempotency } from './idempotency.ts';
import { limit, limitConnections } from './limits.ts';
import type { Listening } from './listening.ts';
import { Problem, PROBLEM_MEDIA } from './problem.ts';
import type { RequestCounts } from './request-counts.ts';
import { admit, serve, type Identify, type Route } from './routes.ts';
import type { Standing } from './standing.ts';
import { Unread } from './unread.ts';
import type { WaitingFiles } from './waiting-files.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

export interface ApiOptions {
  readonly listening: Listening;
  readonly hub: Hub;
  /** Built pages of the wall; absent in a core without them. */
  readonly rendererDir: string | undefined;
  readonly routes: readonly Route[];
  readonly identify: Identify;
  /** Ends links whose session or token has ended. */
  readonly standing: Standing;
  readonly requests: RequestCounts;
  /** Files that pages have had made. */
  readonly files: WaitingFiles;
  /** Takes down every write, and every read that says so. */
  readonly audit: AuditDesk;
  readonly log: (line: string) => void;
  /** How often certificates are looked at for new ones, in ms. */
  readonly renewMs?: number;
}

const BODY_LIMIT = 1024 * 1024;
/** For a request to come in whole, and of it for its headers. */
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
/** Characters of one part of a path: the pseudonym of a key is the longest. */
const PARAM_LIMIT = 256;
/** Walls, desks and integrations of one hospital are some hundreds. */
const CONNECTIONS = 4_000;

/** Starts the HTTP and WebSocket server: the API, the wall for browsers, and its link. Throws, naming the port, if it is taken. */
export async function startApi({ listening: { host, port, names, tls }, hub, rendererDir, routes, identify, standing, requests, files, audit, log, renewMs }: ApiOptions): Promise<{ url: string; close(): Promise<void> }> {
  const refuse = (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    const problem = asProblem(error);
    if (problem.status === 500) log(`${request.method} ${request.routeOptions.url ?? '(no route)'} failed: ${error.stack}`);
    reply.code(problem.status).header('cache-control', 'no-store').headers(problem.headers);
    return navigates(request) ? reply.type(HTML_MEDIA).send(smallPage(problem.body.title, problem.message)) : reply.type(PROBLEM_MEDIA).send(problem.body);
  };
  const server = Fastify({ ...(tls ? { https: secureOptions(tls.keys) } : {}), logger: false, forceCloseConnections: true, bodyLimit: BODY_LIMIT, requestTimeout: REQUEST_MS, routerOptions: { maxParamLength: PARAM_LIMIT }, clientErrorHandler: clientError, frameworkErrors: (error, request, reply) => void refuse(error, request as FastifyRequest, reply as FastifyReply) });
  Object.assign(server.server, { headersTimeout: HEADERS_MS, maxConnections: CONNECTIONS });
  server.decorateRequest('principal');
  server.setErrorHandler(refuse);
  server.setNotFoundHandler(() => {
    throw new Problem(404, 'There is nothing at this address.');
  });
  requests.watch(server);
  guard(server, names);
  limit(server);
  limitConnections(server.server);
  new Unread(log).watch(server, tls !== undefined);
  await server.register(fastifyWebsocket, { options: { maxPayload: BODY_LIMIT, perMessageDeflate: false, autoPong: false } });
  server.get('/link', { websocket: true, onRequest: async (request) => admit((request.principal = await identify(request)), 'views.read') }, (socket, request) => {
    attachLink(socket, hub, request.ip, sessionCookie(request.headers.cookie));
    socket.once('close', standing.hold(request, 'views.read', () => socket.close(POLICY, 'what this link was opened with has ended')));
  });
  const keys = new Idempotency();
  const atWork = new AtWork();
  for (const route of routes) serve(server, atWork.around(keys.around(route)), identify, audit);
  if (rendererDir) await server.register(fastifyStatic, { root: rendererDir, index: 'index.html' });
  if (tls) {
    const secure = server.server as unknown as SecureServer;
    const stop = whenRenewed(tls.files, tls.keys, { renewed: (keys) => secure.setSecureContext(secureOptions(keys)), log, ...(renewMs === undefined ? {} : { everyMs: renewMs }) });
    server.addHook('onClose', async () => stop());
  }
  await listen(server, host, port);
  const operations = new Map(routes.map(({ operation }) => [operation.id, operation]));
  hub.serve((from, cookie) => new LinkDesk(server, operations, { files, from, cookie, log }));
  const address = server.server.address() as { port: number };
  return { url: `${tls ? 'https' : 'http'}://${names[0] ?? (isIP(host) === 6 ? `[${host}]` : host)}:${address.port}`, close: () => server.close() };
}

/** With certificates of clients to be trusted, who shows none is not listened to. */
const secureOptions = (keys: Keys) => ({ ...keys, minVersion: 'TLSv1.2' as const, ...(keys.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true }) });

async function listen(server: ReturnType<typeof Fastify>, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken: is Vigil running already? Stop it, or choose --port.`, { cause: error });
  }
}
