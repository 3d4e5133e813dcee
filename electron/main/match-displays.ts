import type { Fingerprint } from '#shared/layout.ts';

const LABEL = 8;
const SIZE = 4;
const PLACE = 2;
const INTERNAL = 1;
/** A display at the place of a lost one, or of its size, takes over its boards; one that shares neither is new. */
const LEAST = PLACE;

function likeness(a: Fingerprint, b: Fingerprint): number {
  return (
    (a.label !== '' && a.label === b.label ? LABEL : 0) +
    (a.width === b.width && a.height === b.height ? SIZE : 0) +
    (a.x === b.x && a.y === b.y ? PLACE : 0) +
    (a.internal && b.internal ? INTERNAL : 0)
  );
}

const distance = (a: Fingerprint, b: Fingerprint): number => Math.hypot(a.x - b.x, a.y - b.y);

/**
 * Which known screen each present display is: the likest pair first, among equals (a row of the same model) the
 * nearest. A known screen that none resembles is absent; a display without a screen is new.
 * @returns index of the display by index of the known screen
 */
export function matchDisplays(known: readonly Fingerprint[], present: readonly Fingerprint[]): Map<number, number> {
  const pairs = known
    .flatMap((a, screen) => present.map((b, display) => ({ screen, display, likeness: likeness(a, b), distance: distance(a, b) })))
    .filter((pair) => pair.likeness >= LEAST)
    .sort((p, q) => q.likeness - p.likeness || p.distance - q.distance || p.screen - q.screen || p.display - q.display);
  const matched = new Map<number, number>();
  const taken = new Set<number>();
  for (const { screen, display } of pairs) {
    if (matched.has(screen) || taken.has(display)) continue;
    matched.set(screen, display);
    taken.add(display);
  }
  return matched;
}
