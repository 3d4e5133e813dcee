import { screenSchema, type Fingerprint, type Screen } from '#shared/layout.ts';

const BOARDS = ['overview', 'floorplan', 'or'] as const;

/** Left to right, then top to bottom: the order in which a wall is read. */
export const inReadingOrder = (a: Fingerprint, b: Fingerprint): number => a.x - b.x || a.y - b.y;

/**
 * Screens for displays that no layout speaks of: the next boards in order, and on a station's last display in turn
 * those that have found no place.
 * @param taken boards that other screens show already
 */
export function defaultScreens(displays: readonly Fingerprint[], taken: readonly string[]): Screen[] {
  const open = BOARDS.filter((board) => !taken.some((shown) => shown.startsWith(board)));
  const queue: string[] = [...open];
  return [...displays].sort(inReadingOrder).map((display, index) => {
    const last = index === displays.length - 1;
    const boards = last && queue.length > 0 ? queue.splice(0) : [queue.shift() ?? BOARDS[(taken.length + index) % BOARDS.length]!];
    return screenSchema.parse({ display, boards });
  });
}
