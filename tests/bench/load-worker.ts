import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** Requests at a rate, whatever the answers take: who waits for a slow answer still asks in time. */
export interface LoadOrder {
  readonly port: number;
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface LoadReport {
  /** From the moment a request was due to the end of its answer, ms, in order. */
  readonly latencies: Float64Array;
  readonly refused: number;
  /** Mean size of an answer by path, with its headers. */
  readonly bytes: readonly number[];
}

const { port, paths, perSecond, seconds, connections } = workerData as LoadOrder;
const TURN_MS = 1;
const HEAD_END = Buffer.from('\r\n\r\n');

const requests = paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
const sizes = paths.map(() => ({ sum: 0, count: 0 }));
const latencies: number[] = [];
const waiting: { path: number; due: number }[] = [];
const idle: Line[] = [];
let refused = 0;

/** One connection: one request at a time. */
class Line {
  readonly #socket: Socket;
  #asked = { path: 0, due: 0 };
  #parts: Buffer[] = [];
  #length = 0;
  /** Bytes of the whole answer; 0 until its head is there. */
  #whole = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).on('data', (data: Buffer) => this.#take(data));
  }

  ask(asked: { path: number; due: number }): void {
    this.#asked = asked;
    this.#socket.write(requests[asked.path]!);
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    this.#parts.push(data);
    this.#length += data.length;
    if (this.#whole === 0) this.#readHead();
    if (this.#whole === 0 || this.#length < this.#whole) return;
    const { path, due } = this.#asked;
    latencies.push(performance.now() - due);
    sizes[path]!.sum += this.#length;
    sizes[path]!.count++;
    this.#parts = [];
    this.#length = this.#whole = 0;
    const next = waiting.shift();
    if (next) this.ask(next);
    else idle.push(this);
  }

  #readHead(): void {
    const all = Buffer.concat(this.#parts);
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 200')) refused++;
    this.#whole = end + HEAD_END.length + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    this.#parts = [all];
  }
}

const lines = await Promise.all(
  Array.from({ length: connections }, () => new Promise<Line>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(new Line(socket))).on('error', reject);
  })),
);
idle.push(...lines);
const start = performance.now();
let sent = 0;
const turn = setInterval(() => {
  const now = performance.now();
  for (const due = Math.min(perSecond * seconds, ((now - start) / 1_000) * perSecond); sent < due; sent++) {
    const asked = { path: sent % paths.length, due: start + (sent / perSecond) * 1_000 };
    const line = idle.pop();
    if (line) line.ask(asked);
    else waiting.push(asked);
  }
  if (latencies.length < perSecond * seconds) return;
  clearInterval(turn);
  for (const line of lines) line.end();
  parentPort!.postMessage({ latencies: Float64Array.from(latencies).sort(), refused, bytes: sizes.map(({ sum, count }) => sum / Math.max(1, count)) } satisfies LoadReport);
}, TURN_MS);
