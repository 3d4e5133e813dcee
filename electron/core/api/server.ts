import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { FromCore } from '#shared/link/messages.ts';
import type { Trouble } from '#shared/sources.ts';
import type { Hub } from '../link/hub.ts';
import type { ReaderThread } from '../store/reader-thread.ts';
import { guard } from './guard.ts';
import { metricRoutes } from './metrics.ts';
import { sourceRoutes, type SourceRoutes } from './sources.ts';

export interface ApiOptions {
  readonly host: string;
  readonly port: number;
  readonly hub: Hub;
  /** Built pages of the wall; absent in a core without them. */
  readonly rendererDir: string | undefined;
  readonly reader: ReaderThread;
  readonly health: () => Record<string, unknown>;
  readonly sources: SourceRoutes;
  /** The site's clock and what is wrong now. */
  readonly running: { now(): number; troubles(): readonly Trouble[] };
}

/** Bytes queued on one socket before it counts as gone; the link's own back-pressure acts far earlier. */
const SOCKET_LIMIT = 16 * 1024 * 1024;

/** Starts the HTTP and WebSocket server: the wall for browsers, its link, and health. Throws, naming the port, if it is taken. */
export async function startApi({ host, port, hub, rendererDir, reader, health, sources, running }: ApiOptions): Promise<{ url: string; close(): Promise<void> }> {
  const server = Fastify({ logger: false, forceCloseConnections: true });
  guard(server);
  await server.register(fastifyWebsocket, { options: { maxPayload: 64 * 1024, perMessageDeflate: false } });
  server.get('/link', { websocket: true }, (socket) => attach(socket, hub));
  server.get('/api/v1/ops/health', () => health());
  metricRoutes(server, reader, running);
  sourceRoutes(server, sources);
  if (rendererDir) await server.register(fastifyStatic, { root: rendererDir, index: 'index.html' });
  await listen(server, host, port);
  const address = server.server.address() as { port: number };
  return { url: `http://${host}:${address.port}`, close: () => server.close() };
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

async function listen(server: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken: is Vigil running already? Stop it, or choose --port.`, { cause: error });
  }
}
