import type { FloorPlan } from '#shared/floorplan.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import { lookOf, type UnitAge } from './age.ts';
import type { Palette } from './palette.ts';
import { FAMILY } from './palette.ts';

type PlanUnit = FloorPlan['units'][number];

const RADIUS = 10;

/** Lines of the heading over a unit, in cap heights. */
export const HEADING_LINES = 1.8;

/** What lies under the beds of a unit: its load in four flat steps; none is claimed once the sources of its patients are lost. */
export const groundFill = (card: UnitCardItem | undefined, age: UnitAge, p: Palette): string => p[`zone-${lookOf(age.occupied) === 'lost' ? 0 : (card?.load?.step ?? 0)}`];

/** A unit's ground from its heading's upper left on: name and caption in type of `type` px, below them its zones in the step of its load. */
export function drawGround(ctx: CanvasRenderingContext2D, unit: PlanUnit, card: UnitCardItem | undefined, age: UnitAge, scale: number, type: number, p: Palette): void {
  const top = Math.ceil(type * HEADING_LINES);
  ctx.fillStyle = groundFill(card, age, p);
  for (const zone of unit.zones.length > 0 ? unit.zones : [unit]) {
    ctx.beginPath();
    ctx.roundRect((zone.x - unit.x) * scale, (zone.y - unit.y) * scale + top, zone.w * scale, zone.h * scale, RADIUS);
    ctx.fill();
  }

  const left = 4;
  const baseline = top - type * 0.5;
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = 'left';
  ctx.font = `680 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-1'];
  const name = card?.name ?? unit.unit;
  ctx.fillText(name, left, baseline);
  const after = left + ctx.measureText(name).width + type * 0.7;
  const end = unit.w * scale - 4;
  drawCaption(ctx, unit.caption ?? '', after, age.note ? drawNote(ctx, age.note, after, end, baseline, type, p) : end, baseline, type, p);
  if (age.note?.state === 'stale') drawOutline(ctx, unit.w * scale, unit.h * scale, top, p);
}

/** A tag at the end of the heading, as tiles have one; without its time where only the word has room. Returns where it begins, with a gap before it. */
function drawNote(ctx: CanvasRenderingContext2D, { state, text }: NonNullable<UnitAge['note']>, from: number, end: number, baseline: number, type: number, p: Palette): number {
  ctx.font = `700 ${type}px ${FAMILY}`;
  const [word = ''] = /^[A-Z ]*[A-Z]/.exec(text) ?? [];
  const padding = type * 0.35;
  const wide = ctx.measureText(text).width + 2 * padding;
  const [shown, width] = from + wide <= end ? [text, wide] : [word, ctx.measureText(word).width + 2 * padding];
  ctx.fillStyle = state === 'stale' ? p.warn : p.crit;
  ctx.beginPath();
  ctx.roundRect(end - width, baseline - type, width, type * 1.3, 3);
  ctx.fill();
  ctx.fillStyle = state === 'stale' ? p['on-warn'] : p['on-crit'];
  ctx.fillText(shown, end - width + padding, baseline);
  return end - width - type * 0.5;
}

/** As a stale tile is outlined. */
function drawOutline(ctx: CanvasRenderingContext2D, width: number, height: number, top: number, p: Palette): void {
  ctx.strokeStyle = p['warn-edge'];
  ctx.lineWidth = 2;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.roundRect(1, top + 1, width - 2, height - 2, RADIUS);
  ctx.stroke();
  ctx.setLineDash([]);
}

function drawCaption(ctx: CanvasRenderingContext2D, caption: string, x: number, right: number, baseline: number, type: number, p: Palette): void {
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-3'];
  if (x + ctx.measureText(caption).width <= right) ctx.fillText(caption, x, baseline);
}
