export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Largest rectangle of `ground` that touches none of the `taken` ones; null when there is no room at all. */
export function largestFree(ground: Rect, taken: readonly Rect[]): Rect | null {
  const edges = (low: 'x' | 'y', length: 'w' | 'h'): number[] => {
    const inside = taken.flatMap((rect) => [rect[low], rect[low] + rect[length]]).filter((at) => at > ground[low] && at < ground[low] + ground[length]);
    return [...new Set([ground[low], ...inside, ground[low] + ground[length]])].sort((a, b) => a - b);
  };
  const xs = edges('x', 'w');
  const ys = edges('y', 'h');
  let best: Rect | null = null;
  for (const [top, y] of ys.entries()) {
    for (const bottom of ys.slice(top + 1)) {
      const h = bottom - y;
      const within = taken.filter((rect) => rect.y < bottom && rect.y + rect.h > y);
      let from = ground.x;
      for (const x of xs) {
        // A column ends where a taken rectangle begins; the next one begins behind it.
        const cover = within.filter((rect) => rect.x <= x && rect.x + rect.w > x);
        const width = x - from;
        if (width > 0 && (!best || width * h > best.w * best.h) && !within.some((rect) => rect.x < x && rect.x + rect.w > from)) best = { x: from, y, w: width, h };
        for (const { x: left, w } of cover) from = Math.max(from, left + w);
      }
    }
  }
  return best;
}
