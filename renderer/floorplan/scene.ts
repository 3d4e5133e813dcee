import Konva from 'konva/lib/Core';
import { Image as KonvaImage } from 'konva/lib/shapes/Image';
import type { BedItem } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { FloorPlan } from '#shared/floorplan.ts';
import { BedImages } from './bed-base.ts';
import { drawBedMarks, shortLabel } from './bed-marks.ts';
import { drawUnitGround, groundFill } from './ground.ts';
import { largestFree } from './free-space.ts';
import type { Palette } from './palette.ts';
import { unitType } from './palette.ts';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface UnitNode {
  card: UnitCardItem | undefined;
  /** Heading included. */
  box: Box;
  /** Where the ground says something in words and figures: the heading, and the box in the free middle. */
  words: Box[];
  /** What the beds lie on, as drawn. */
  fill: string;
  ground: Konva.Shape;
  beds: BedNode[];
}

interface BedNode {
  label: string;
  unit: UnitNode;
  box: Box;
  item: BedItem | undefined;
  image: KonvaImage;
  marks: Konva.Shape;
}

export interface SceneSize {
  width: number;
  height: number;
  /** Plan units to logical px. */
  scale: number;
  /** Logical px to device px. */
  ratio: number;
  u: number;
}

/** Lines of the heading over a unit, in cap heights. */
const HEADING_LINES = 1.8;

/** The free middle of a unit, where its box stands; none when beds fill it. */
function freeBox(unit: FloorPlan['units'][number], scale: number): Box[] {
  const free = largestFree(unit, unit.beds);
  return free ? [{ x: free.x * scale, y: free.y * scale, width: free.w * scale, height: free.h * scale }] : [];
}

export const bedKey = (unit: string, bed: string): string => `${unit}/${bed}`;

/**
 * A floor plan on one Konva layer. A changed bed redraws its own rectangle, a changed load its unit; the whole is drawn
 * only when the plan itself changes.
 *
 * One canvas, because without a GPU each canvas on the page is rastered whole with every frame in which any of them
 * changed: at 1,000 events a second on two cores the median from publish to paint was 177 ms with four of them, 54 ms
 * with two and 40 ms with one.
 */
export class PlanScene {
  readonly #stage: Konva.Stage;
  readonly #floor = new Konva.Layer({ listening: false });
  readonly #images: BedImages;
  readonly #palette: Palette;
  readonly #units = new Map<string, UnitNode>();
  readonly #beds = new Map<string, BedNode>();
  readonly #dirtyUnits = new Set<UnitNode>();
  readonly #dirtyBeds = new Set<BedNode>();
  #scheduled = false;

  constructor(container: HTMLDivElement, plan: FloorPlan, size: SceneSize, palette: Palette) {
    this.#palette = palette;
    this.#images = new BedImages(palette, size.ratio);
    this.#stage = new Konva.Stage({ container, width: size.width, height: size.height, listening: false });
    this.#stage.add(this.#floor);
    this.#floor.getCanvas().setPixelRatio(size.ratio);
    for (const unit of plan.units) this.#addUnit(unit, size);
  }

