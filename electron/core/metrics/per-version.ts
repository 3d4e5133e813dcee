import type { House } from '../domain/house.ts';

/** Keeps what was read from a house until the house changes, as one screen asks many metrics of one state. */
export function perVersion<T>(read: (house: House) => T): (house: House) => T {
  const kept = new WeakMap<House, { version: number; answer: T }>();
  return (house) => {
    const known = kept.get(house);
    if (known?.version === house.version) return known.answer;
    const answer = read(house);
    kept.set(house, { version: house.version, answer });
    return answer;
  };
}
