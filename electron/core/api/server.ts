import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyError } from 'fastify';
import type { WebSocket } from 'ws';
import type { FromCore } from '#shared/link/messages.ts';
import type { AuditDesk } from '../access/audit-desk.ts';
import type { Principal } from '../access/principal.ts';
import type { Hub } from '../link/hub.ts';
import { guard } from './guard.ts';
import { Idempotency } from './idempotency.ts';
import { Problem, PROBLEM_MEDIA } from './problem.ts';
import type { RequestCounts } from './request-counts.ts';
import { serve, type Identify, type Route } from './routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

export interface ApiOptions {
  readonly host: string;
  readonly port: number;
  readonly hub: Hub;
  /** Built pages of the wall; absent in a core without them. */
  readonly rendererDir: string | undefined;
  readonly routes: readonly Route[];
  readonly identify: Identify;
  readonly requests: RequestCounts;
  /** Takes down every write, and every read that says so. */
  readonly audit: AuditDesk;
  readonly log: (line: string) => void;
}

/** Bytes queued on one socket before it counts as gone; the link's own back-pressure acts far earlier. */
const SOCKET_LIMIT = 16 * 1024 * 1024;
const BODY_LIMIT = 1024 * 1024;

/** Starts the HTTP and WebSocket server: the API, the wall for browsers, and its link. Throws, naming the port, if it is taken. */
export async function startApi({ host, port, hub, rendererDir, routes, identify, requests, audit, log }: ApiOptions): Promise<{ url: string; close(): Promise<void> }> {
  const server = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: BODY_LIMIT, requestTimeout: 30_000 });
  server.decorateRequest('principal');
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = asProblem(error);
    if (problem.status === 500) log(`${request.method} ${request.routeOptions.url ?? '(no route)'} failed: ${error.stack}`);
    return reply.code(problem.status).headers(problem.headers).type(PROBLEM_MEDIA).send(problem.body);
  });
  server.setNotFoundHandler(() => {
    throw new Problem(404, 'There is nothing at this address.');
  });
  requests.watch(server);
  guard(server);
  await server.register(fastifyWebsocket, { options: { maxPayload: 64 * 1024, perMessageDeflate: false } });
  server.get('/link', { websocket: true }, (socket) => attach(socket, hub));
  const keys = new Idempotency();
  for (const route of routes) serve(server, keys.around(route), identify, audit);
  if (rendererDir) await server.register(fastifyStatic, { root: rendererDir, index: 'index.html' });
  await listen(server, host, port);
  const address = server.server.address() as { port: number };
  return { url: `http://${host}:${address.port}`, close: () => server.close() };
}

/** What the framework refuses is at fault with the caller and says so; anything else is ours, and its text stays in the log. */
function asProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? new Problem(status, error.message) : new Problem(500, 'Vigil failed at this; its log has the fault.');
}

function attach(socket: WebSocket, hub: Hub): void {
  const session = hub.open((message: FromCore) => {
    if (socket.bufferedAmount > SOCKET_LIMIT) socket.terminate();
    else socket.send(JSON.stringify(message));
  });
  socket.on('message', (data: Buffer) => session.receive(parsed(data)));
  socket.on('close', () => session.close());
  socket.on('error', () => socket.terminate());
}

/** What a frame holds; undefined, which the hub answers as it answers any bad message, if it is no JSON. */
function parsed(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function listen(server: ReturnType<typeof Fastify>, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken: is Vigil running already? Stop it, or choose --port.`, { cause: error });
  }
}
