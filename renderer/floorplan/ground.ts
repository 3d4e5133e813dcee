import type { FloorPlan } from '#shared/floorplan.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import { drawSeverity } from './icons.ts';
import type { Palette } from './palette.ts';
import { FAMILY, unitType } from './palette.ts';

type PlanUnit = FloorPlan['units'][number];

const RADIUS = 10;

/** Load zones of a unit with its heading: name and caption to the left, load to the right, above the beds. */
export function drawUnitGround(ctx: CanvasRenderingContext2D, unit: PlanUnit, card: UnitCardItem | undefined, { scale, u }: { scale: number; u: number }, p: Palette): void {
  const fill = p[`zone-${card?.load?.step ?? 0}`];
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
  const loadLeft = drawLoad(ctx, card, right, baseline, type, p);

  ctx.textAlign = 'left';
  ctx.font = `680 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-1'];
  const name = card?.name ?? unit.unit;
  ctx.fillText(name, left, baseline);
  if (!unit.caption) return;
  const captionLeft = left + ctx.measureText(name).width + type * 0.7;
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-3'];
  if (captionLeft + ctx.measureText(unit.caption).width < loadLeft - type) ctx.fillText(unit.caption, captionLeft, baseline);
}

/** Draws the load right-aligned and returns its left edge. */
function drawLoad(ctx: CanvasRenderingContext2D, card: UnitCardItem | undefined, right: number, baseline: number, type: number, p: Palette): number {
  const load = card?.load;
  if (!load) return right;
  let x = right;
  if (load.severity !== 'normal') {
    const size = type * 1.2;
    x -= size;
    const crit = load.severity === 'crit';
    drawSeverity(ctx, load.severity, x, baseline - size * 0.82, size, crit ? p.crit : p.warn, crit ? p['on-crit'] : p['on-warn']);
    x -= type * 0.3;
  }
  ctx.textAlign = 'right';
  ctx.font = `500 ${type}px ${FAMILY}`;
  ctx.fillStyle = p['tx-3'];
  ctx.fillText(load.label, x, baseline);
  x -= ctx.measureText(load.label).width + type * 0.35;
  ctx.font = `680 ${type}px ${FAMILY}`;
  ctx.fillStyle = load.severity === 'crit' ? p['crit-tx'] : load.severity === 'warn' ? p['warn-tx'] : p['tx-1'];
  const ratio = load.ratio.toFixed(2);
  ctx.fillText(ratio, x, baseline);
  return x - ctx.measureText(ratio).width;
}