  #addUnit(unit: FloorPlan['units'][number], size: SceneSize): void {
    const { scale, u } = size;
    const heading = unitType(u) * HEADING_LINES;
    const node: UnitNode = {
      card: undefined,
      box: { x: unit.x * scale, y: unit.y * scale - heading, width: unit.w * scale, height: unit.h * scale + heading },
      words: [{ x: unit.x * scale, y: unit.y * scale - heading, width: unit.w * scale, height: heading }, ...freeBox(unit, scale)],
      fill: groundFill(undefined, this.#palette),
      ground: new Konva.Shape({ sceneFunc: ({ _context: ctx }) => drawUnitGround(ctx, unit, node.card, size, this.#palette) }),
      beds: [],
    };
    this.#floor.add(node.ground);
    for (const { bed, x, y, w, h } of unit.beds) this.#addBed(node, bedKey(unit.unit, bed), bed, { x, y, w, h }, size);
    this.#units.set(unit.unit, node);
  }

  #addBed(unit: UnitNode, key: string, bed: string, rect: { x: number; y: number; w: number; h: number }, { scale, u }: SceneSize): void {
    const palette = this.#palette;
    const box = { x: Math.round(rect.x * scale), y: Math.round(rect.y * scale), width: Math.round(rect.w * scale), height: Math.round(rect.h * scale) };
    const { width, height } = box;
    const node: BedNode = {
      label: shortLabel(bed),
      unit,
      box,
      item: undefined,
      image: new KonvaImage({ ...box, image: this.#images.image('unknown', width, height) }),
      marks: new Konva.Shape({ ...box, sceneFunc: ({ _context: ctx }) => drawMarks(ctx, node, unitType(u), palette) }),
    };
    this.#floor.add(node.image, node.marks);
    this.#beds.set(key, node);
    unit.beds.push(node);
  }

  setBed(key: string, item: BedItem | undefined): void {
    const node = this.#beds.get(key);
    if (!node) return;
    node.item = item;
    this.#dirtyBeds.add(node);
    this.#schedule();
  }

  /** The unit's card decides the ground's step and what its box says. */
  setUnit(unit: string, card: UnitCardItem | undefined): void {
    const node = this.#units.get(unit);
    if (!node || groundOf(node.card) === groundOf(card)) return;
    node.card = card;
    this.#dirtyUnits.add(node);
    this.#schedule();
  }

  drawAll(): void {
    this.#dirtyUnits.clear();
    this.#dirtyBeds.clear();
    for (const unit of this.#units.values()) unit.fill = groundFill(unit.card, this.#palette);
    for (const node of this.#beds.values()) this.#dress(node);
    this.#floor.draw();
  }

  destroy(): void {
    this.#stage.destroy();
  }

  /** Changes come inside the frame that paints them; a microtask gathers them without waiting for the next one. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#redraw();
    });
  }

  #dress(node: BedNode): void {
    node.image.image(this.#images.image(node.item?.status ?? 'unknown', node.image.width(), node.image.height()));
  }

  #redraw(): void {
    const canvas = this.#floor.getCanvas();
    const context = this.#floor.getContext();
    for (const unit of this.#dirtyUnits) {
      const fill = groundFill(unit.card, this.#palette);
      if (fill === unit.fill) for (const box of unit.words) this.#redrawGround(unit, box);
      else {
        this.#redrawGround(unit, unit.box);
        for (const bed of unit.beds) this.#dirtyBeds.add(bed);
      }
      unit.fill = fill;
    }
    for (const bed of this.#dirtyBeds) {
      this.#dress(bed);
      const { x, y, width, height } = bed.box;
      context._context.fillStyle = groundFill(bed.unit.card, this.#palette);
      context._context.fillRect(x, y, width, height);
      bed.image.drawScene(canvas);
      bed.marks.drawScene(canvas);
    }
    this.#dirtyUnits.clear();
    this.#dirtyBeds.clear();
  }

  /** Draws one rectangle of a unit's ground anew; beds that lie in it are drawn after. */
  #redrawGround(unit: UnitNode, { x, y, width, height }: Box): void {
    const context = this.#floor.getContext();
    context.clear({ x, y, width, height });
    context.save();
    context.beginPath();
    context.rect(x, y, width, height);
    context.clip();
    unit.ground.drawScene(this.#floor.getCanvas());
    context.restore();
  }
}

function drawMarks(ctx: CanvasRenderingContext2D, { label, item, box: { width, height } }: BedNode, type: number, palette: Palette): void {
  drawBedMarks(ctx, label, item, width, height, type, palette);
  if (item?.conflict) drawConflict(ctx, width, height, palette);
}

/** Two sources disagree about this bed: an information ring and mark, until one of them wins. */
function drawConflict(ctx: CanvasRenderingContext2D, w: number, h: number, p: Palette): void {
  ctx.strokeStyle = p.info;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.roundRect(1.5, 1.5, w - 3, h - 3, 3);
  ctx.stroke();
  ctx.translate(w / 2, h / 2 + 2);
  ctx.fillStyle = p.info;
  ctx.beginPath();
  ctx.arc(0, 0, 11, 0, 2 * Math.PI);
  ctx.fill();
  ctx.fillStyle = p['on-info'];
  ctx.fillRect(-1.4, -2, 2.8, 8);
  ctx.fillRect(-1.4, -6.5, 2.8, 3);
}

/** What of a unit's card stands on the ground: name, load and pods. */
const groundOf = (card: UnitCardItem | undefined): string => JSON.stringify([card?.name, card?.load, card?.pods]);
