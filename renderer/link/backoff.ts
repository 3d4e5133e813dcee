const FIRST_MS = 250;
const LONGEST_MS = 10_000;

/**
 * Wait before the next attempt in ms: doubles from 250 ms to 10 s, with the upper half spread by `chance` (0-1) so that
 * the walls of a site do not come back at one moment.
 */
export function retryDelay(failures: number, chance: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return ceiling / 2 + (ceiling / 2) * chance;
}
