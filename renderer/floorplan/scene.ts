import Konva from 'konva/lib/Core';
import { Image as KonvaImage } from 'konva/lib/shapes/Image';
import type { BedItem } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { FloorPlan } from '#shared/floorplan.ts';
import { BedImages } from './bed-base.ts';
import { drawBedMarks, shortLabel } from './bed-marks.ts';
import { drawUnitGround } from './ground.ts';
import type { Palette } from './palette.ts';
import { unitType } from './palette.ts';

interface BedNode {
  label: string;
  item: BedItem | undefined;
  /** A ring is on the screen. */
  ringed: boolean;
  image: KonvaImage;
  marks: Konva.Shape;
  ring: Konva.Shape;
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

const RING_REACH = 6;

export const bedKey = (unit: string, bed: string): string => `${unit}/${bed}`;

/**
 * A floor plan on four Konva layers: ground, beds, marks, rings. A changed bed redraws its own rectangle on each of
 * them; a whole layer is drawn only when the plan itself changes.
 */
export class PlanScene {
  readonly #stage: Konva.Stage;
  readonly #ground = new Konva.Layer({ listening: false });
  readonly #base = new Konva.Layer({ listening: false });
  readonly #marks = new Konva.Layer({ listening: false });
  readonly #rings = new Konva.Layer({ listening: false });
  readonly #images: BedImages;
  readonly #beds = new Map<string, BedNode>();
  readonly #cards = new Map<string, UnitCardItem>();
  readonly #dirty = new Set<BedNode>();
  #groundDirty = false;
  #scheduled = false;

  constructor(container: HTMLDivElement, plan: FloorPlan, size: SceneSize, palette: Palette) {
    this.#images = new BedImages(palette, size.ratio);
    this.#stage = new Konva.Stage({ container, width: size.width, height: size.height, listening: false });
    for (const layer of [this.#ground, this.#base, this.#marks, this.#rings]) {
      this.#stage.add(layer);
      layer.getCanvas().setPixelRatio(size.ratio);
    }
    for (const unit of plan.units) {
      this.#ground.add(
        new Konva.Shape({ sceneFunc: ({ _context: ctx }) => drawUnitGround(ctx, unit, this.#cards.get(unit.unit), size, palette) }),
      );
      for (const { bed, x, y, w, h } of unit.beds) this.#addBed(bedKey(unit.unit, bed), bed, { x, y, w, h }, size, palette);
    }
  }

  #addBed(key: string, bed: string, rect: { x: number; y: number; w: number; h: number }, { scale, u }: SceneSize, palette: Palette): void {
    const box = { x: Math.round(rect.x * scale), y: Math.round(rect.y * scale), width: Math.round(rect.w * scale), height: Math.round(rect.h * scale) };
    const { width, height } = box;
    const node: BedNode = {
      label: shortLabel(bed),
      item: undefined,
      ringed: false,
      image: new KonvaImage({ ...box, image: this.#images.image('unknown', width, height) }),
      marks: new Konva.Shape({ ...box, sceneFunc: ({ _context: ctx }) => drawBedMarks(ctx, node.label, node.item, width, height, unitType(u), palette) }),
      ring: new Konva.Shape({ ...box, sceneFunc: ({ _context: ctx }) => drawRing(ctx, node.item, width, height, palette) }),
    };
    this.#base.add(node.image);
    this.#marks.add(node.marks);
    this.#rings.add(node.ring);
    this.#beds.set(key, node);
  }

  setBed(key: string, item: BedItem | undefined): void {
    const node = this.#beds.get(key);
    if (!node) return;
    node.item = item;
    this.#dirty.add(node);
    this.#schedule();
  }

  /** The unit's card decides the ground's step and what its box says. */
  setUnit(unit: string, card: UnitCardItem | undefined): void {
    if (groundOf(this.#cards.get(unit)) === groundOf(card)) return;
    if (card) this.#cards.set(unit, card);
    else this.#cards.delete(unit);
    this.#groundDirty = true;
    this.#schedule();
  }

  drawAll(): void {
    this.#dirty.clear();
    this.#groundDirty = false;
    for (const node of this.#beds.values()) {
      this.#dress(node);
      node.ringed = node.item?.conflict !== undefined;
    }
    for (const layer of [this.#ground, this.#base, this.#marks, this.#rings]) layer.draw();
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
    if (this.#groundDirty) this.#ground.draw();
    this.#groundDirty = false;
    for (const node of this.#dirty) {
      this.#dress(node);
      repaint(this.#base, node.image, 0);
      repaint(this.#marks, node.marks, 0);
      // Every canvas that is touched is copied whole to the compositor: leave the rings alone where there are none.
      if (node.ringed || node.item?.conflict) repaint(this.#rings, node.ring, RING_REACH);
      node.ringed = node.item?.conflict !== undefined;
    }
    this.#dirty.clear();
  }
}

/** Clears a node's own rectangle on its layer and draws it there: beds do not overlap, so nothing else is touched. */
function repaint(layer: Konva.Layer, node: Konva.Shape, reach: number): void {
  layer.getContext().clear({ x: node.x() - reach, y: node.y() - reach, width: node.width() + 2 * reach, height: node.height() + 2 * reach });
  node.drawScene(layer.getCanvas());
}

/** Two sources disagree about this bed: an information ring and mark, until one of them wins. */
function drawRing(ctx: CanvasRenderingContext2D, item: BedItem | undefined, w: number, h: number, p: Palette): void {
  if (!item?.conflict) return;
  ctx.strokeStyle = p.info;
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.roundRect(-3, -3, w + 6, h + 6, 6);
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
