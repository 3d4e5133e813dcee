import type { BedItem } from '#shared/views/bed-item.ts';
import type { UnitCardItem } from '#shared/views/boards.ts';
import type { FloorPlan } from '#shared/floorplan.ts';
import { DIMMED, lookOf, type Look, type UnitAge } from './age.ts';
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
  age: UnitAge;
  beds: BedNode[];
  ground: Patch;
  /** What its pods and nurses carry, in the free middle; none when beds fill it. */
  pods: Patch | undefined;
}

interface BedNode {
  unit: UnitNode;
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

/** Until somebody says how old a unit's facts are, nothing of them is known. */
const UNTOLD: UnitAge = { occupied: 'lost', other: 'lost', note: undefined };

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
    const node: UnitNode = { unit, card: undefined, age: UNTOLD, beds: [], ground, pods };
    this.#units.set(unit.unit, node);
    for (const bed of unit.beds) {
      const key = bedKey(unit.unit, bed.bed);
      const drawn = { unit: node, label: shortLabel(bed.bed), item: undefined, patch: this.#patch(`bed ${key}`, bed) };
      this.#beds.set(key, drawn);
      node.beds.push(drawn);
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
    if (before?.name !== card?.name || groundFill(before, node.age, this.#palette) !== groundFill(card, node.age, this.#palette)) this.#dirtyGrounds.add(node);
    if (figuresOf(before) !== figuresOf(card)) this.#dirtyPods.add(node);
    this.#schedule();
  }

  /** Draws anew only what looks another way by its age. */
  setAge(unit: string, age: UnitAge): void {
    const node = this.#units.get(unit);
    if (!node) return;
    const before = node.age;
    const looks = node.beds.map(bedLook);
    node.age = age;
    const countsAlike = lookOf(before.occupied) === lookOf(age.occupied);
    if (!countsAlike || before.note?.text !== age.note?.text) this.#dirtyGrounds.add(node);
    if (!countsAlike) this.#dirtyPods.add(node);
    for (const [i, bed] of node.beds.entries()) if (looks[i] !== bedLook(bed)) this.#dirtyBeds.add(bed);
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
    for (const { unit, card, age, ground } of this.#dirtyGrounds) ground.draw((ctx) => drawGround(ctx, unit, card, age, this.#size.scale, type, palette));
    for (const { card, age, pods } of this.#dirtyPods) {
      const look = lookOf(age.occupied);
      pods?.draw((ctx, w, h) => {
        if (look === 'stale') ctx.globalAlpha = DIMMED;
        if (card && look !== 'lost') drawPodBox(ctx, { x: 0, y: 0, w, h }, card, type, palette);
      });
    }
    for (const bed of this.#dirtyBeds) {
      const look = bedLook(bed);
      const item = look === 'lost' ? undefined : bed.item;
      bed.patch.draw((ctx, width, height) => {
        const stale = look === 'stale';
        ctx.globalAlpha = stale ? DIMMED : 1;
        ctx.drawImage(this.#images.image(item?.status ?? 'unknown', width, height), 0, 0, width, height);
        ctx.globalAlpha = 1;
        if (stale) ctx.drawImage(this.#images.image('stale', width, height), 0, 0, width, height);
        drawBed(ctx, bed.label, item, width, height, type, palette, stale);
      });
    }
    this.#dirtyGrounds.clear();
    this.#dirtyPods.clear();
    this.#dirtyBeds.clear();
  }
}

const bedLook = ({ item, unit: { age } }: BedNode): Look => lookOf(item?.status === 'occupied' ? age.occupied : age.other);

/** What of a unit's card stands in its box: load and pods. */
const figuresOf = (card: UnitCardItem | undefined): string => JSON.stringify([card?.load, card?.pods]);
