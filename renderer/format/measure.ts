/** Width of a text in px of the logical canvas; of that weight, else of a label's. */
export type Measure = (text: string, weight?: number) => number;

/** Weight of text that is not set apart. */
export const PLAIN = 500;
const LABEL = 620;

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null | undefined;

/** Widths of labels at 1u, measured once each. */
export function labelMeasure(u: number): Measure {
  context ??= document.createElement('canvas').getContext('2d');
  return (text, weight = LABEL) => {
    const key = `${u} ${weight} ${text}`;
    let width = widths.get(key);
    if (width === undefined && context) {
      context.font = `${weight} ${u * 1.376}px ${getComputedStyle(document.body).fontFamily}`;
      width = context.measureText(text).width;
      // Before the face is there the width is another face's: do not keep it.
      if (document.fonts.check(context.font)) widths.set(key, width);
    }
    return width ?? 0;
  };
}
