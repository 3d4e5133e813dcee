import { request } from 'node:http';
import type { Answer } from './api-document.ts';

export interface RawRequest {
  readonly method: string;
  /** As it goes out: nothing in it is made proper. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
}

/** Media type of an answer that has no end. */
const ENDLESS = 'text/event-stream';
const WAIT_MS = 60_000;

/** Sends a request as it is given, and gives what came back; of an answer without end the head. */
export function rawRequest(base: string, { method, path, headers = {}, body }: RawRequest): Promise<Answer & { readonly headers: Readonly<Record<string, unknown>> }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const sent = request({ hostname, port, method, path, headers: { ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }), ...headers }, agent: false, timeout: WAIT_MS }, (response) => {
      const media = response.headers['content-type'] ?? '';
      const answer = (bytes: Buffer) => resolve({ status: response.statusCode!, media, body: bytes, headers: response.headers });
      if (media.startsWith(ENDLESS)) {
        sent.destroy();
        return answer(Buffer.alloc(0));
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => answer(Buffer.concat(chunks)));
      response.on('error', reject);
    });
    let answered = false;
    sent.on('response', () => (answered = true));
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path.slice(0, 200)} within ${WAIT_MS / 1000} s`)));
    // Who refuses a body that is too large answers and hangs up while it is still being sent.
    sent.on('error', (error) => {
      if (!answered) reject(new Error(`${method} ${path.slice(0, 200)}: ${error.message}`, { cause: error }));
    });
    sent.end(body);
  });
}
