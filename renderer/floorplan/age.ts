import type { FreshnessState } from '#shared/freshness.ts';

/** How old what a unit shows is. */
export interface UnitAge {
  /** Of its beds with a patient, and of what counts these. */
  readonly occupied: FreshnessState;
  readonly other: FreshnessState;
  /** What its heading says of it, once something is stale or lost. */
  readonly note: { readonly state: 'stale' | 'lost'; readonly text: string } | undefined;
}

/** What is only ageing is drawn as it is; the footer tells its age. */
export type Look = 'current' | 'stale' | 'lost';

export const lookOf = (state: FreshnessState): Look => (state === 'stale' || state === 'lost' ? state : 'current');

/** Opacity of what is stale (design language, section 5, freshness). */
export const DIMMED = 0.55;
