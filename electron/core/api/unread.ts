import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.ts';

export interface UnreadLimits {
  /** A connection ends of which nothing was taken for so long while something waited, ms. */
  readonly stalledMs: number;
  /** Bytes that may wait on all connections together. Beyond, those that have taken nothing for the longest end first. */
  readonly most: number;
  /** Also then nobody ends who took something so lately, ms. */
  readonly patienceMs: number;
  readonly everyMs: number;
}

const LIMITS: UnreadLimits = { stalledMs: 30_000, most: 64 * 1024 * 1024, patienceMs: 1_000, everyMs: 250 };
/** Requests of one connection that are at work at once: each of their answers waits for the ones before. */
const MOST_AT_WORK = 4;

interface Connection {
  readonly socket: Socket;
  readonly answers: Set<ServerResponse>;
  /** Bytes that wait on the socket, and in answers that wait for those before them. */
  waiting: number;
  /** Bytes that the other side, or the network on the way there, has taken. */
  taken: number;
  /** When that last grew, or nothing waited for it: what waits for an answer before it that is still being made does not. */
  since: number;
}

/** Ends connections whose other side does not read: answers, files, streams and links wait in memory until it does. */
export class Unread {
  readonly #log: (line: string) => void;
  readonly #limits: UnreadLimits;
  readonly #connections = new Map<Socket, Connection>();

  constructor(log: (line: string) => void, limits: UnreadLimits = LIMITS) {
    this.#log = log;
    this.#limits = limits;
  }

  watch(server: FastifyInstance, tls: boolean): void {
    server.server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#connections.set(socket, { socket, answers: new Set(), taken: 0, since: performance.now(), waiting: 0 });
      socket.once('close', () => this.#connections.delete(socket));
    });
    server.addHook('onRequest', async (request, { raw }) => {
      // What is asked within the core has no connection.
      const answers = this.#connections.get(request.raw.socket)?.answers;
      if (!answers) return;
      answers.add(raw);
      raw.once('close', () => answers.delete(raw));
      if (answers.size > MOST_AT_WORK) throw new Problem(429, `${MOST_AT_WORK} requests of one connection are at work at once: read their answers first.`, { headers: { 'retry-after': '1' } });
    });
    const timer = setInterval(() => this.#look(performance.now()), this.#limits.everyMs).unref();
    server.addHook('onClose', async () => clearInterval(timer));
  }

  #look(now: number): void {
    const stalled: Connection[] = [];
    let all = 0;
    for (const connection of this.#connections.values()) {
      measure(connection, now);
      all += connection.waiting;
      if (connection.socket.writableLength > 0 && now - connection.since >= this.#limits.patienceMs) stalled.push(connection);
    }
    let ended = 0;
    for (const { socket, since, waiting } of stalled.sort((a, b) => a.since - b.since)) {
      if (now - since < this.#limits.stalledMs && all <= this.#limits.most) break;
      socket.destroy();
      all -= waiting;
      ended++;
    }
    if (ended > 0) this.#log(`${ended} connections were ended: what was sent to them was not read`);
  }
}

function measure(connection: Connection, now: number): void {
  const { socket, answers, taken: before } = connection;
  connection.taken = socket.bytesWritten - socket.writableLength;
  connection.waiting = socket.writableLength;
  // An answer has the socket once the ones before it have gone.
  for (const answer of answers) if (!answer.socket) connection.waiting += answer.writableLength;
  if (socket.writableLength === 0 || connection.taken !== before) connection.since = now;
}
