/** Width of a text in px of the logical canvas. */
export type Measure = (text: string) => number;

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;

/** Widths of labels at 1u, measured once each. */
export function labelMeasure(u: number): Measure {
  context ??= document.createElement('canvas').getContext('2d');
  return (text) => {
    const key = `${u} ${text}`;
    let width = widths.get(key);
    if (width === undefined && context) {
      context.font = `620 ${u * 1.376}px ${getComputedStyle(document.body).fontFamily}`;
      width = context.measureText(text).width;
      // Before the face is there the width is another face's: do not keep it.
      if (document.fonts.check(context.font)) widths.set(key, width);
    }
    return width ?? 0;
  };
}
