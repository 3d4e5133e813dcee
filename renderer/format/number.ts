import type { MetricItem } from '#shared/views/metric-item.ts';

/** One stretch of a printed value: figures large, unit small behind them. */
export interface Part {
  text: string;
  unit: string;
}

type Measure = Pick<MetricItem, 'unit' | 'kind' | 'scale'>;

const MINUS = '−';
const DASH = '–';

function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

/** Decimals that a measure is read with: shares to a tenth of a point, scores by the size of their scale. */
export function digitsOf({ unit, kind, scale }: Measure, shown: number): number {
  if (unit === '%') return kind === 'gauge' || Math.abs(shown) < 10 ? 1 : 0;
  if (unit === 'd' || unit === 'h') return 1;
  if (unit === 'min') return Math.abs(shown) < 10 ? 1 : 0;
  if (unit === '' || unit === 'pts') return kind === 'count' || scale[1] - scale[0] >= 20 ? 0 : 2;
  return Number.isInteger(shown) ? 0 : 1;
}

const scaled = (measure: Measure, value: number): number => (measure.unit === '%' ? value * 100 : value);

/** A value as a tile prints it. Shares (0-1) become per cent; minutes from two hours on become `9 h 24`. */
export function valueParts(measure: Measure, value: number | null): Part[] {
  if (value === null) return [{ text: DASH, unit: '' }];
  if (measure.unit === 'min' && Math.abs(value) >= 120) {
    const whole = Math.round(Math.abs(value));
    return [
      { text: (value < 0 ? MINUS : '') + Math.floor(whole / 60), unit: 'h' },
      { text: String(whole % 60).padStart(2, '0'), unit: '' },
    ];
  }
  const shown = scaled(measure, value);
  const text = fixed(shown, digitsOf(measure, shown));
  // Units of things counted are plural words: 1 patient, 2 patients.
  return [{ text, unit: text === '1' ? measure.unit.replace(/(?<=[a-z]{3})s$/, '') : measure.unit }];
}

const joined = (parts: readonly Part[]): string => parts.map(({ text, unit }) => (unit ? `${text} ${unit}` : text)).join(' ');

/** The same as one string, for axes, limits and summaries. */
export const valueText = (measure: Measure, value: number | null): string => joined(valueParts(measure, value));

/** A limit without its unit, shortest form: `92`, `5.5`, `4 h`. */
export function limitText(measure: Measure, value: number): string {
  if (measure.unit === 'min' && value >= 120) return value % 60 === 0 ? `${value / 60} h` : valueText(measure, value);
  const shown = scaled(measure, value);
  return fixed(shown, Number.isInteger(Math.round(shown * 1e6) / 1e6) ? 0 : Math.abs(shown) < 10 && measure.unit === '' ? 2 : 1);
}

/** Normal range: `80–92`, `≤100`, `≥80`, or null where the site has set none. */
export function rangeText(item: Measure & Pick<MetricItem, 'normal'>): string | null {
  const [low, high] = item.normal;
  if (low !== null && high !== null) return `${limitText(item, low)}–${limitText(item, high)}`;
  if (high !== null) return `≤${limitText(item, high)}`;
  return low !== null ? `≥${limitText(item, low)}` : null;
}

/** Unit of a change of a share: points of per cent. */
export const POINTS = 'pp';

/** Change with its arrow and unit: `▲1.2 pp`, `▼6 min`, `±0`; empty when it is not known. `named` is what a unit is called where it stands. */
export function changeText(measure: Measure, change: number | null, named = (unit: string): string => unit): string {
  if (change === null) return '';
  const parts = valueParts(measure, Math.abs(change)).map(({ text, unit }) => ({ text: text.replace(/\.0+$/, ''), unit: unit === '%' ? POINTS : named(unit) }));
  if (parts.every(({ text }) => Number(text) === 0)) return '±0';
  return (change > 0 ? '▲' : '▼') + joined(parts);
}

/** `+14`, `−22`, `±0`. */
export const deltaText = (delta: number): string => (delta > 0 ? `+${delta}` : delta < 0 ? MINUS + -delta : '±0');
