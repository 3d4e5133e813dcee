import type { MetricItem } from '#shared/views/metric-item.ts';
import { PLAIN } from '../format/measure.ts';
import type { Measure } from '../format/measure.ts';
import type { Screen } from '../shell/route.ts';
import type { Density } from '../stores/display.ts';
import type { Projection } from '../stores/projection.ts';
import { FIGURES, tileTitle } from './metric-tile.ts';

export interface KpiTitle {
  key: string;
  /** With the figure's name and what stands below it, as the tile prints it: lines of their own are told apart by a line feed. */
  text: string;
}

export interface StripLayout {
  keys: string[];
  form: 'tall' | 'wide';
  rows: number;
  across: number;
  /** Of each tile, logical px. */
  widths: number[];
  /** Of every tile's label, so that what is below it lines up. */
  labelHeight: number;
  /** Of the whole strip. */
  height: number;
  /** Of the course of a number; 0 where there is no room for it. */
  sparkHeight: number;
  /** Change and age stand below each other. */
  stacked: boolean;
}

export interface StripDisplay {
  density: Density;
  stretch: number;
  /** What the severity shape, and at a desk the definition's button, take of a label's first line. */
  lead: number;
}

const SHAPE = 36;
const SHAPE_AND_NOTE = 80;

export const stripDisplay = (density: Density, stretch: number, role: Screen['role']): StripDisplay => ({ density, stretch, lead: role === 'desk' ? SHAPE_AND_NOTE : SHAPE });

const STRIP_WIDTH = 1872;
const GAP = 12;
const PADDING = 28;
const MOST_ACROSS = 9;
const LINE = 26;
/** A tile whose label would take more lines than this is made wider, so that the others need not be as high. */
const MOST_LINES = 3;
const WIDER = 1.35;
/** What a tile takes beside its label and its course: padding, gauge and gaps, and what grows with its type: value, range and foot. */
const FIXED = { tall: { frame: 64, text: 118 }, wide: { frame: 34, text: 104 } } as const;
/** A line for the change alone, in tiles narrower than `BROAD`. */
const CHANGE = 30;
const BROAD = 290;
const SPARK = 48;
const LEAST_SPARK = 24;

/** Lines of a text broken between words and at its line feeds, its first line shorter by `lead`. */
function lines(text: string, width: number, lead: number, measure: Measure): number {
  const [first = '', ...others] = text.split('\n');
  return others.reduce((sum, other) => sum + linesOf(other, width, 0, (word) => measure(word, PLAIN)), linesOf(first, width, lead, measure));
}

function linesOf(text: string, width: number, lead: number, measure: Measure): number {
  let count = 1;
  let used = 0;
  for (const word of text.split(' ')) {
    const length = measure(word);
    const gap = used > 0 ? measure(' ') : 0;
    const room = count === 1 ? width - lead : width;
    // A word that is too long for a whole line has one to itself; one that the first line is too short for goes below.
    if ((used > 0 || room < width) && used + gap + length > room) {
      count++;
      used = length;
    } else used += gap + length;
  }
  return count;
}

/** How a row of KPI tiles is laid out, by how many there are and how long their titles run. */
export function stripLayout(titles: readonly KpiTitle[], form: 'tall' | 'wide', { density, stretch, lead }: StripDisplay, measure: Measure, available?: number): StripLayout {
  const shown = titles.slice(0, density === 'full' ? 2 * MOST_ACROSS : 4);
  const rows = density === 'single' && shown.length > 2 ? 2 : Math.max(1, Math.ceil(shown.length / MOST_ACROSS));
  const across = Math.max(1, Math.ceil(shown.length / rows));
  const labelLines = ({ text }: KpiTitle, width: number): number => lines(text, width - PADDING, lead, measure);
  const even = (STRIP_WIDTH - GAP * (across - 1)) / across;
  const weights = shown.map((title) => (rows === 1 && labelLines(title, even) > MOST_LINES ? WIDER : 1));
  const unit = (even * across) / (rows === 1 ? weights.reduce((sum, weight) => sum + weight, 0) : across);
  const widths = weights.map((weight) => weight * unit);
  const labelHeight = LINE * stretch * Math.max(0, ...shown.map((title, i) => labelLines(title, widths[i] ?? even)));
  const stacked = Math.min(...widths) - PADDING < BROAD * stretch;
  const fixed = labelHeight + FIXED[form].frame + stretch * (FIXED[form].text + (stacked ? CHANGE : 0));
  const least = form === 'tall' ? fixed + SPARK : fixed;
  const height = shown.length === 0 ? 0 : (available ?? rows * least + (rows - 1) * GAP);
  const left = (height - (rows - 1) * GAP) / rows - fixed;
  return { keys: shown.map(({ key }) => key), form, rows, across, widths, labelHeight, height, sparkHeight: left >= LEAST_SPARK ? left : 0, stacked };
}

/** Titles of the KPI items in the server's rank; read once a change of keys, because titles do not change. From afar, where tiles are broad, in one line. */
export function kpiTitles(projection: Projection, density: Density): KpiTitle[] {
  return projection.keys.value
    .filter((key) => key.startsWith('kpi:'))
    .flatMap((key) => {
      const item = projection.peek(key) as MetricItem | undefined;
      if (!item) return [];
      const { name, detail } = tileTitle(item);
      return [{ key, text: [`${name} ${FIGURES[item.figure]}`.trim(), detail].filter(Boolean).join(density === 'single' ? ' ' : '\n'), rank: item.rank ?? Infinity }];
    })
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank));
}
