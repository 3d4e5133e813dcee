import type { MetricItem } from '#shared/views/metric-item.ts';
import type { Density } from '../stores/display.ts';
import type { Projection } from '../stores/projection.ts';
import { FIGURES, titleParts } from './metric-tile.ts';

export interface KpiTitle {
  key: string;
  /** With the figure's name and the definition, as the tile prints it. */
  text: string;
}

export interface StripLayout {
  keys: string[];
  form: 'tall' | 'wide';
  rows: number;
  across: number;
  /** Of one tile, logical px. */
  width: number;
  /** Of the whole strip. */
  height: number;
  sparkHeight: number;
}

const STRIP_WIDTH = 1872;
const GAP = 12;
const PADDING = 28;
const MOST_ACROSS = 9;
/** Mean advance of a letter at 1u and u = 16.5. */
const LETTER = 11.2;
const LINE = 26;
const SHAPE = 36;
/** Padding, value, gauge, range, foot and the gaps between them. */
const TALL_FIXED = 204;
const WIDE_FIXED = 144;
const SPARK = 42;

/** Lines of a text broken between words. */
function lines(text: string, width: number): number {
  let count = 1;
  let used = 0;
  for (const word of text.split(' ')) {
    const length = word.length * LETTER;
    if (used > 0 && used + LETTER / 2 + length > width) {
      count++;
      used = length;
    } else used += (used > 0 ? LETTER / 2 : 0) + length;
  }
  return count;
}

/** How a row of KPI tiles is laid out, by how many there are and how long their titles run. */
export function stripLayout(titles: readonly KpiTitle[], form: 'tall' | 'wide', density: Density, available?: number): StripLayout {
  const shown = titles.slice(0, density === 'full' ? 2 * MOST_ACROSS : 4);
  const rows = density === 'single' && shown.length > 2 ? 2 : Math.max(1, Math.ceil(shown.length / MOST_ACROSS));
  const across = Math.max(1, Math.ceil(shown.length / rows));
  const width = (STRIP_WIDTH - GAP * (across - 1)) / across;
  const inner = width - PADDING;
  const label = LINE * Math.max(0, ...shown.map(({ text }) => lines(text, inner - SHAPE)));
  const fixed = label + (form === 'tall' ? TALL_FIXED : WIDE_FIXED);
  const least = form === 'tall' ? fixed + SPARK : fixed;
  const height = shown.length === 0 ? 0 : (available ?? rows * least + (rows - 1) * GAP);
  return { keys: shown.map(({ key }) => key), form, rows, across, width, height, sparkHeight: Math.max(SPARK, (height - (rows - 1) * GAP) / rows - fixed) };
}

/** Titles of the KPI items in the server's rank; read once a change of keys, because titles do not change. */
export function kpiTitles(projection: Projection): KpiTitle[] {
  return projection.keys.value
    .filter((key) => key.startsWith('kpi:'))
    .flatMap((key) => {
      const item = projection.peek(key) as MetricItem | undefined;
      if (!item) return [];
      const { name, detail } = titleParts(item.title);
      return [{ key, text: [name, FIGURES[item.figure], detail].filter(Boolean).join(' '), rank: item.rank ?? Infinity }];
    })
    .sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank));
}
