import type { FloorPlan } from '#shared/floorplan.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { Palette } from './palette.ts';
import { FAMILY, unitType } from './palette.ts';

type PlanUnit = FloorPlan['units'][number];

const RADIUS = 10;

/** What lies under the beds of a unit: its load in four flat steps. */
export const groundFill = (card: UnitCardItem | undefined, p: Palette): string => p[`zone-${card?.load?.step ?? 0}`];

/** Load zones of a unit and above them its heading: name and caption. */
export function drawUnitGround(ctx: CanvasRenderingContext2D, unit: PlanUnit, card: UnitCardItem | undefined, { scale, u }: { scale: number; u: number }, p: Palette): void {
  const fill = groundFill(card, p);
  const zones = unit.zones.length > 0 ? unit.zones : [unit];
  for (const zone of zones) {
    ctx.fillStyle = fill;
    ctx.beginPath();
    ctx.roundRect(zone.x * scale, zone.y * scale, zone.w * scale, zone.h * scale, RADIUS);
    ctx.fill();
  }

  const type = unitType(u);
  const left = unit.x * scale + 4;
  const right = (unit.x + unit.w) * scale - 4;
  const baseline = unit.y * scale - type * 0.5;
  ctx.textBaseline = 'alphabetic';

  ctx.textAlign = 'left';
  ctx.font = `680 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-1'];
  const name = card?.name ?? unit.unit;
  ctx.fillText(name, left, baseline);
  drawCaption(ctx, unit.caption ?? '', left + ctx.measureText(name).width + type * 0.7, right, baseline, type, p);
}

function drawCaption(ctx: CanvasRenderingContext2D, caption: string, x: number, right: number, baseline: number, type: number, p: Palette): void {
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-3'];
  if (x + ctx.measureText(caption).width <= right) ctx.fillText(caption, x, baseline);
}
