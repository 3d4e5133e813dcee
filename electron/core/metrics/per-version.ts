import type { House } from '../domain/house.ts';
import type { FoldedKind } from '../domain/states.ts';

/** Keeps what was read from a house until it changes, or until an entity of `kind` does, as one screen asks many metrics of one state. */
export function perVersion<T>(read: (house: House) => T, kind?: FoldedKind): (house: House) => T {
  const kept = new WeakMap<House, { version: number; closedSince: number; answer: T; lacking: boolean }>();
  return (house) => {
    const version = kind === undefined ? house.version : house.versionOf(kind);
    const known = kept.get(house);
    if (known?.version === version && known.closedSince === house.closedSince) {
      if (known.lacking) house.lack();
      return known.answer;
    }
    const { answer, lacking } = house.asking(() => read(house));
    kept.set(house, { version, closedSince: house.closedSince, answer, lacking });
    return answer;
  };
}
