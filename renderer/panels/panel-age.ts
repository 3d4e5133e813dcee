import type { ComputedRef } from 'vue';
import { computed } from 'vue';
import type { FreshnessState } from '#shared/freshness.ts';
import type { Severity } from '#shared/metrics/result.ts';
import { useFrame } from '../stores/frame.ts';

/** What the age of its sources makes of a tile, a list or a chart (design language, section 5, freshness). */
export interface PanelAge {
  state: ComputedRef<FreshnessState>;
  /** Hatched, and without its change. */
  stale: ComputedRef<boolean>;
  /** Without its values. */
  lost: ComputedRef<boolean>;
  /** Binding of the panel's element, by the severity of what it tells. */
  look: (severity?: Severity) => { class: string; 'data-state': FreshnessState };
}

/** Class of a panel: what is stale is hatched, what is lost claims no severity. */
export function panelClass(state: FreshnessState, severity: Severity): string {
  if (state === 'lost') return '';
  return state === 'stale' ? 'tile--stale' : `tile--${severity}`;
}

/** The one rule by which whatever rests on these sources is shown. */
export function usePanelAge(feeds: () => readonly string[]): PanelAge {
  const frame = useFrame();
  const state = computed(() => frame.freshnessOf(feeds()).state);
  return {
    state,
    stale: computed(() => state.value === 'stale'),
    lost: computed(() => state.value === 'lost'),
    look: (severity = 'normal') => ({ class: panelClass(state.value, severity), 'data-state': state.value }),
  };
}
