import type { Measure } from '../format/measure.ts';
import type { Axis } from './axis.ts';
import { LABEL_PADDING_PX, LATE_MARK_PX, type CaseShape, type Span } from './geometry.ts';

const LEAST_LETTERS = 2;
/** From so many letters on an ellipsis says that there is more; fewer are an abbreviation, with the point that takes less room. */
const LEAST_BEFORE_ELLIPSIS = 4;
/** The mark of an overlap stands at the end of the bar. */
const OVERLAP_MARK_PX = 28;
const INSET_PX = 5;
/** Half of what the lines of now and of prime time take, and of the largest mark of a late start. */
const LINE_PX = 4;
/** What is nearer than this touches. */
const SAME_PX = 0.5;
const MARK_PX = 11;

/** The name of a case in its row. */
export interface CaseLabel {
  text: string;
  x: number;
  /** What it stands on: that gives it its ink. */
  on: CaseShape['labelOn'] | 'ground';
}

/** As much of a label as the room holds: whole, cut with an ellipsis, abbreviated (`Lap.`), or nothing when it would say nothing. */
export function fitLabel(label: string, width: number, measure: Measure): string {
  const room = width - LABEL_PADDING_PX;
  if (measure(label) <= room) return label;
  for (let length = label.length - 1; length >= LEAST_LETTERS; length--) {
    const stem = label.slice(0, length).replace(/[\s,.-]+$/, '');
    const cut = stem + (stem.length >= LEAST_BEFORE_ELLIPSIS ? '…' : '.');
    if (measure(cut) <= room) return cut;
  }
  return '';
}

/** What the bar itself has room for. A critical mark stands over its beginning: the label makes way for it. */
function onBar({ label, labelAt, labelOn, late, overlap }: CaseShape, measure: Measure): CaseLabel {
  const { x, width } = labelAt ?? { x: 0, width: 0 };
  const mark = late?.severity === 'crit' && late.x === x ? LATE_MARK_PX : 0;
  return { text: labelAt ? fitLabel(label, width - (overlap ? OVERLAP_MARK_PX : 0) - mark, measure) : '', x: x + INSET_PX + mark, on: labelOn };
}

/** What is drawn of a case at the height of its name. */
const barsOf = ({ actual, predicted, late }: CaseShape): Span[] => [actual, predicted, late && { x: late.x - MARK_PX, width: MARK_PX }].filter((span) => span !== null);

/** The name beside bars, whole if one side of them has the room, as much of it as the roomier side holds if not; undefined where other things stand. */
function beside(label: string, bars: readonly Span[], others: readonly Span[], { x0, x1 }: Pick<Axis, 'x0' | 'x1'>, measure: Measure): CaseLabel | undefined {
  const begin = Math.min(...bars.map(({ x }) => x));
  const end = Math.max(...bars.map(({ x, width }) => x + width));
  const before = Math.max(x0, ...others.filter(({ x }) => x < begin - SAME_PX).map(({ x, width }) => x + width));
  const after = Math.min(x1, ...others.filter(({ x, width }) => x + width > end + SAME_PX).map(({ x }) => x));
  const [left, right] = [fitLabel(label, begin - before, measure), fitLabel(label, after - end, measure)];
  if (right !== '' && right.length >= left.length) return { text: right, x: end + INSET_PX, on: 'ground' };
  return left === '' ? undefined : { text: left, x: begin - INSET_PX - measure(left), on: 'ground' };
}

/**
 * Names of a room's cases, in their order: on the bar; where that is too short beside it, if nothing else stands there;
 * else empty, and whoever points at the bar is told.
 * @param lines gives the places of lines down the timeline; asked only where a name needs room
 */
export function roomLabels(shapes: readonly CaseShape[], gaps: readonly Span[], axis: Pick<Axis, 'x0' | 'x1'>, lines: () => readonly number[], measure: Measure): CaseLabel[] {
  const labels = shapes.map((shape) => onBar(shape, measure));
  const bars = shapes.map(barsOf);
  const nameless = shapes.flatMap(({ label }, i) => (label !== '' && labels[i]!.text === '' && bars[i]!.length > 0 ? [i] : []));
  if (nameless.length === 0) return labels;
  const taken = [...gaps, ...lines().map((x) => ({ x: x - LINE_PX, width: 2 * LINE_PX }))];
  for (const i of nameless) {
    const { label } = shapes[i]!;
    const found = beside(label, bars[i]!, [...taken, ...bars.filter((_, j) => j !== i).flat()], axis, measure);
    if (!found) continue;
    labels[i] = found;
    taken.push({ x: found.x, width: measure(found.text) });
  }
  return labels;
}
