import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { z } from 'zod';
import type { diffConfig, listConfigChanges } from '#shared/api/config.ts';
import { useSession } from '../stores/session.ts';

type Change = z.output<typeof listConfigChanges.answer>['items'][number];
type Diff = z.output<typeof diffConfig.answer>;

/** Earlier versions of the site document: a page of them at a time, and where two of them differ. */
export const useConfigHistory = defineStore('configuration history', () => {
  const session = useSession();
  const changes = shallowRef<readonly Change[]>([]);
  const next = shallowRef<string>();
  const diff = shallowRef<Diff>();
  const refusal = shallowRef('');
  const more = computed(() => next.value !== undefined);

  function forget(): void {
    changes.value = [];
    next.value = undefined;
    diff.value = undefined;
    refusal.value = '';
  }

  async function page(cursor: string | undefined): Promise<void> {
    const outcome = await session.ask<typeof listConfigChanges>('listConfigChanges', { query: cursor === undefined ? {} : { cursor } });
    if (!outcome.ok) return void (refusal.value = session.who ? outcome.message : '');
    changes.value = cursor === undefined ? outcome.value.items : [...changes.value, ...outcome.value.items];
    next.value = outcome.value.next;
  }

  async function compare(from: number, to: number): Promise<void> {
    diff.value = undefined;
    refusal.value = '';
    const outcome = await session.ask<typeof diffConfig>('diffConfig', { query: { from, to } });
    if (outcome.ok) diff.value = outcome.value;
    else if (session.who) refusal.value = outcome.message;
  }

  watch(() => session.who?.name, forget, { flush: 'sync' });

  return { changes, diff, refusal, more, read: () => page(undefined), readMore: () => page(next.value), compare };
});
