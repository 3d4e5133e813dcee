import type { Severity } from '#shared/metrics/result.ts';
import type { BedItem, BedStatusName } from '#shared/views/bed-item.ts';
import { DIMMED } from './age.ts';
import { drawIcon, drawSeverity } from './icons.ts';
import type { Palette } from './palette.ts';
import { FAMILY } from './palette.ts';

const MARK = 20;
const EXIT = 30;

const INK: Record<BedStatusName, keyof Palette> = {
  occupied: 'on-occ', available: 'avail', dirty: 'dirty', cleaning: 'dirty', blocked: 'tx-2', assigned: 'plan-tx', unknown: 'tx-3',
};

/** What a bed's label says where there is room for three figures: `MICU-07` is 07 of its unit. */
export const shortLabel = (bed: string): string => (bed.length <= 3 ? bed : (bed.split(/[^A-Za-z0-9]+/).at(-1) ?? bed).slice(-3));

/** Everything drawn over a bed's base, at the origin: number, state marks, attributes, and whether its sources disagree; dimmed but for the number when these are stale. */
export function drawBed(ctx: CanvasRenderingContext2D, label: string, bed: BedItem | undefined, w: number, h: number, type: number, p: Palette, stale = false): void {
  drawMarks(ctx, label, bed, w, h, type, p, stale);
  if (bed?.conflict) drawConflict(ctx, w, h, p);
}

function drawMarks(ctx: CanvasRenderingContext2D, label: string, bed: BedItem | undefined, w: number, h: number, type: number, p: Palette, stale: boolean): void {
  const status = bed?.status ?? 'unknown';
  // On a ground that is dimmed, ink that is made for the full one is not read.
  const ink = p[stale && status === 'occupied' ? 'tx-1' : INK[status]];
  ctx.textBaseline = 'alphabetic';
  ctx.font = `650 ${type}px ${FAMILY}`;
  if (status === 'blocked') {
    ctx.fillStyle = p.blk;
    ctx.fillRect(4, 4, ctx.measureText(label).width + 5, type);
  }
  ctx.fillStyle = ink;
  ctx.textAlign = 'left';
  ctx.fillText(label, 7, type * 1.08);
  if (!bed) return;
  if (stale) ctx.globalAlpha = DIMMED;

  if (status === 'blocked' && bed.reason) drawReason(ctx, bed.reason, w, h, type, p);
  if (status === 'cleaning') drawCleaning(ctx, bed.cleaningProgress ?? null, w, h, p);
  if (status === 'assigned') drawIcon(ctx, 'incoming', w - MARK - 7, h - MARK - 6, MARK, ink);
  if (status === 'occupied' && bed.acuity !== undefined) drawAcuity(ctx, bed.acuity, w, ink, p);

  const exit = bed.leaving || bed.moving;
  if (bed.isolation) drawIcon(ctx, 'isolation', 6, h - MARK - 5, MARK, ink);
  if (bed.ventilated) {
    // On a narrow bed that somebody leaves there is no room for two marks in a row: the second goes above the first.
    const stacked = bed.isolation && exit && w < 6 + 2 * MARK + 4 + EXIT;
    drawIcon(ctx, 'lungs', bed.isolation && !stacked ? 10 + MARK : 6, stacked ? h - 2 * MARK - 6 : h - MARK - 5, MARK, ink);
  }
  if (exit) drawExit(ctx, bed.leaving ? 'leaving' : 'moving', w, h, p);
  if (bed.boardingSince !== undefined) drawBoarding(ctx, bed.boardingSeverity ?? 'normal', w, h, ink, p);
}

/** The clock of a wait, in the colour of how bad it is, with the shape that says so beside it. */
function drawBoarding(ctx: CanvasRenderingContext2D, severity: Severity, w: number, h: number, ink: string, p: Palette): void {
  const y = h / 2 - MARK / 2 + 2;
  if (severity === 'normal') return drawIcon(ctx, 'clock', w / 2 - MARK / 2, y, MARK, ink);
  const crit = severity === 'crit';
  const fill = crit ? p.crit : p.warn;
  drawIcon(ctx, 'clock', w / 2 - MARK - 2, y, MARK, crit ? p['crit-tx'] : p.warn);
  drawSeverity(ctx, severity, w / 2 + 3, y - 1, MARK + 2, fill, crit ? p['on-crit'] : p['on-warn']);
}

function drawReason(ctx: CanvasRenderingContext2D, reason: string, w: number, h: number, type: number, p: Palette): void {
  const code = reason.length <= 4 ? reason.toUpperCase() : reason.slice(0, 3).toUpperCase();
  ctx.fillStyle = p.blk;
  ctx.fillRect(w / 2 - 26, h - type - 7, 52, type + 3);
  ctx.fillStyle = p['tx-2'];
  ctx.font = `600 ${type}px ${FAMILY}`;
  ctx.textAlign = 'center';
  ctx.fillText(code, w / 2, h - 7);
}

function drawCleaning(ctx: CanvasRenderingContext2D, progress: number | null, w: number, h: number, p: Palette): void {
  drawIcon(ctx, 'spray', w - MARK - 6, 5, MARK, p.dirty);
  if (progress === null) return;
  ctx.fillStyle = p.bg;
  ctx.fillRect(5, h - 12, w - 10, 7);
  ctx.fillStyle = p.dirty;
  ctx.fillRect(5, h - 12, (w - 10) * Math.min(1, Math.max(0, progress)), 7);
}

function drawAcuity(ctx: CanvasRenderingContext2D, acuity: number, w: number, ink: string, p: Palette): void {
  for (let level = 1; level <= 4; level++) {
    ctx.fillStyle = level <= acuity ? ink : p['acuity-off'];
    ctx.fillRect(w - 12, 35 - level * 7.5, 8, 5);
  }
}

function drawExit(ctx: CanvasRenderingContext2D, name: 'leaving' | 'moving', w: number, h: number, p: Palette): void {
  ctx.beginPath();
  ctx.roundRect(w - EXIT, h - EXIT - 1, EXIT, EXIT + 1, [3, 0, 4, 0]);
  ctx.fillStyle = p.plan;
  ctx.fill();
  drawIcon(ctx, name, w - 25, h - 25, MARK, p['on-plan']);
}

/** Two sources disagree about this bed: an information ring and mark, until one of them wins. */
function drawConflict(ctx: CanvasRenderingContext2D, w: number, h: number, p: Palette): void {
  ctx.strokeStyle = p.info;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.roundRect(1.5, 1.5, w - 3, h - 3, 3);
  ctx.stroke();
  ctx.save();
  ctx.translate(w / 2, h / 2 + 2);
  ctx.fillStyle = p.info;
  ctx.beginPath();
  ctx.arc(0, 0, 11, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = p['on-info'];
  ctx.fillRect(-1.4, -2, 2.8, 8);
  ctx.fillRect(-1.4, -6.5, 2.8, 3);
  ctx.restore();
}
