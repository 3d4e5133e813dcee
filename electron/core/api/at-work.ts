import { network } from './limits.ts';
import { Problem } from './problem.ts';
import type { Caller, Route } from './routes.ts';

/** Costly questions of one caller at work at once. Further ones would wait for those, and everybody else for them. */
export const COSTLY_EACH = 8;

/** Counts what of each caller's costly questions is at work, and refuses more than one caller may have. */
export class AtWork {
  readonly #each: number;
  readonly #held = new Map<string, number>();

  constructor(each = COSTLY_EACH) {
    this.#each = each;
  }

  /** The route as it is, or with each of its callers held to their share where it is costly. */
  around(route: Route): Route {
    if (!route.operation.costly) return route;
    const handler: Route['handler'] = async (asked, caller) => {
      const who = named(caller);
      const now = this.#held.get(who) ?? 0;
      if (now >= this.#each) throw new Problem(429, `${now} such questions of ${caller.principal.kind === 'anyone' ? 'this address' : caller.principal.name} are at work: ask again when one is answered.`, { headers: { 'retry-after': '1' } });
      this.#held.set(who, now + 1);
      try {
        return await route.handler(asked, caller);
      } finally {
        const left = this.#held.get(who)! - 1;
        if (left === 0) this.#held.delete(who);
        else this.#held.set(who, left);
      }
    };
    return { ...route, handler };
  }
}

const named = ({ principal: { kind, name }, from }: Caller) => (kind === 'anyone' ? `from ${network(from)}` : `${kind} ${name}`);
