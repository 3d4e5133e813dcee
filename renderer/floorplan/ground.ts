import type { FloorPlan } from '#shared/floorplan.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { Palette } from './palette.ts';
import { FAMILY } from './palette.ts';

type PlanUnit = FloorPlan['units'][number];

const RADIUS = 10;

/** Lines of the heading over a unit, in cap heights. */
export const HEADING_LINES = 1.8;

/** What lies under the beds of a unit: its load in four flat steps. */
export const groundFill = (card: UnitCardItem | undefined, p: Palette): string => p[`zone-${card?.load?.step ?? 0}`];

/** A unit's ground from its heading's upper left on: name and caption in type of `type` px, below them its zones in the step of its load. */
export function drawGround(ctx: CanvasRenderingContext2D, unit: PlanUnit, card: UnitCardItem | undefined, scale: number, type: number, p: Palette): void {
  const top = Math.ceil(type * HEADING_LINES);
  ctx.fillStyle = groundFill(card, p);
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
  drawCaption(ctx, unit.caption ?? '', left + ctx.measureText(name).width + type * 0.7, unit.w * scale - 4, baseline, type, p);
}

function drawCaption(ctx: CanvasRenderingContext2D, caption: string, x: number, right: number, baseline: number, type: number, p: Palette): void {
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-3'];
  if (x + ctx.measureText(caption).width <= right) ctx.fillText(caption, x, baseline);
}
