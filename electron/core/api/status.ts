import { getHealth, getOpenApi, getReadiness, type Health } from '#shared/api/status.ts';
import type { Answered } from '#shared/api/operation.ts';
import { Kept } from './kept-answers.ts';
import { Problem } from './problem.ts';
import { route, type Route } from './routes.ts';

export interface StatusParts {
  readonly health: () => Health;
  /** Why boards do not show the whole present yet; undefined once they do. */
  readonly lacking: () => string | undefined;
  readonly document: () => Answered<typeof getOpenApi>;
}

/** What the core is at, for people and for whatever watches over it. */
export function statusRoutes({ health, lacking, document }: StatusParts): Route[] {
  let description: Kept<Answered<typeof getOpenApi>> | undefined;
  return [
    route(getHealth, health),
    route(getReadiness, () => {
      const { store, broker } = health();
      const why = lacking() ?? (store === 'ok' ? undefined : store) ?? (broker === 'connected' ? undefined : `the broker is ${broker}`);
      if (why !== undefined) throw new Problem(503, why);
      return { ready: true as const };
    }),
    // Half a megabyte that never changes, for anyone.
    route(getOpenApi, () => (description ??= new Kept(document()))),
  ];
}
