import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { followOps, opsQuery } from '#shared/api/live.ts';
import type { OpsName } from '../ops/bus.ts';
import type { OpsLive, OpsStream } from '../ops/live.ts';
import { POLICY } from './link-socket.ts';
import { Problem } from './problem.ts';
import { admit, route, type Identify, type Route } from './routes.ts';
import type { Standing } from './standing.ts';

/** A comment so often, so that proxies and readers know that the stream is alive. */
const ALIVE_MS = 15_000;
/** Beyond so many bytes that a reader has not taken, it misses what happens. */
const ROOM = 256 * 1024;

/** Ops events as server-sent events. */
class OpsEvents extends Readable {
  readonly #stream: OpsStream;
  readonly #alive: NodeJS.Timeout;

  constructor(live: OpsLive, types: readonly OpsName[]) {
    super({ highWaterMark: ROOM });
    this.#stream = live.follow(types, {
      say: (type, text, id) => this.push(`${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${text}\n\n`),
      room: () => this.readableLength < ROOM,
    });
    this.#alive = setInterval(() => this.push(': alive\n\n'), ALIVE_MS);
    // Whoever listens is told at once that they do.
    this.push(': listening\n\n');
  }

  override _read(): void {
    this.#stream.drained();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#alive);
    this.#stream.close();
    done(error);
  }
}

/** What Vigil announces, for who has no WebSocket. */
export const opsRoutes = (live: OpsLive, standing: Standing): Route[] => [
  route(followOps, ({ query: { types } }, { reply }) => {
    const stream = new OpsEvents(live, types);
    stream.once('close', standing.hold(reply.request, followOps.permission, () => stream.destroy()));
    reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return stream as never;
  }),
];

/** The same over a WebSocket, one event a message. What is said on it is not heard. */
export function serveOpsSocket(server: FastifyInstance, live: OpsLive, identify: Identify, standing: Standing): void {
  const asked = ({ query }: FastifyRequest) => {
    const parsed = opsQuery.safeParse(query);
    if (!parsed.success) throw new Problem(400, `query types: ${parsed.error.issues[0]!.message}`);
    return parsed.data.types;
  };
  const onRequest = async (request: FastifyRequest) => {
    admit((request.principal = await identify(request)), followOps.permission);
    asked(request);
  };
  server.get('/ops-events', { websocket: true, onRequest }, (socket: WebSocket, request) => {
    const written = () => stream.drained();
    const room = () => socket.bufferedAmount <= ROOM;
    const stream = live.follow(asked(request), { say: (_, text) => socket.send(text, { binary: false }, written), room });
    const release = standing.hold(request, followOps.permission, () => socket.close(POLICY, 'what this link was opened with has ended'));
    socket.on('ping', (data: Buffer) => room() && socket.pong(data));
    socket.on('error', () => socket.terminate());
    socket.once('close', () => {
      release();
      stream.close();
    });
  });
}
