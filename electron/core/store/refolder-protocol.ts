import type { GatheredUse } from './bed-uses.ts';
import type { Difference, Share } from './refold.ts';

export interface RefolderData {
  readonly file: string;
  readonly share: Share;
  /** Entities in memory at once. */
  readonly held: number;
}

/** What a thread that folds a share of the entities tells. */
export type FromRefolder =
  | { readonly t: 'progress'; readonly events: number }
  | { readonly t: 'differences'; readonly found: readonly Difference[] }
  | { readonly t: 'done'; readonly events: number; readonly uses: readonly GatheredUse[]; readonly usesStale: boolean };
