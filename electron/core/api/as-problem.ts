import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError } from 'fastify';
import { NotNow } from '../store/reader-thread.ts';
import { Problem, PROBLEM_MEDIA } from './problem.ts';

/** Seconds after which who met a busy core may try again. */
const BUSY_S = 5;

const busy = (detail: string) => new Problem(503, detail, { headers: { 'retry-after': String(BUSY_S) } });

/** What the framework refuses is at fault with the caller and says so; anything else is ours, and its text stays in the log. */
export function asProblem(error: FastifyError | Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof NotNow) return busy(error.message);
  const { statusCode: status = 500, code } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return busy('No answer in time: the core is busy, or this is too much at once.');
  return status >= 400 && status < 500 ? new Problem(status, error.message) : new Problem(500, 'Vigil failed at this; its log has the fault.');
}

const BEFORE_A_REQUEST: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'The request did not come to its end in time.'),
  HPE_HEADER_OVERFLOW: new Problem(431, 'The headers are larger than 16 KiB.'),
};

/** Answers what is no request that the framework could be given. */
export function clientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = BEFORE_A_REQUEST[error.code ?? ''] ?? new Problem(400, 'This is no HTTP request.');
  const body = JSON.stringify(problem.body);
  if (socket.writable) socket.write(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nContent-Type: ${PROBLEM_MEDIA}\r\nConnection: close\r\n\r\n${body}`);
  socket.destroySoon();
}
