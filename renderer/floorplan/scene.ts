import Konva from 'konva/lib/Core';
import type { BedItem } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { FloorPlan } from '#shared/floorplan.ts';
import { BedImages } from './bed-base.ts';
import { drawBed, shortLabel } from './bed-marks.ts';
import { drawUnitGround, groundFill } from './ground.ts';
import { largestFree } from './free-space.ts';
import type { Palette } from './palette.ts';
import { unitType } from './palette.ts';
import { Patch, type Box } from './patch.ts';
import { drawPodBox } from './pod-box.ts';

interface UnitNode {
  card: UnitCardItem | undefined;
  ground: Konva.Shape;
  /** What its pods and nurses carry, in the free middle; none when beds fill it. */
  pods: Patch | undefined;
}

interface BedNode {
  label: string;
  item: BedItem | undefined;
  patch: Patch;
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

type Rect = { x: number; y: number; w: number; h: number };

export const bedKey = (unit: string, bed: string): string => `${unit}/${bed}`;

/** A floor plan: the ground on one Konva layer, which rests; on it a patch for each bed and each box of figures, drawn as they change. */
export class PlanScene {
  readonly #stage: Konva.Stage;
  readonly #floor = new Konva.Layer({ listening: false });
  readonly #images: BedImages;
  readonly #palette: Palette;
  readonly #size: SceneSize;
  readonly #over: HTMLDivElement;
  readonly #units = new Map<string, UnitNode>();
  readonly #beds = new Map<string, BedNode>();
  readonly #dirty = new Set<BedNode | UnitNode>();
  #groundIsOld = false;
  #scheduled = false;

  constructor(container: HTMLDivElement, plan: FloorPlan, size: SceneSize, palette: Palette) {
    this.#palette = palette;
    this.#size = size;
    this.#images = new BedImages(palette, size.ratio);
    this.#stage = new Konva.Stage({ container, width: size.width, height: size.height, listening: false });
    this.#stage.add(this.#floor);
    this.#floor.getCanvas().setPixelRatio(size.ratio);
    this.#over = this.#stage.content;
    for (const unit of plan.units) this.#addUnit(unit);
  }

  #box({ x, y, w, h }: Rect): Box {
    const { scale } = this.#size;
    return { x: Math.round(x * scale), y: Math.round(y * scale), width: Math.round(w * scale), height: Math.round(h * scale) };
  }

  #addUnit(unit: FloorPlan['units'][number]): void {
    const free = largestFree(unit, unit.beds);
    const node: UnitNode = {
      card: undefined,
      ground: new Konva.Shape({ sceneFunc: ({ _context: ctx }) => drawUnitGround(ctx, unit, node.card, this.#size, this.#palette) }),
      pods: free ? new Patch(this.#over, unit.unit, this.#box(free), this.#size.ratio) : undefined,
    };
    this.#floor.add(node.ground);
    this.#units.set(unit.unit, node);
    for (const bed of unit.beds) {
      const key = bedKey(unit.unit, bed.bed);
      this.#beds.set(key, { label: shortLabel(bed.bed), item: undefined, patch: new Patch(this.#over, key, this.#box(bed), this.#size.ratio) });
    }
  }

  setBed(key: string, item: BedItem | undefined): void {
    const node = this.#beds.get(key);
    if (!node) return;
    node.item = item;
    this.#mark(node);
  }

  /** The unit's card decides the ground's step and what its box says. */
  setUnit(unit: string, card: UnitCardItem | undefined): void {
    const node = this.#units.get(unit);
    if (!node || figuresOf(node.card) === figuresOf(card)) return;
    if (node.card?.name !== card?.name || groundFill(node.card, this.#palette) !== groundFill(card, this.#palette)) this.#groundIsOld = true;
    node.card = card;
    this.#mark(node);
  }

  drawAll(): void {
    this.#groundIsOld = true;
    for (const node of [...this.#units.values(), ...this.#beds.values()]) this.#dirty.add(node);
    this.#draw();
  }

  destroy(): void {
    this.#stage.destroy();
  }

  /** Changes come inside the frame that paints them; a microtask gathers them without waiting for the next one. */
  #mark(node: BedNode | UnitNode): void {
    this.#dirty.add(node);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #draw(): void {
    const palette = this.#palette;
    const type = unitType(this.#size.u);
    if (this.#groundIsOld) this.#floor.draw();
    this.#groundIsOld = false;
    for (const node of this.#dirty) {
      if ('patch' in node) {
        node.patch.draw((ctx, width, height) => {
          ctx.drawImage(this.#images.image(node.item?.status ?? 'unknown', width, height), 0, 0, width, height);
          drawBed(ctx, node.label, node.item, width, height, type, palette);
        });
      } else {
        node.pods?.draw((ctx, w, h) => node.card && drawPodBox(ctx, { x: 0, y: 0, w, h }, node.card, type, palette));
      }
    }
    this.#dirty.clear();
  }
}

/** What of a unit's card stands on the plan: name, load and pods. */
const figuresOf = (card: UnitCardItem | undefined): string => JSON.stringify([card?.name, card?.load, card?.pods]);
