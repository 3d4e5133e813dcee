import type { FastifyRequest } from 'fastify';
import type { Permission } from '#shared/access/roles.ts';
import type { Principal } from '../access/principal.ts';
import { secretOf } from './identify.ts';

/** How often it is asked whether who holds a link open still may; half a minute more goes by before a socket that does not answer is cut (ws). */
const EVERY_MS = 15_000;

interface Held {
  readonly secret: string;
  readonly permission: Permission;
  readonly end: () => void;
}

/** Links stay open for hours: a session that ends meanwhile, or a right that is taken away, ends what it had opened. */
export class Standing {
  readonly #look: (secret: string) => Promise<Principal | undefined>;
  readonly #everyMs: number;
  readonly #held = new Set<Held>();
  #timer: NodeJS.Timeout | undefined;

  /** `look` tells who a secret belongs to now, and does not count as a use of it. */
  constructor(look: (secret: string) => Promise<Principal | undefined>, everyMs = EVERY_MS) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  /**
   * Calls `end` once the session or token that a request came with has ended, or has `permission` no more. Returns how
   * to stop asking. What was opened without either has nothing that could end.
   */
  hold({ headers, principal }: Pick<FastifyRequest, 'headers' | 'principal'>, permission: Permission, end: () => void): () => void {
    const secret = principal.kind === 'user' || principal.kind === 'token' ? secretOf(headers) : undefined;
    if (secret === undefined) return () => {};
    const held: Held = { secret, permission, end };
    this.#held.add(held);
    this.#timer ??= setInterval(() => void this.#ask(), this.#everyMs).unref();
    return () => this.#release(held);
  }

  #release(held: Held): void {
    this.#held.delete(held);
    if (this.#held.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #ask(): Promise<void> {
    for (const secret of new Set([...this.#held].map((held) => held.secret))) {
      let principal: Principal | undefined;
      try {
        principal = await this.#look(secret);
      } catch {
        // Nobody can be identified now, so nothing can have been taken away either; health tells of it.
        return;
      }
      for (const held of [...this.#held]) {
        if (held.secret !== secret || principal?.permissions.has(held.permission)) continue;
        this.#release(held);
        held.end();
      }
    }
  }
}
