import type { BedItem } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { FloorPlan } from '#shared/floorplan.ts';
import { BedImages } from './bed-base.ts';
import { drawBed, shortLabel } from './bed-marks.ts';
import { drawGround, groundFill, HEADING_LINES } from './ground.ts';
import { largestFree, type Rect } from './free-space.ts';
import type { Palette } from './palette.ts';
import { unitType } from './palette.ts';
import { Patch } from './patch.ts';
import { drawPodBox } from './pod-box.ts';

interface UnitNode {
  unit: FloorPlan['units'][number];
  card: UnitCardItem | undefined;
  ground: Patch;
  /** What its pods and nurses carry, in the free middle; none when beds fill it. */
  pods: Patch | undefined;
}

interface BedNode {
  label: string;
  item: BedItem | undefined;
  patch: Patch;
}

export interface SceneSize {
  /** Plan units to logical px. */
  scale: number;
  /** Logical px to device px. */
  ratio: number;
  u: number;
}

export const bedKey = (unit: string, bed: string): string => `${unit}/${bed}`;

/** A floor plan of patches: under each unit its ground, on it each bed and the box of figures. What changes is drawn anew, nothing else. */
export class PlanScene {
  readonly #container: HTMLElement;
  readonly #images: BedImages;
  readonly #palette: Palette;
  readonly #size: SceneSize;
  readonly #units = new Map<string, UnitNode>();
  readonly #beds = new Map<string, BedNode>();
  readonly #dirtyBeds = new Set<BedNode>();
  readonly #dirtyGrounds = new Set<UnitNode>();
  readonly #dirtyPods = new Set<UnitNode>();
  #scheduled = false;

  constructor(container: HTMLElement, plan: FloorPlan, size: SceneSize, palette: Palette) {
    this.#container = container;
    this.#palette = palette;
    this.#size = size;
    this.#images = new BedImages(palette, size.ratio);
    for (const unit of plan.units) this.#addUnit(unit);
  }

  #patch(name: string, { x, y, w, h }: Rect, above = 0): Patch {
    const { scale, ratio } = this.#size;
    const box = { x: Math.round(x * scale), y: Math.round(y * scale) - above, width: Math.round(w * scale), height: Math.round(h * scale) + above };
    return new Patch(this.#container, name, box, ratio);
  }

  #addUnit(unit: FloorPlan['units'][number]): void {
    const ground = this.#patch(`ground ${unit.unit}`, unit, Math.ceil(unitType(this.#size.u) * HEADING_LINES));
    const free = largestFree(unit, unit.beds);
    const pods = free ? this.#patch(`pods ${unit.unit}`, free) : undefined;
    this.#units.set(unit.unit, { unit, card: undefined, ground, pods });
    for (const bed of unit.beds) {
      const key = bedKey(unit.unit, bed.bed);
      this.#beds.set(key, { label: shortLabel(bed.bed), item: undefined, patch: this.#patch(`bed ${key}`, bed) });
    }
  }

  setBed(key: string, item: BedItem | undefined): void {
    const node = this.#beds.get(key);
    if (!node) return;
    node.item = item;
    this.#dirtyBeds.add(node);
    this.#schedule();
  }

  /** The unit's card decides its name, the step of its ground and what its box says. */
  setUnit(unit: string, card: UnitCardItem | undefined): void {
    const node = this.#units.get(unit);
    if (!node) return;
    const before = node.card;
    node.card = card;
    if (before?.name !== card?.name || groundFill(before, this.#palette) !== groundFill(card, this.#palette)) this.#dirtyGrounds.add(node);
    if (figuresOf(before) !== figuresOf(card)) this.#dirtyPods.add(node);
    this.#schedule();
  }

  drawAll(): void {
    for (const unit of this.#units.values()) {
      this.#dirtyGrounds.add(unit);
      this.#dirtyPods.add(unit);
    }
    for (const bed of this.#beds.values()) this.#dirtyBeds.add(bed);
    this.#draw();
  }

  destroy(): void {
    this.#container.replaceChildren();
  }

  /** Changes come inside the frame that paints them; a microtask gathers them without waiting for the next one. */
  #schedule(): void {
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
    for (const { unit, card, ground } of this.#dirtyGrounds) ground.draw((ctx) => drawGround(ctx, unit, card, this.#size.scale, type, palette));
    for (const { card, pods } of this.#dirtyPods) pods?.draw((ctx, w, h) => card && drawPodBox(ctx, { x: 0, y: 0, w, h }, card, type, palette));
    for (const { label, item, patch } of this.#dirtyBeds) {
      patch.draw((ctx, width, height) => {
        ctx.drawImage(this.#images.image(item?.status ?? 'unknown', width, height), 0, 0, width, height);
        drawBed(ctx, label, item, width, height, type, palette);
      });
    }
    this.#dirtyGrounds.clear();
    this.#dirtyPods.clear();
    this.#dirtyBeds.clear();
  }
}

/** What of a unit's card stands in its box: load and pods. */
const figuresOf = (card: UnitCardItem | undefined): string => JSON.stringify([card?.load, card?.pods]);
