import type { UnitCardItem } from '#shared/views/boards.ts';
import type { Rect } from './free-space.ts';
import { drawSeverity } from './icons.ts';
import type { Palette } from './palette.ts';
import { FAMILY } from './palette.ts';

/** One statement of the box: what, how much, and what of it is still to come. */
interface Cell {
  /** From the whole label to what is left of it in a narrow line beside its value. */
  labels: readonly string[];
  value: string;
  of: string;
  plan: string;
  severity: 'normal' | 'warn' | 'crit';
}

const LEAST_COLUMN = 6;
const MARGIN = 8;

/** Pods with their patients and beds, then the load of the unit's nurses. */
export function cellsOf({ pods, load }: UnitCardItem): Cell[] {
  const cells = pods.map(({ title, occupied, beds, leaving }): Cell => ({ labels: [title, title.replace(/ *\bpod\b */i, '') || title], value: String(occupied), of: ` / ${beds}`, plan: leaving > 0 ? `${leaving} leaving` : '', severity: 'normal' }));
  return load ? [...cells, { labels: [load.label, load.label.replace(/^load /, ''), load.label.replace(/^load per /, '')], value: load.ratio.toFixed(2), of: '', plan: '', severity: load.severity }] : cells;
}

export interface PodGrid {
  columns: number;
  /** Of each row, px. */
  rows: number[];
  /** Label and value share a line. */
  oneLine: boolean;
}

/** How `count` cells stand in a box of at most `width` x `height` px with type of `type` px; a cell left alone in the last row takes it whole, in one line. */
export function gridOf(count: number, width: number, height: number, type: number): PodGrid | null {
  const columns = Math.max(1, Math.min(count, Math.floor(width / (LEAST_COLUMN * type))));
  const rows = Math.ceil(count / columns);
  const alone = columns > 1 && count % columns === 1;
  const heights = (row: number): number[] => Array.from({ length: rows }, (_, i) => (alone && i === rows - 1 ? 1.8 : row) * type);
  const fits = (grid: number[]): boolean => grid.reduce((sum, row) => sum + row, 0) <= height;
  if (count === 0 || width / columns < (LEAST_COLUMN - 1) * type) return null;
  if (fits(heights(3))) return { columns, rows: heights(3), oneLine: false };
  return fits(heights(1.3)) ? { columns, rows: heights(Math.min(1.8, height / rows / type)), oneLine: true } : null;
}

/** Box in the free middle of a unit: `space` px of the canvas, text of `type` px. Draws nothing where there is no room for a line a row. */
export function drawPodBox(ctx: CanvasRenderingContext2D, space: Rect, card: UnitCardItem, type: number, p: Palette): void {
  const cells = cellsOf(card);
  const width = space.w - 2 * MARGIN;
  const grid = gridOf(cells.length, width, space.h - 4 * MARGIN, type);
  if (!grid) return;

  const height = grid.rows.reduce((sum, row) => sum + row, MARGIN);
  const left = space.x + MARGIN;
  const top = space.y + (space.h - height) / 2;
  ctx.beginPath();
  ctx.roundRect(left, top, width, height, 6);
  ctx.fillStyle = p.bg;
  ctx.fill();
  ctx.lineWidth = 1.5;
  ctx.strokeStyle = p['line-2'];
  ctx.stroke();

  ctx.textBaseline = 'alphabetic';
  const column = width / grid.columns;
  let y = top + MARGIN / 2;
  for (const [row, h] of grid.rows.entries()) {
    const inRow = cells.slice(row * grid.columns, (row + 1) * grid.columns);
    const alone = inRow.length === 1 && grid.columns > 1;
    for (const [i, cell] of inRow.entries()) {
      drawCell(ctx, cell, { x: left + i * column + type * 0.5, y, w: (alone ? width : column) - type * 0.9, h }, grid.oneLine || alone, type, p);
    }
    y += h;
  }
}

function drawCell(ctx: CanvasRenderingContext2D, { labels, value, of, plan, severity }: Cell, { x, y, w, h }: Rect, oneLine: boolean, type: number, p: Palette): void {
  const size = oneLine ? type : type * 1.25;
  const baseline = oneLine ? y + h / 2 + type * 0.36 : y + h / 2 + type * 1.1;
  ctx.textAlign = 'left';
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-3'];
  const ofWidth = ctx.measureText(of).width;
  const mark = severity === 'normal' ? 0 : size * 1.25;
  ctx.font = `680 ${size}px ${FAMILY}`;
  const valueWidth = ctx.measureText(value).width;
  const taken = valueWidth + ofWidth + mark + type * 0.2;
  ctx.font = `500 ${type}px ${FAMILY}`;
  const label = labels.find((one) => !oneLine || ctx.measureText(one).width + taken <= w) ?? labels.at(-1) ?? '';
  ctx.fillText(label, x, oneLine ? baseline : y + h / 2 - type * 0.3);
  ctx.font = `680 ${size}px ${FAMILY}`;
  const start = oneLine ? x + w - valueWidth - ofWidth - mark : x;
  ctx.fillStyle = severity === 'crit' ? p['crit-tx'] : severity === 'warn' ? p['warn-tx'] : p['tx-1'];
  ctx.fillText(value, start, baseline);
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-2'];
  ctx.fillText(of, start + valueWidth, baseline);
  let end = start + valueWidth + ofWidth;
  if (severity !== 'normal') {
    drawSeverity(ctx, severity, end + type * 0.35, baseline - size * 0.85, size, severity === 'crit' ? p.crit : p.warn, severity === 'crit' ? p['on-crit'] : p['on-warn']);
    end += mark;
  }
  if (plan === '' || oneLine) return;
  ctx.fillStyle = p['plan-tx'];
  if (end + type * 0.8 + ctx.measureText(plan).width <= x + w) ctx.fillText(plan, end + type * 0.8, baseline);
}
