import type { AfterDecisionsItem } from '#shared/views/boards.ts';
import { linear } from '../charts/scale.ts';
import type { Scale } from '../charts/scale.ts';

export interface Bar {
  kind: 'now' | 'out' | 'in' | 'after';
  label: string;
  /** Printed over the bar: a level for the ends, a movement between them. */
  value: number;
  y: number;
  height: number;
}

export interface Waterfall {
  bars: Bar[];
  y: Scale;
  /** The axis starts above zero: the full bars are drawn with a break. */
  cut: boolean;
}

/**
 * Bars from now through each decided movement to after, in a chart of `height` px. Room is kept above for the staffed
 * line, and the baseline is cut so that single beds can still be seen.
 */
export function waterfall({ now, staffed, steps, after }: AfterDecisionsItem, height: number): Waterfall {
  const levels = [now];
  for (const { delta } of steps) levels.push((levels.at(-1) ?? now) + delta);
  const low = Math.min(...levels, after);
  const high = Math.max(...levels, after, staffed);
  const base = Math.max(0, Math.floor(low - Math.max(4, (high - low) * 1.1)));
  const y = linear([base, Math.max(high, base + 1)], [height, 40]);

  const full = (kind: 'now' | 'after', label: string, value: number): Bar => ({ kind, label, value, y: y(value), height: height - y(value) });
  const moves = steps.map(({ label, delta }, i): Bar => {
    const from = levels[i] ?? now;
    const top = Math.max(from, from + delta);
    return { kind: delta < 0 ? 'out' : 'in', label, value: delta, y: y(top), height: Math.max(2, y(top - Math.abs(delta)) - y(top)) };
  });
  return { bars: [full('now', 'Now', now), ...moves, full('after', 'After', after)], y, cut: base > 0 };
}
