/** Marks in a 24-unit box, stroked unless said otherwise. */
export const ICONS = {
  isolation: { path: 'M12 2 21 7v10l-9 5-9-5V7Z', width: 2.6 },
  lungs: { path: 'M12 3v9M12 10c-2-3-7-3-8 3-1 5 0 8 2 8 4 0 5-3 5-7M12 10c2-3 7-3 8 3 1 5 0 8-2 8-4 0-5-3-5-7', width: 2.4 },
  leaving: { path: 'M3 12h14M11 5l7 7-7 7M21.5 3v18', width: 3.1 },
  moving: { path: 'M3 8h15M13 3l5 5-5 5M21 16H6M11 11l-5 5 5 5', width: 2.6 },
  incoming: { path: 'M21 12H7M13 5l-7 7 7 7M2.5 3v18', width: 3.1 },
  spray: { path: 'M9 9h6l2 4v8H7v-8ZM9 9V4h6M15 4h4M20.5 8h.1M20.5 1h.1', width: 2.4 },
  clock: { path: 'M21.5 12a9.5 9.5 0 1 1-19 0a9.5 9.5 0 0 1 19 0M12 6v6.5l4 2.5', width: 2.4 },
} as const;

export type IconName = keyof typeof ICONS;

const paths = new Map<IconName, Path2D>();

/** Draws an icon into a box of `size` px whose top left corner is at x, y. */
export function drawIcon(ctx: CanvasRenderingContext2D, name: IconName, x: number, y: number, size: number, colour: string): void {
  let path = paths.get(name);
  if (!path) {
    path = new Path2D(ICONS[name].path);
    paths.set(name, path);
  }
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size / 24, size / 24);
  ctx.strokeStyle = colour;
  ctx.lineWidth = ICONS[name].width;
  ctx.lineCap = name === 'lungs' || name === 'spray' ? 'round' : 'butt';
  ctx.stroke(path);
  if (name === 'isolation') {
    ctx.beginPath();
    ctx.arc(12, 12, 3.6, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
  }
  ctx.restore();
}

/** Severity shape in its 32-unit box, for headings on the plan. */
export function drawSeverity(ctx: CanvasRenderingContext2D, severity: 'warn' | 'crit', x: number, y: number, size: number, fill: string, ink: string): void {
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(size / 32, size / 32);
  ctx.fillStyle = fill;
  ctx.fill(new Path2D(severity === 'crit' ? 'M16 1 31 16 16 31 1 16Z' : 'M16 2.5 31 29.5H1Z'));
  ctx.fillStyle = ink;
  ctx.fill(new Path2D(severity === 'crit' ? 'M14.2 7.5h3.6l-.7 10.5h-2.2zM16 22m-2.3 0a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0' : 'M14.3 11h3.4l-.6 9h-2.2zM16 24m-2.1 0a2.1 2.1 0 1 0 4.2 0a2.1 2.1 0 1 0-4.2 0'));
  ctx.restore();
}
