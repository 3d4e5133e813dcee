import { Readable } from 'node:stream';
import { followOps } from '#shared/api/live.ts';
import type { Asked } from '#shared/api/operation.ts';
import type { OpsName } from '../ops/bus.ts';
import type { OpsLive, OpsStream } from '../ops/live.ts';
import { POLICY } from './link-socket.ts';
import { route, type Route } from './routes.ts';
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

/** What Vigil announces, as it happens. What is said on the WebSocket is not heard. */
export function opsRoutes(live: OpsLive, standing: Standing): Route[] {
  const events = route(followOps, ({ query: { types } }, { reply }) => {
    const stream = new OpsEvents(live, types);
    stream.once('close', standing.hold(reply.request, followOps.permission, () => stream.destroy()));
    reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return stream as never;
  });
  const socket: Route['socket'] = (asked, opened, request) => {
    const { types } = (asked as Asked<typeof followOps>).query;
    const room = () => opened.bufferedAmount <= ROOM;
    const written = () => stream.drained();
    const stream = live.follow(types, { say: (_, text) => opened.send(text, { binary: false }, written), room });
    const release = standing.hold(request, followOps.permission, () => opened.close(POLICY, 'what this link was opened with has ended'));
    opened.on('ping', (data: Buffer) => room() && opened.pong(data));
    opened.on('error', () => opened.terminate());
    opened.once('close', () => {
      release();
      stream.close();
    });
  };
  return [{ ...events, socket }];
}
