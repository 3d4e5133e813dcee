import { createHmac, randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Problem } from './problem.ts';
import type { Caller, Handler, Route } from './routes.ts';
import type { Operation } from '#shared/api/operation.ts';

/** How long, and how much of, what was answered is known again. */
export interface Bounds {
  readonly keptMs: number;
  /** Keys of all callers together. */
  readonly keys: number;
  /** Keys of one caller: nobody makes another's be forgotten. */
  readonly keysEach: number;
  /** Bytes of answers, as JSON. */
  readonly bytes: number;
}

export const BOUNDS: Bounds = { keptMs: 24 * 3_600_000, keys: 20_000, keysEach: 4_000, bytes: 32 * 1024 * 1024 };

interface First {
  readonly caller: string;
  readonly fingerprint: string;
  readonly at: number;
  readonly bytes: number;
  /** Absent while the first request is still at work. */
  readonly answer?: { readonly value: unknown; readonly status: number; readonly headers: ReturnType<FastifyReply['getHeaders']> };
}

/** RFC 8941 string, or the bare token that many clients send. */
const KEY = /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([!#$%&'*+.^_`|~0-9A-Za-z:/-]{1,255}))$/;

/**
 * Answers a write that is sent again with its first answer instead of doing it twice (IETF draft
 * idempotency-key-header-07). A key belongs to who sent it. What was refused or failed is not kept: it may be sent
 * again with its key. Kept in memory: a core that starts anew knows no key.
 */
export class Idempotency {
  readonly #now: () => number;
  readonly #bounds: Bounds;
  /** A request may hold a PIN: its fingerprint tells nothing without this. */
  readonly #secret = randomBytes(32);
  /** By caller and key, oldest first. */
  readonly #firsts = new Map<string, First>();
  readonly #each = new Map<string, number>();
  #bytes = 0;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now(), bounds: Bounds = BOUNDS) {
    this.#now = now;
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#firsts.size;
  }

  /** The route, whose handler heeds `Idempotency-Key` if its operation is repeatable. */
  around(route: Route): Route {
    const { operation, handler } = route;
    return operation.repeatable ? { operation, handler: (asked, caller) => this.#once(operation, handler, asked, caller) } : route;
  }

  async #once(operation: Operation, handler: Handler<Operation>, asked: Parameters<Handler<Operation>>[0], caller: Caller): Promise<never> {
    const header = caller.reply.request.headers['idempotency-key'];
    if (header === undefined) return (await handler(asked, caller)) as never;
    const who = callerName(caller);
    const id = `${who}\n${keyOf(header)}`;
    const fingerprint = createHmac('sha256', this.#secret).update(JSON.stringify([operation.id, asked, caller.ifMatch, caller.ifAbsent])).digest('base64');
    this.#forget();
    const first = this.#firsts.get(id);
    if (first) return this.#again(first, fingerprint, caller.reply) as never;
    this.#keep(id, { caller: who, fingerprint, at: this.#now(), bytes: 0 });
    try {
      const value = await handler(asked, caller);
      const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
      this.#drop(id);
      this.#keep(id, { caller: who, fingerprint, at: this.#now(), bytes, answer: { value, status: caller.reply.statusCode, headers: caller.reply.getHeaders() } });
      return value as never;
    } catch (error) {
      this.#drop(id);
      throw error;
    }
  }

  #again({ fingerprint, answer }: First, asked: string, reply: FastifyReply): unknown {
    if (fingerprint !== asked) throw new Problem(422, 'This Idempotency-Key was used for another request: every request that means something else needs a key of its own.');
    if (!answer) throw new Problem(409, 'The first request with this Idempotency-Key is still at work: ask again in a moment.', { headers: { 'retry-after': '1' } });
    reply.code(answer.status).headers({ ...answer.headers, 'idempotency-replayed': 'true' });
    return answer.value;
  }

  #keep(id: string, first: First): void {
    this.#firsts.set(id, first);
    this.#each.set(first.caller, (this.#each.get(first.caller) ?? 0) + 1);
    this.#bytes += first.bytes;
    const { keys, keysEach, bytes } = this.#bounds;
    if (this.#each.get(first.caller)! > keysEach) this.#dropOldest((one) => one.caller === first.caller);
    while (this.#firsts.size > keys || this.#bytes > bytes) if (!this.#dropOldest(() => true)) break;
  }

  /** Never one at work: its second would be done beside it. */
  #dropOldest(which: (first: First) => boolean): boolean {
    for (const [id, first] of this.#firsts) {
      if (!first.answer || !which(first)) continue;
      this.#drop(id);
      return true;
    }
    return false;
  }

  #drop(id: string): void {
    const first = this.#firsts.get(id);
    if (!first) return;
    this.#firsts.delete(id);
    this.#bytes -= first.bytes;
    const left = this.#each.get(first.caller)! - 1;
    if (left === 0) this.#each.delete(first.caller);
    else this.#each.set(first.caller, left);
  }

  #forget(): void {
    const until = this.#now() - this.#bounds.keptMs;
    for (const [id, { at, answer }] of this.#firsts) {
      if (at > until) return;
      if (answer) this.#drop(id);
    }
  }
}

/** Whom a key belongs to: a principal; without one, an address. */
const callerName = ({ principal: { kind, name }, from }: Caller): string => (kind === 'anyone' ? `anyone ${from}` : `${kind} ${name}`);

function keyOf(header: string | string[]): string {
  const [, quoted, bare] = KEY.exec(String(header).trim()) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) throw new Problem(400, 'Idempotency-Key: write a string of up to 255 printable characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324".');
  return key;
}
