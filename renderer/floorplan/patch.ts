export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * A small canvas of its own over one box of the plan, drawn by what it is given at the box's origin.
 *
 * Without a GPU a canvas is rastered whole with every frame in which it changed. One canvas for the whole plan cost
 * 15 ms of raster a frame at 1,000 events a second; many small ones cost what changed.
 */
export class Patch {
  readonly #box: Box;
  readonly #ctx: CanvasRenderingContext2D;

  /** `name` says in the document what it shows; `box` is in logical px of `container`, `ratio` logical to device px. */
  constructor(container: HTMLElement, name: string, box: Box, ratio: number) {
    const canvas = document.createElement('canvas');
    canvas.dataset['patch'] = name;
    canvas.width = Math.ceil(box.width * ratio);
    canvas.height = Math.ceil(box.height * ratio);
    Object.assign(canvas.style, { position: 'absolute', left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` });
    container.append(canvas);
    this.#box = box;
    this.#ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
    this.#ctx.scale(canvas.width / box.width, canvas.height / box.height);
  }

  /** Draws anew; `paint` draws at the origin of the box, `width` by `height` logical px. */
  draw(paint: (ctx: CanvasRenderingContext2D, width: number, height: number) => void): void {
    const { width, height } = this.#box;
    this.#ctx.clearRect(0, 0, width, height);
    this.#ctx.save();
    paint(this.#ctx, width, height);
    this.#ctx.restore();
  }
}
