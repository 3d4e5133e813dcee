import { ref, watch } from 'vue';
import type { Ref } from 'vue';

export type HeatStep = '0' | '75' | '85' | '92' | '97' | '100';

/**
 * Ground of a heat cell. Neutral below the warning limit; from there the three tints, the last one from the critical
 * limit on, so that a red cell and a critical unit are the same thing.
 */
export function heatStep(rate: number, warn: number, crit: number): HeatStep {
  if (rate >= crit) return '100';
  if (rate >= warn) return rate >= (warn + crit) / 2 ? '97' : '92';
  // By the figure that the cell prints, so that two cells of 85 look alike.
  const percent = Math.round(rate * 100);
  return percent >= 85 ? '85' : percent >= 75 ? '75' : '0';
}

const SETTLE_MS = 30_000;

/** Keys by falling rank, re-sorted at most once in 30 s (design language, section 4), at once when a key comes or goes. */
export function useSettledOrder(keys: () => readonly string[], rank: (key: string) => number, now: () => number): Ref<readonly string[]> {
  const order = ref<readonly string[]>([]);
  let sortedAt = -Infinity;
  const sort = (): void => {
    sortedAt = performance.now();
    const ranks = new Map(keys().map((key) => [key, rank(key)]));
    order.value = [...ranks.keys()].sort((a, b) => (ranks.get(b) ?? 0) - (ranks.get(a) ?? 0));
  };
  watch(keys, sort, { immediate: true });
  watch(now, () => {
    if (performance.now() - sortedAt >= SETTLE_MS) sort();
  });
  return order;
}
