import { defineStore } from 'pinia';
import type { InjectionKey } from 'vue';
import { computed, inject, onScopeDispose, provide } from 'vue';
import type { ComputedRef } from 'vue';
import type { LinkClient } from '../link/client.ts';
import { Projection } from './projection.ts';

/** Follows views through the link. Holds no item of its own making. */
export const useViews = defineStore('views', () => {
  let client: LinkClient | undefined;

  function connect(link: LinkClient): void {
    client = link;
  }

  function follow(view: string, params?: Record<string, string>): Projection {
    if (!client) throw new Error('a view was asked for before the link was set up');
    const projection = new Projection();
    onScopeDispose(client.subscribe(view, params, projection));
    return projection;
  }

  return { connect, follow };
});

const CURRENT: InjectionKey<Projection> = Symbol('projection of the board');

/** Subscribes the calling board, for as long as it is shown, and hands the projection to all below it. */
export function provideView(view: string, params?: Record<string, string>): Projection {
  const projection = useViews().follow(view, params);
  provide(CURRENT, projection);
  return projection;
}

export function useProjection(): Projection {
  const projection = inject(CURRENT);
  if (!projection) throw new Error('no board above provides a view');
  return projection;
}

/** One item of the board's view, by a key that may change. The core checks its shape before it leaves. */
export function useItem<T>(key: () => string): ComputedRef<T | undefined> {
  const projection = useProjection();
  return computed(() => projection.item(key()).value as T | undefined);
}

/** Keys of the view that start with a prefix, in the server's order. */
export function keysOf(projection: Projection, prefix: string): ComputedRef<string[]> {
  return computed(() => projection.keys.value.filter((key) => key.startsWith(prefix)));
}

