import type { SiteConfig } from '#shared/site.ts';
import { understood } from './beds/own-words.ts';
import { understoodRoom } from './or/fold.ts';
import type { House } from './house.ts';
import type { EntityStates, FoldedKind } from './states.ts';

/** Kinds whose systems may speak in words of the site's own. */
export const WORDED = ['bed', 'or-room'] as const satisfies readonly FoldedKind[];

/** An entity's state as a site understands it: what was said in words of its own means what its document says they do. */
export function understoodBy<K extends FoldedKind>({ statuses }: SiteConfig, kind: K, state: EntityStates[K]): EntityStates[K] {
  if (kind === 'bed') return understood(state as EntityStates['bed'], statuses.bed) as EntityStates[K];
  if (kind === 'or-room') return understoodRoom(state as EntityStates['or-room'], statuses.room) as EntityStates[K];
  return state;
}

/** Words in which the status of beds and rooms stands now and which the site's document does not explain, with how many say so. */
export function unexplained(house: House): string[] {
  return WORDED.flatMap((kind) => {
    const byWord = new Map<string, string[]>();
    for (const [id, state] of house.all(kind)) {
      const { word } = state as { word?: string };
      const status = kind === 'bed' ? (state as EntityStates['bed']).status?.value : (state as EntityStates['or-room']).status;
      if (word !== undefined && status === 'unknown') byWord.set(word, [...(byWord.get(word) ?? []), id]);
    }
    return [...byWord].map(([word, ids]) => `“${word}” of ${ids.length} ${kind === 'bed' ? 'bed' : 'operating room'}${ids.length === 1 ? '' : 's'} (${ids.sort().slice(0, 3).join(', ')}${ids.length > 3 ? ', ...' : ''})`);
  });
}
