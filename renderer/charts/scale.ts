import { POINT_HOLDS_MS } from '#shared/views/trend.ts';

export type Scale = (value: number) => number;

/** Linear map from a domain to a range, held at its ends. */
export function linear([d0, d1]: readonly [number, number], [r0, r1]: readonly [number, number]): Scale {
  const span = d1 - d0;
  if (span === 0) return () => r0;
  return (value) => r0 + ((Math.min(Math.max(value, Math.min(d0, d1)), Math.max(d0, d1)) - d0) / span) * (r1 - r0);
}

type Point = readonly [number, number];

/** The stretches of a course ([epoch ms, value]) that were measured: where no point may stand for the time to the next one, it is broken. */
export function stretches(course: readonly Point[]): Point[][] {
  const found: Point[][] = [];
  let before = -Infinity;
  for (const point of course) {
    if (point[0] - before > POINT_HOLDS_MS) found.push([]);
    found.at(-1)?.push(point);
    before = point[0];
  }
  return found;
}

/** SVG path through points; counts step, everything else slopes. A single point is a line without length, which round ends make a dot. */
export function linePath(points: readonly Point[], step: boolean): string {
  let path = '';
  for (const [i, [x, y]] of points.entries()) {
    const at = `${x.toFixed(1)} ${y.toFixed(1)}`;
    path += i === 0 ? `M${at}` : step ? `H${x.toFixed(1)}V${y.toFixed(1)}` : `L${at}`;
  }
  return points.length === 1 ? `${path}h0` : path;
}

/** Whether a label of `height` px has to go below a horizontal line, because what is drawn where it stands comes near from above. */
export const labelBelow = (line: number, drawn: readonly number[], height: number): boolean => drawn.some((y) => y < line && y > line - height * 1.5);

/** Round numbers inside a domain, about `count` of them. */
export function ticks([from, to]: readonly [number, number], count: number): number[] {
  const raw = (to - from) / Math.max(1, count);
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  const out: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to + step * 1e-9; t += step) out.push(Number(t.toPrecision(12)));
  return out;
}
