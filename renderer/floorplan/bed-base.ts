import type { BedStatusName } from '#shared/views/bed-item.ts';
import type { Palette } from './palette.ts';

const RADIUS = 4;

/** Stripes at 45 degrees, clipped to what the context is clipped to. */
function hatch(ctx: CanvasRenderingContext2D, width: number, height: number, colour: string): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3.2;
  ctx.beginPath();
  for (let x = -height; x < width + height; x += 12) {
    ctx.moveTo(x, height);
    ctx.lineTo(x + height, 0);
  }
  ctx.stroke();
}

function box(ctx: CanvasRenderingContext2D, w: number, h: number, stroke: number, fill: string, outline: string, dash: number[] = []): void {
  ctx.beginPath();
  ctx.roundRect(stroke / 2, stroke / 2, w - stroke, h - stroke, RADIUS);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.setLineDash(dash);
  ctx.lineWidth = stroke;
  ctx.strokeStyle = outline;
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Ground of a bed in one base state, at the origin (design language, section 5, bed glyph). */
export function drawBedBase(ctx: CanvasRenderingContext2D, status: BedStatusName, w: number, h: number, p: Palette): void {
  switch (status) {
    case 'occupied':
      return box(ctx, w, h, 1.5, p.occ, p['band-edge']);
    case 'available':
      return box(ctx, w, h, 3, p['avail-tint'], p.avail);
    case 'cleaning':
      return box(ctx, w, h, 2, p['dirty-tint'], p.dirty);
    case 'assigned':
      return box(ctx, w, h, 3, p['plan-tint'], p.plan, [8, 5]);
    case 'unknown':
      return box(ctx, w, h, 1.5, p.bg, p['line-2'], [2, 5]);
    case 'dirty':
      box(ctx, w, h, 2, p['dirty-tint'], p.dirty);
      ctx.save();
      ctx.beginPath();
      ctx.rect(2, h * 0.52, w - 4, h * 0.48 - 2);
      ctx.clip();
      hatch(ctx, w, h, p.dirty);
      return ctx.restore();
    case 'blocked':
      box(ctx, w, h, 1.5, p.blk, p['line-2']);
      ctx.beginPath();
      ctx.moveTo(4, 4);
      ctx.lineTo(w - 4, h - 4);
      ctx.moveTo(w - 4, 4);
      ctx.lineTo(4, h - 4);
      return ctx.stroke();
  }
}

/** What lies over a bed whose sources are silent, as over a stale tile. */
export function drawStale(ctx: CanvasRenderingContext2D, w: number, h: number, p: Palette): void {
  ctx.beginPath();
  ctx.roundRect(0, 0, w, h, RADIUS);
  ctx.clip();
  hatch(ctx, w, h, p.hatch);
}

/** One image per look and size, shared by all beds alike; drawn at the display's own resolution. */
export class BedImages {
  readonly #palette: Palette;
  readonly #ratio: number;
  readonly #images = new Map<string, HTMLCanvasElement>();

  constructor(palette: Palette, ratio: number) {
    this.#palette = palette;
    this.#ratio = ratio;
  }

  image(look: BedStatusName | 'stale', w: number, h: number): HTMLCanvasElement {
    const key = `${look} ${w}x${h}`;
    let found = this.#images.get(key);
    if (!found) {
      found = document.createElement('canvas');
      found.width = Math.ceil(w * this.#ratio);
      found.height = Math.ceil(h * this.#ratio);
      const ctx = found.getContext('2d') as CanvasRenderingContext2D;
      ctx.scale(found.width / w, found.height / h);
      if (look === 'stale') drawStale(ctx, w, h, this.#palette);
      else drawBedBase(ctx, look, w, h, this.#palette);
      this.#images.set(key, found);
    }
    return found;
  }
}
