import type { FoldedKind } from '../domain/states.ts';
import type { Part } from './view.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** Everything of the part is looked at again when an entity of one of the kinds changed; with no kinds, never in a frame. */
export function shownBy(...kinds: FoldedKind[]): Part['touched'] {
  const relevant: ReadonlySet<FoldedKind> = new Set(kinds);
  return (changes) => (changes.some(({ kind }) => relevant.has(kind)) ? 'all' : NOTHING);
}
